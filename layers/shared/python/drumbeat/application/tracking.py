"""Somebody, or something, loaded a mail's picture or followed one of its links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of
from drumbeat.domain.reader import Look, is_too_soon
from drumbeat.domain.token import Sent, clicked_by, opened_by
from drumbeat.domain.web_address import is_web_address

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments
    from drumbeat.application.send_ports import Signals
    from drumbeat.domain.sealing import TokenKeys


class Noted:
    """What one process knows to be no news any more, so that a flood of the same costs nothing; the oldest goes first.

    What has once been noted, or can't be, stays so: nothing in here ever becomes wrong.
    """

    MOST = 10_000

    def __init__(self) -> None:
        self._seen: dict[tuple[Sent, SignalKind], None] = {}

    def add(self, sent: Sent, kind: SignalKind) -> None:
        """Remembers that a signal of the kind about the mail is no news."""
        self._seen[sent, kind] = None
        if len(self._seen) > self.MOST:
            del self._seen[next(iter(self._seen))]

    def holds(self, sent: Sent, kind: SignalKind) -> bool:
        """Whether it is known that a signal of the kind about the mail would be no news."""
        return (sent, kind) in self._seen


@dataclass(frozen=True, slots=True)
class TrackingPorts:
    """What noting a look touches."""

    enrollments: Enrollments
    signals: Signals
    keys: TokenKeys
    noted: Noted = field(default_factory=Noted)


def record_open(ports: TrackingPorts, token: str, look: Look) -> None:
    """Notes that a mail's picture was loaded, by a human or by a machine, once each; what is no token is let be."""
    sent = opened_by(ports.keys, token)
    if sent is not None:
        _note(ports, sent, look, human=SignalKind.OPENED, machine=SignalKind.MACHINE_OPENED)


def record_click(ports: TrackingPorts, token: str, look: Look) -> None:
    """Notes that a link of a mail was followed, as `record_open`; whoever has clicked has opened the mail."""
    clicked = clicked_by(ports.keys, token)
    if clicked is not None:
        _note(ports, clicked[0], look, human=SignalKind.CLICKED, machine=SignalKind.MACHINE_CLICKED)


def target_of(keys: TokenKeys, token: str) -> str | None:
    """Where a link leads: the address that we signed, if browsers may be sent there; None for any other token."""
    clicked = clicked_by(keys, token)
    return clicked[1] if clicked is not None and is_web_address(clicked[1]) else None


def _note(ports: TrackingPorts, sent: Sent, look: Look, *, human: SignalKind, machine: SignalKind) -> None:
    """Notes the look unless it is no news, and only a human's as the enrollment's own instant.

    A read comes first: it costs less than a write that is refused, and tells when the mail was accepted.
    """
    kind = machine if look.is_by_machine else human
    if ports.noted.holds(sent, kind):
        return
    enrollment = ports.enrollments.get(sent.tenant, sent.enrollment)
    if enrollment is not None:
        kind = machine if is_too_soon(look, enrollment.last_sent_at) else kind
        signal = MailSignal(kind, sent.step, sent.sender)
        if mark_of(signal) not in enrollment.marks:
            also = {"opened_at": look.at} if kind is human else {}
            ports.signals.note(sent.tenant, sent.enrollment, signal, look.at, also=also)
    ports.noted.add(sent, kind)
