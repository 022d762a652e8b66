"""Mails that belong to no enrollment, as our own API says them."""

import re
from typing import Any

from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso
from drumbeat.domain.unmatched_reply import Place, UnmatchedReply

_ID = re.compile(r"(\d{1,15})\.(\d{1,16})\.([0-9a-f]{1,64})", re.ASCII)


def place_of(spelled: str) -> Place:
    """Where the mail of this id stands. Raises ValidationFailed for what is none."""
    found = _ID.fullmatch(spelled)
    if found is None:
        raise invalid_field("after", "is not the id of an unmatched reply")
    return Place(int(found[1]), int(found[2]), found[3])


def unmatched_reply_body(reply: UnmatchedReply) -> dict[str, Any]:
    """Who wrote to which sender, when, and why it is nobody's."""
    return {
        "id": f"{reply.received_at}.{reply.sender}.{reply.id}",
        "sender_id": resource_uuid(Kind.SENDER, reply.tenant, reply.sender),
        "received_at": iso(reply.received_at),
        "kind": None if reply.kind is None else reply.kind.value,
        "why": reply.why.value,
        "from": reply.from_address,
        "subject": reply.subject,
    }
