"""Which way a mail goes: its sender's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.verdict import Attempted, SenderTrouble

if TYPE_CHECKING:
    from drumbeat.application.send_ports import Mailer, StopCheck
    from drumbeat.domain.mail import Mail
    from drumbeat.domain.sequence import Sender, SenderKind


@dataclass(frozen=True, slots=True)
class MailerByKind:
    """Hands each mail to the mailer of its sender's kind."""

    mailers: Mapping[SenderKind, Mailer]

    def send(self, sender: Sender, mail: Mail, stop: StopCheck) -> Attempted:
        """Sends one mail. Raises only what `stop` raises, or that mailer's vault."""
        mailer = self.mailers.get(sender.kind)
        if mailer is None:
            return SenderTrouble(f"this stack does not send through {sender.kind.value.upper()}")
        return mailer.send(sender, mail, stop)
