"""Mails in senders' mailboxes that belong to no enrollment, newest first, for thirty days."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, ConditionFailed, Table
from drumbeat.domain.inbound_mail import MailKind
from drumbeat.domain.times import SECOND
from drumbeat.domain.unmatched_reply import KEPT_FOR, Place, UnmatchedReply, Why


@dataclass(frozen=True, slots=True)
class UnmatchedReplyStore:
    """Keeps them under the instant at which they arrived: a mail that is found again is the same one."""

    table: Table

    def put(self, reply: UnmatchedReply, now: int) -> bool:
        """Keeps the mail; False if it is kept already."""
        partition, sort = keys.unmatched_reply(reply.tenant, *reply.place)
        expires_at = (now + KEPT_FOR) // SECOND
        try:
            self.table.put({"PK": partition, "SK": sort, "expires_at": expires_at} | asdict(reply), condition=ABSENT)
        except ConditionFailed:
            return False
        return True

    def newest(self, tenant: int, *, before: Place | None = None) -> Iterator[UnmatchedReply]:
        """The tenant's, newest first; those that stand behind `before` in this order, where that is given."""
        bounds: dict[str, Any] = {}
        if before is not None:
            bounds["between"] = ("0", keys.unmatched_reply(tenant, *before)[1])
        for item in self.table.items(keys.unmatched_replies(tenant), newest_first=True, **bounds):
            reply = _reply_of(item)
            if reply.place != before:
                yield reply


def _reply_of(item: Mapping[str, Any]) -> UnmatchedReply:
    return UnmatchedReply(
        tenant=item["tenant"],
        sender=item["sender"],
        id=item["id"],
        received_at=item["received_at"],
        kind=MailKind(item["kind"]) if "kind" in item else None,
        why=Why(item["why"]),
        from_address=item.get("from_address"),
        subject=item["subject"],
    )
