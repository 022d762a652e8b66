"""Reads what SES reports through EventBridge or SNS; what it does not know, it leaves be."""

import re
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from typing import Any

from drumbeat.adapters.ses import TAG, message_id_of
from drumbeat.domain.mail import FEEDBACK_HEADER
from drumbeat.domain.permanence import of_bounce_type
from drumbeat.domain.provider_event import FATE_OF, Fate, ProviderEvent
from drumbeat.domain.remark import fit_to_keep

type Object = dict[str, Any]
type Said = tuple[Fate, str, tuple[str, ...]]
_HEADER = FEEDBACK_HEADER.lower()
_ID = re.compile(r"[A-Za-z0-9-]{1,100}")
_REGION = re.compile(r"[a-z0-9-]{1,30}")


def read_ses_event(event: Any) -> ProviderEvent | None:
    """The report in an event of `aws.ses`; None for one that is about no mail with our tag, or not to be read."""
    outer = _object(event)
    return read_ses_report(outer.get("detail"), region=_text(outer.get("region")))


def read_ses_report(report: Any, *, region: str) -> ProviderEvent | None:
    """The report itself, as SNS carries it too: an event (`eventType`) or a notification (`notificationType`)."""
    detail = _object(report)
    mail = _object(detail.get("mail"))
    token = _first_text(_object(mail.get("tags")).get(TAG)) or _header(mail)
    read = _READERS.get(_text(detail.get("eventType") or detail.get("notificationType")))
    if token is None or read is None:
        return None
    fate, reason, addresses = read(detail)
    return ProviderEvent(
        token=token,
        fate=fate,
        reason=fit_to_keep(reason),
        addresses=addresses or tuple(_addresses(mail.get("destination"))),
        message_id=_message_id(mail, region),
        source="ses",
    )


def _message_id(mail: Object, region: str) -> str | None:
    given = _text(mail.get("messageId"))
    return message_id_of(given, region) if _ID.fullmatch(given) and _REGION.fullmatch(region) else None


def _taken(_detail: Object) -> Said:
    return Fate.TAKEN, "", ()


def _late(detail: Object) -> Said:
    delay = _object(detail.get("deliveryDelay"))
    return Fate.WAITING, f"late: {_text(delay.get('delayType'))}", ()


def _refused(detail: Object) -> Said:
    return Fate.REFUSED, f"refused by SES: {_text(_object(detail.get('reject')).get('reason'))}", ()


def _not_rendered(detail: Object) -> Said:
    return Fate.REFUSED, f"not rendered by SES: {_text(_object(detail.get('failure')).get('errorMessage'))}", ()


def _bounce(detail: Object) -> Said:
    """Only a permanent one says that the address is dead."""
    bounce = _object(detail.get("bounce"))
    hit = [_object(entry) for entry in _list(bounce.get("bouncedRecipients"))]
    kind = f"{_text(bounce.get('bounceType'))} {_text(bounce.get('bounceSubType'))}".strip()
    words = next(filter(None, (_text(entry.get("diagnosticCode")) for entry in hit)), "")
    fate = FATE_OF[of_bounce_type(_text(bounce.get("bounceType")))]
    return fate, f"{kind}: {words}", tuple(_addresses([entry.get("emailAddress") for entry in hit]))


def _complaint(detail: Object) -> Said:
    """A report that says it is none is no complaint: some mailbox providers let recipients take it back."""
    kind = _text(_object(detail.get("complaint")).get("complaintFeedbackType"))
    return Fate.WAITING if kind == "not-spam" else Fate.COMPLAINED, f"complaint {kind}".strip(), ()


_READERS: dict[str, Callable[[Object], Said]] = {
    "Send": _taken,
    "Delivery": _taken,
    "DeliveryDelay": _late,
    "Reject": _refused,
    "Rendering Failure": _not_rendered,
    "Bounce": _bounce,
    "Complaint": _complaint,
}


def _object(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _first_text(value: Any) -> str | None:
    """The value of a tag, which SES reports as a list."""
    values = _list(value)
    return values[0] if len(values) == 1 and isinstance(values[0], str) else None


def _header(mail: Object) -> str | None:
    """Our header, which SES tells of with what was handed to it by SMTP, where its notifications hold headers."""
    headers = map(_object, _list(mail.get("headers")))
    found = (_text(header.get("value")) for header in headers if _text(header.get("name")).lower() == _HEADER)
    return next(filter(None, found), None)


def _addresses(value: Any) -> Iterator[str]:
    for entry in map(_text, _list(value)):
        address = parseaddr(entry)[1]
        if address:
            yield address
