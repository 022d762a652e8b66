"""Reads what SMTP2GO's webhooks post, as JSON or as a form; what it does not know, it leaves be.

Whose mail an event is about is said by the header that we put on every mail over SMTP (`FEEDBACK_HEADER`), which a
webhook hands back where its settings name it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from drumbeat.domain.mail import FEEDBACK_HEADER
from drumbeat.domain.permanence import of_hardness
from drumbeat.domain.provider_event import FATE_OF, Fate, ProviderEvent
from drumbeat.domain.remark import fit_to_keep

MOST_EVENTS = 100
_MOST_FIELDS = 200
type _Event = Mapping[str, Any]


def read_smtp2go(body: bytes, content_type: str) -> list[ProviderEvent]:
    """The events of one call about mails with our header; it posts one, or a list. Raises ValueError for no such body.

    What is no matter of delivery (opens, clicks, a subscription renewed) is not among them.
    """
    is_form = content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"
    document = _form(body) if is_form else _json(body)
    events = document if isinstance(document, list) else [document]
    if len(events) > MOST_EVENTS or not all(isinstance(event, dict) for event in events):
        raise ValueError(f"not one event, nor a list of up to {MOST_EVENTS}")
    return [read for event in events if (read := _event(event)) is not None]


def _form(body: bytes) -> _Event:
    return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError as trouble:
        raise ValueError("nested too deeply") from trouble


def _event(event: _Event) -> ProviderEvent | None:
    fate_of = _FATES.get(_text(event, "event").lower())
    token = _text(event, FEEDBACK_HEADER) or _text(_inner(event), FEEDBACK_HEADER)
    if fate_of is None or not token:
        return None
    words = " ".join(filter(None, (_text(event, "event"), _text(event, "bounce"))))
    said = _text(event, "message") or _text(event, "context")
    address = _text(event, "rcpt")
    return ProviderEvent(
        token=token,
        fate=fate_of(event),
        reason=fit_to_keep(f"SMTP2GO: {words}: {said}" if said else f"SMTP2GO: {words}"),
        addresses=(address,) if address else (),
        source="smtp2go",
    )


def _inner(event: _Event) -> _Event:
    headers = event.get("headers")
    return headers if isinstance(headers, dict) else {}


def _text(event: _Event, name: str) -> str:
    """A member by its name in capital or small letters; headers come as they were written."""
    for key, value in event.items():
        if key.lower() == name.lower():
            return value.strip() if isinstance(value, str) else ""
    return ""


def _always(fate: Fate) -> Callable[[_Event], Fate]:
    return lambda _: fate


def _bounced(event: _Event) -> Fate:
    return FATE_OF[of_hardness(_text(event, "bounce"))]


_FATES: dict[str, Callable[[_Event], Fate]] = {
    "processed": _always(Fate.TAKEN),
    "delivered": _always(Fate.TAKEN),
    "bounce": _bounced,
    # Not sent, as the address had bounced for good there before, or its owner had complained or unsubscribed.
    "reject": _always(Fate.BOUNCED),
    "spam": _always(Fate.COMPLAINED),
    "unsubscribe": _always(Fate.UNSUBSCRIBED),
}
