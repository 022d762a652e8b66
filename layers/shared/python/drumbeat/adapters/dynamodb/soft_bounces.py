"""Mails to an address that came back, though not for good: one item an address, an attribute for each mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.domain.provider_event import SOFT_BOUNCES_COUNT_FOR
from drumbeat.domain.times import SECOND

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table

_MAIL = "mail_"


@dataclass(frozen=True, slots=True)
class SoftBounceStore:
    """Remembers soft bounces; who was mailed, what and why is not in it."""

    table: Table

    def note(self, tenant: int, email: str, mail: str, now: int) -> int:
        """Remembers the mail of this name, once; returns how many there are of the last 30 days, with this one.

        The item goes 30 days after the last one.
        """
        item = self.table.update(
            keys.soft_bounces(tenant, address_digest(email)),
            "SET #mail = if_not_exists(#mail, :now), expires_at = :expires",
            condition="",
            names={"#mail": f"{_MAIL}{mail}"},
            values={":now": now, ":expires": (now + SOFT_BOUNCES_COUNT_FOR) // SECOND},
        )
        seen = [at for name, at in item.items() if name.startswith(_MAIL)]
        return sum(at > now - SOFT_BOUNCES_COUNT_FOR for at in seen)
