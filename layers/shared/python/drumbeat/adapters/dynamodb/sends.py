"""Claim and settle: conditional changes of the enrollments themselves, many a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest, contact_of
from drumbeat.adapters.dynamodb.enrollment_items import changes_to, enrollment_of
from drumbeat.adapters.dynamodb.scenes import cancellation_keys, completed, further_keys, judged
from drumbeat.adapters.dynamodb.sequence_items import sender_of, sequence_of
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.application.send_ports import Scene, Settlement
from drumbeat.domain.enrollment import Enrollment, EnrollmentState

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.hint import Hint
    from drumbeat.domain.sequence import Sender

_ACTIVE = EnrollmentState.ACTIVE
_SETTLED = (
    "state", "step", "due", "sender", "attempts", "timed", "put_off_since", "thread", "sent_at", "last_sent_at",
    "bounced_at", "bounce_reason", "unsubscribed_at", "parked_at", "parked_reason", "awaits", "asked", "drafted",
    "exit_reason", "remark", "anytime", "qpk", "qsk", "spk", "ssk",
)  # fmt: skip
_PARKED = ("state", "parked_at", "parked_reason", "qpk", "qsk", "spk", "ssk")
_ABANDONED = ("parked_at", "parked_reason")
_FACTS = (
    "step", "due", "sender", "attempts", "timed", "put_off_since", "thread", "sent_at", "last_sent_at", "bounced_at",
    "bounce_reason", "parked_at", "parked_reason", "awaits", "asked", "drafted", "remark",
)  # fmt: skip
"""What stays true of an attempt even if the enrollment was stopped or paused meanwhile."""
_HEALTH = ("resting_until", "troubles", "refused_logins", "trouble", "disabled_at", "disabled_reason")
_FREE = {"owner": None, "lease": None}


@dataclass(frozen=True, slots=True)
class AttemptStore:
    """Claims enrollments for an attempt, and settles what became of it."""

    table: Table

    def claim(self, hints: Sequence[Hint], *, owner: str, now: int, lease: int) -> None:
        """Takes the steps that the hints name, where they are due and nobody's; their places in the queue stay.

        What was taken is read, not answered: an acknowledgement may get lost, a consistent read does not lie.
        """
        Statements(self.table).change([_claim(hint, owner, now, lease) for hint in hints])

    def scenes(self, hints: Sequence[Hint]) -> list[Scene]:
        """What each hint is about, read consistently, 100 items a request; what only few steps need in others."""
        found = self.table.get_many([key for hint in hints for key in _scene_keys(hint)])
        scenes = [_scene(hint, found) for hint in hints]
        more = [further_keys(scene) for scene in scenes]
        found = self.table.get_many([key for keys_ in more for key in keys_.values()])
        full = [completed(scene, named, found) for scene, named in zip(scenes, more, strict=True)]
        marks = self.table.get_many([key for scene in full for key in cancellation_keys(scene)])
        return [judged(scene, marks) for scene in full]

    def stop_signs(self, contacts: Sequence[Contact]) -> dict[tuple[int, int], EnrollmentState]:
        """What forbids mails now, by tenant and contact: it is gone, or it or one of its addresses is unsubscribed."""
        wanted = {(contact.tenant, contact.number): _sign_keys(contact) for contact in contacts}
        found = self.table.get_many([key for several in wanted.values() for key in several])
        signs = {person: _sign(found, *several) for person, several in wanted.items()}
        return {person: state for person, state in signs.items() if state is not None}

    def release(self, hints: Sequence[Hint], *, owner: str) -> None:
        """Gives enrollments back as they were, for a later hint; what somebody else holds is left alone."""
        claimed = [keys.enrollment(hint.tenant, hint.enrollment) for hint in hints]
        Statements(self.table).change([Change(key, _FREE, {"owner": owner}) for key in claimed])

    def announce(self, settlement: Settlement) -> bool:
        """Writes what is about to be done; the claim goes on. False if it is lost, or the enrollment stopped."""
        held, announced = settlement
        where = {"owner": held.owner, "state": _ACTIVE.value}
        return not Statements(self.table).change([Change(_key(held), changes_to(announced, _SETTLED), where)])

    def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """Writes what became of the attempts; False where the claim was lost, and then nothing is touched.

        An enrollment that was stopped meanwhile stays stopped and keeps only the facts of the attempt. Fields that
        others write, such as `opened_at`, are never overwritten.
        """
        changes = [_change(held, changes_to(settled, _SETTLED), state=_ACTIVE) for held, settled in settlements]
        refused = Statements(self.table).change(changes)
        doubtful = [settlements[place] for place in sorted(refused)]
        outcomes = dict(zip(sorted(refused), self._look_again(doubtful), strict=True))
        return [outcomes.get(place, True) for place in range(len(settlements))]

    def _look_again(self, settlements: Sequence[Settlement]) -> list[bool]:
        """Whether each refused settlement is there after all: written before, or written now beside a stop."""
        found = self.table.get_many([_key(held) for held, _ in settlements])
        stopped = [(held, settled) for held, settled in settlements if _owner(found, held) == held.owner]
        lost = Statements(self.table).change([_change(held, changes_to(ended, _FACTS)) for held, ended in stopped])
        kept = {held.key for place, (held, _) in enumerate(stopped) if place not in lost}
        return [held.key in kept or _is_written(found.get(_key(held)), ended) for held, ended in settlements]

    def park(self, found: Enrollment, parked: Enrollment, now: int) -> bool:
        """Moves an enrollment whose owner let the lease run out from the queue to those that somebody decides on."""
        change = _change(found, changes_to(parked, _PARKED), state=_ACTIVE, lapsed_at=now)
        return not Statements(self.table).change([change])

    def abandon(self, found: Enrollment, abandoned: Enrollment, now: int) -> bool:
        """Ends the claim on a stopped enrollment whose owner let the lease run out."""
        change = _change(found, changes_to(abandoned, _ABANDONED), state=found.state, lapsed_at=now)
        return not Statements(self.table).change([change])

    def note_health(self, seen: Sender, sender: Sender) -> None:
        """Writes how the sender is, unless somebody else noted something since it was seen."""
        health = {name: getattr(sender, name) for name in _HEALTH}
        where = {"troubles": seen.troubles, "refused_logins": seen.refused_logins}
        still_on = () if seen.disabled_at is not None else ("disabled_at",)
        Statements(self.table).change([Change(keys.sender(seen.tenant, seen.number), health, where, missing=still_on)])


def _claim(hint: Hint, owner: str, now: int, lease: int) -> Change:
    """What is bound to a sender is claimed for that one only, even if it was enrolled anew since it was hinted."""
    bound = {"bound": True, "sender": hint.sender} if hint.bound else {}
    return Change(
        keys.enrollment(hint.tenant, hint.enrollment),
        {"owner": owner, "lease": now + lease, "sender": hint.sender},
        where={"state": _ACTIVE.value, "step": hint.step, "epoch": hint.epoch} | bound,
        at_most={"due": now},
        missing=("owner",) if hint.bound else ("owner", "bound"),
    )


def _change(
    held: Enrollment, sets: Mapping[str, Any], *, state: EnrollmentState | None = None, lapsed_at: int | None = None
) -> Change:
    """Changes an enrollment and ends its claim, if it still has the owner of `held`."""
    where = {"owner": held.owner} | ({} if state is None else {"state": state.value})
    at_most = {} if lapsed_at is None else {"lease": lapsed_at}
    return Change(_key(held), {**sets, **_FREE}, where, at_most)


def _key(enrollment: Enrollment) -> keys.Key:
    return keys.enrollment(enrollment.tenant, enrollment.key)


def _scene_keys(hint: Hint) -> tuple[keys.Key, ...]:
    tenant, key = hint.tenant, hint.enrollment
    return (
        keys.enrollment(tenant, key),
        keys.sequence(tenant, key.sequence),
        keys.sender(tenant, hint.sender),
        keys.contact(tenant, key.contact),
    )


def _scene(hint: Hint, found: Mapping[keys.Key, dict[str, Any]]) -> Scene:
    enrollment, sequence, sender, contact = (found.get(key) for key in _scene_keys(hint))
    return Scene(
        enrollment=None if enrollment is None else enrollment_of(enrollment),
        sequence=None if sequence is None else sequence_of(sequence),
        sender=None if sender is None else sender_of(sender),
        contact=None if contact is None else contact_of(contact),
    )


def _sign_keys(contact: Contact) -> tuple[keys.Key, ...]:
    suppressions = (keys.suppression(contact.tenant, address_digest(address)) for address in contact.addresses)
    return keys.contact(contact.tenant, contact.number), *suppressions


def _sign(
    found: Mapping[keys.Key, dict[str, Any]], contact: keys.Key, *suppressions: keys.Key
) -> EnrollmentState | None:
    if contact not in found:
        return EnrollmentState.REMOVED
    if any(mark in found for mark in suppressions) or "unsubscribed_at" in found[contact]:
        return EnrollmentState.UNSUBSCRIBED
    return None


def _owner(found: Mapping[keys.Key, dict[str, Any]], held: Enrollment) -> str | None:
    item = found.get(_key(held))
    return None if item is None else item.get("owner")


def _is_written(item: dict[str, Any] | None, settled: Enrollment) -> bool:
    """Whether the item is as the settlement would have left it: its acknowledgement got lost and it was repeated."""
    return item is not None and changes_to(enrollment_of(item), _SETTLED) == changes_to(settled, _SETTLED)
