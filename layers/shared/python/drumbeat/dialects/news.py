"""What happened, in the language of whoever listens: 11x's for what calls came to, MyAgentMail's for all else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drumbeat.application.fan_out import Words
from drumbeat.dialects.ampout.events import enveloped, spelled_for_endpoints
from drumbeat.dialects.ampout.signing import endpoint_headers
from drumbeat.dialects.julian.results import result_body, result_head
from drumbeat.dialects.julian.signing import listener_headers
from drumbeat.dialects.myagentmail.events import TYPES, event_body
from drumbeat.dialects.myagentmail.signing import signed_headers
from drumbeat.dialects.signing import WHO_POSTS
from drumbeat.domain.standard_webhook import standard_headers

if TYPE_CHECKING:
    from drumbeat.application.delivery_ports import EndedCall
    from drumbeat.domain.event import Event
    from drumbeat.domain.sequence import Sequence as Cadence
    from drumbeat.domain.webhook_delivery import Delivery
    from drumbeat.domain.wording import Wording

FOR_ENDPOINTS = Words(spelled_for_endpoints, enveloped)
"""How the endpoints of a tenant are told."""


def spelled(event: Event, sequence: Cadence, wording: Wording | None) -> tuple[str, str]:
    """Type and body of a notice; of one about a call, its head. 11x's webhook has no types: the name is ours."""
    if event.call is not None:
        return "call.ended", result_head(event, sequence)
    return TYPES[event.kind], event_body(event, sequence, wording)


def completed(head: str, call: EndedCall) -> str:
    """The whole body of what is told of a call, from its head."""
    return result_body(head, call)


def headers_of(delivery: Delivery, body: bytes, secrets: Sequence[str], at: int) -> dict[str, str]:
    """The headers of an attempt: Standard Webhooks' for everybody, beside what the receiver's own language has."""
    standard = WHO_POSTS | standard_headers(delivery.event, body, secrets, at)
    if delivery.receiver.is_endpoint:
        return standard | endpoint_headers(body, secrets, at)
    if delivery.call is not None:
        return standard | listener_headers(secrets[0])
    return standard | signed_headers(delivery.event, body, secrets[0])
