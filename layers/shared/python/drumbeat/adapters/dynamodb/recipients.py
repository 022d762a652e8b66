"""To whom steps were addressed: contacts and delivered drafts, 100 items a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import contact_of
from drumbeat.adapters.dynamodb.drafts import draft_of
from drumbeat.application.publish_events import Recipient

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.application.addressees import Place
    from drumbeat.domain.event import Event
    from drumbeat.domain.sequence import Step


@dataclass(frozen=True, slots=True)
class RecipientStore:
    """Finds out to whom steps were addressed."""

    table: Table

    def of(self, fired: Mapping[Event, Step]) -> dict[Event, Recipient]:
        """The recipient of each of the steps that fired."""
        wanted = [key for event, step in fired.items() for key in (*_contact(event), *_draft(event, step))]
        found = self.table.get_many(wanted)

        def there(names: tuple[keys.Key, ...]) -> dict[str, Any] | None:
            return next((found[name] for name in names if name in found), None)

        return {event: _recipient(there(_contact(event)), there(_draft(event, step))) for event, step in fired.items()}

    def emails(self, contacts: Collection[Place]) -> dict[Place, str]:
        """The addresses of those of the contacts that are there and have one."""
        wanted = {keys.contact(*place): place for place in contacts}
        found = self.table.get_many(list(wanted), names=("PK", "SK", "email"))
        return {wanted[key]: item["email"] for key, item in found.items() if "email" in item}


def _recipient(contact: dict[str, Any] | None, draft: dict[str, Any] | None) -> Recipient:
    return Recipient(
        contact=None if contact is None else contact_of(contact), draft=None if draft is None else draft_of(draft)
    )


def _contact(event: Event) -> tuple[keys.Key, ...]:
    contact = event.enrollment.contact
    return () if contact is None else (keys.contact(event.tenant, contact),)


def _draft(event: Event, step: Step) -> tuple[keys.Key, ...]:
    if event.step is None or not step.is_drafted:
        return ()
    return (keys.draft(event.tenant, event.key, event.step),)
