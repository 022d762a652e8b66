"""What happened, in the language of whoever listens: 11x's for what calls came to, MyAgentMail's for all else."""

from drumbeat.application.deliver_notices import EndedCall
from drumbeat.dialects.julian.results import result_body, result_head
from drumbeat.dialects.julian.signing import listener_headers
from drumbeat.dialects.myagentmail.events import event_body
from drumbeat.dialects.myagentmail.signing import signed_headers
from drumbeat.domain.event import Event
from drumbeat.domain.notice import Notice
from drumbeat.domain.sequence import Sequence
from drumbeat.domain.wording import Wording


def spelled(event: Event, sequence: Sequence, wording: Wording | None) -> str:
    """The body of a notice; of one about a call, its head."""
    return event_body(event, sequence, wording) if event.call is None else result_head(event, sequence)


def completed(notice: Notice, call: EndedCall) -> str:
    """The whole body of a notice about a call."""
    return result_body(notice.body, call)


def headers_of(notice: Notice, body: bytes, secret: str) -> dict[str, str]:
    """The headers of its post."""
    return signed_headers(notice.event, body, secret) if notice.call is None else listener_headers(secret)
