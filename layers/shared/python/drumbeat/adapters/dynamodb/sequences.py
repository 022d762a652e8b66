"""Sequences with their steps and senders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once, write_once
from drumbeat.adapters.dynamodb.hours_items import hours_member, hours_unchanged
from drumbeat.adapters.dynamodb.inboxes import first_inboxes, look_afresh
from drumbeat.adapters.dynamodb.records import unchanged_since
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sender_of, sequence_item, sequence_of
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, ConditionFailed, Table, TransactionRefused
from drumbeat.domain.errors import NotFound, StoreBusy
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.sequence import Sender, SequenceStatus, Step
from drumbeat.domain.sequence import Sequence as Cadence

_STATUS = {"#status": "status"}
_TRIES = 5


@dataclass(frozen=True, slots=True)
class SequenceStore:
    """Keeps sequences and senders; a sequence's list of senders and the senders themselves change together."""

    table: Table

    def create(self, sequence: Cadence, senders: Sequence[Sender], *, intent: str | None, now: int) -> int:
        """Writes the sequence with its senders; returns the number it has (an earlier attempt's, if there was one)."""
        items = [sequence_item(sequence), *map(sender_item, senders), *first_inboxes(senders)]
        return create_once(self.table, sequence.tenant, sequence.number, items, intent=intent, now=now)

    def get(self, tenant: int, number: int) -> Cadence | None:
        """The sequence, or None."""
        item = self.table.get(keys.sequence(tenant, number))
        return None if item is None else sequence_of(item)

    def all(self, tenant: int) -> Iterator[Cadence]:
        """The tenant's sequences, newest first."""
        for item in self.table.items(keys.sequences(tenant), newest_first=True):
            yield sequence_of(item)

    def change_status(
        self,
        sequence: Cadence,
        *,
        allowed: Sequence[SequenceStatus],
        to: SequenceStatus,
        now: int,
        reason: str | None = None,
    ) -> bool:
        """Moves the sequence to `to` if its status is one of `allowed`; returns whether it was.

        `reason` says why we pause it, and is forgotten with the next change.
        """
        options = {f":from{place}": status.value for place, status in enumerate(allowed)}
        begins = to is SequenceStatus.ACTIVE and sequence.status is not to
        enabled = ", enabled_at = :now" if begins else ""
        told = " REMOVE paused_reason" if reason is None else ", paused_reason = :reason"
        try:
            self.table.update(
                keys.sequence(sequence.tenant, sequence.number),
                f"SET #status = :to, updated_at = :now{enabled}{told}",
                condition=f"#status IN ({', '.join(options)})",
                names=_STATUS,
                values=options | {":to": to.value, ":now": now} | ({} if reason is None else {":reason": reason}),
            )
        except ConditionFailed:
            return False
        return True

    def append_step(self, sequence: Cadence, step: Step, *, intent: str | None, now: int) -> int | None:
        """Puts a step behind the others; returns its index (an earlier attempt's with this intent, if there was one).

        None if the sequence has changed since it was read, or is gone.
        """
        index = len(sequence.steps)
        unchanged, values = unchanged_since(sequence.revision)
        steps = [asdict(step) for step in (*sequence.steps, step)]
        change = self.table.update_write(
            keys.sequence(sequence.tenant, sequence.number),
            "SET steps = :steps, revision = :next, updated_at = :now",
            condition=unchanged,
            values=values | {":steps": steps, ":next": sequence.revision + 1, ":now": now},
        )
        try:
            return write_once(self.table, sequence.tenant, index, [change], intent=intent, now=now)
        except TransactionRefused:
            return None

    def remove(self, sequence: Cadence) -> None:
        """Deletes the sequence with its connectors; its senders are somebody else's to delete."""
        names = [keys.sender(sequence.tenant, number) for number in sequence.connectors]
        names.append(keys.sequence(sequence.tenant, sequence.number))
        self.table.transact([self.table.delete_write(name) for name in names])

    def set_schedule(self, old: Cadence, new: Cadence, *, hours_revision: int) -> bool:
        """Changes schedule, hours and cap; returns whether nobody had changed them, or the tenant's hours, before."""
        asked = new.schedule or Schedule()
        wanted = {
            "schedule": asdict(asked),
            "schedule_revision": asked.revision,
            "hours": hours_member(new.hours),
            "daily_cap": new.daily_cap,
        }
        unchanged = "attribute_not_exists(schedule)" if old.schedule is None else "schedule_revision = :known"
        change = self.table.update_write(
            keys.sequence(old.tenant, old.number),
            _assigning(wanted),
            condition=f"{PRESENT} AND {unchanged}",
            values={f":{name}": value for name, value in wanted.items() if value is not None}
            | ({} if old.schedule is None else {":known": old.schedule.revision}),
        )
        return self.table.commits([change, hours_unchanged(self.table, old.tenant, hours_revision)])

    def add_mailbox(self, sequence: Cadence, sender: int) -> Cadence:
        """Notes that enrollments of the sequence may be bound to the sender; returns the sequence as it then is.

        Raises NotFound.
        """
        if sender in sequence.mailboxes:
            return sequence
        for _ in range(_TRIES):
            found = self.get(sequence.tenant, sequence.number)
            if found is None:
                raise NotFound("sequence")
            grown = replace(found, mailboxes=tuple(dict.fromkeys((*found.mailboxes, sender))))
            if grown == found or self._change_mailboxes(found, grown):
                return grown
        raise StoreBusy("The sequence keeps changing. Try again.")

    def _change_mailboxes(self, old: Cadence, new: Cadence) -> bool:
        unchanged = "mailboxes = :known" if old.mailboxes else "(attribute_not_exists(mailboxes) OR mailboxes = :known)"
        try:
            self.table.update(
                keys.sequence(old.tenant, old.number),
                "SET mailboxes = :mailboxes",
                condition=f"{PRESENT} AND {unchanged}",
                values={":mailboxes": new.mailboxes, ":known": old.mailboxes},
            )
        except ConditionFailed as refusal:
            return refusal.item is not None and tuple(refusal.item.get("mailboxes", ())) == new.mailboxes
        return True

    def sender(self, tenant: int, number: int) -> Sender | None:
        """The sender, or None."""
        item = self.table.get(keys.sender(tenant, number))
        return None if item is None else sender_of(item)

    def senders(self, sequence: Cadence) -> list[Sender]:
        """The sequence's senders in rotation order."""
        wanted = [keys.sender(sequence.tenant, number) for number in sequence.senders]
        found = self.table.get_many(wanted)
        return [sender_of(found[key]) for key in wanted if key in found]

    def crew(self, sequence: Cadence) -> list[Sender]:
        """Everybody who may send mails of the sequence: those in rotation, and those that it has bound to itself."""
        numbers = dict.fromkeys((*sequence.senders, *sequence.mailboxes))
        found = self.table.get_many([keys.sender(sequence.tenant, number) for number in numbers])
        return [sender_of(item) for item in found.values()]

    def disable_sender(self, sender: Sender, reason: str, now: int) -> bool:
        """Switches the sender off unless somebody has, or has just switched it on; returns whether it was we."""
        condition = f"{PRESENT} AND attribute_not_exists(disabled_at)"
        known = {} if sender.forgiven_at is None else {":known": sender.forgiven_at}
        condition += " AND forgiven_at = :known" if known else " AND attribute_not_exists(forgiven_at)"
        try:
            self.table.update(
                keys.sender(sender.tenant, sender.number),
                "SET disabled_at = :now, disabled_reason = :reason",
                condition=condition,
                values={":now": now, ":reason": reason, **known},
            )
        except ConditionFailed:
            return False
        return True

    def all_senders(self, tenant: int, *, after: int = 0) -> Iterator[Sender]:
        """The tenant's senders by number, of sequences or not, from behind `after` on."""
        start = keys.sender(tenant, after)[1]
        return map(sender_of, self.table.items(keys.senders(tenant), after=start))

    def create_sender(self, sender: Sender, *, intent: str | None, now: int) -> int:
        """Writes a sender that is in no sequence's rotation; returns the number it has."""
        items = [sender_item(sender), *first_inboxes([sender])]
        return create_once(self.table, sender.tenant, sender.number, items, intent=intent, now=now)

    def add_sender(self, sender: Sender, *, intent: str | None, now: int) -> int:
        """Writes a sender and puts it into its sequence's rotation; returns its number. Raises NotFound."""
        number = self.create_sender(sender, intent=intent, now=now)
        for _ in range(_TRIES):
            sequence = self._sequence_of(sender)
            grown = replace(sequence, senders=(*sequence.senders, number))
            if number in sequence.senders or self._change_rotation(sequence, grown, []):
                return number
        raise StoreBusy("The sequence keeps changing. Try again.")

    def update_sender(self, sender: Sender) -> None:
        """Replaces the sender, whose mailbox is read afresh if it has one. Raises NotFound if it is gone."""
        inbox = look_afresh(self.table, sender)
        try:
            if inbox:
                self.table.transact([self.table.put_write(sender_item(sender), condition=PRESENT), *inbox])
            else:
                self.table.put(sender_item(sender), condition=PRESENT)
        except (ConditionFailed, TransactionRefused):
            raise NotFound("sender") from None

    def remove_sender(self, sender: Sender, *, lane_revision: int) -> bool:
        """Deletes the sender; its follow-ups are left to the other senders of its sequence, if it is in one.

        False if its lane or its sequence has changed meanwhile. Raises NotFound.
        """
        doomed = [keys.sender(sender.tenant, sender.number)]
        doomed += [keys.inbox(sender.tenant, sender.number)] if sender.imap is not None else []
        removal = [self.table.delete_write(key) for key in doomed]
        lane = self.table.check_write(
            keys.lane(sender.tenant, sender.number),
            condition="revision = :revision" if lane_revision else ABSENT,
            values={":revision": lane_revision} if lane_revision else {},
        )
        if sender.sequence is None:
            return self.table.commits([*removal, lane])
        sequence = self._sequence_of(sender)
        rest = tuple(number for number in sequence.senders if number != sender.number)
        retired = tuple(dict.fromkeys((*sequence.retired_senders, sender.number)))
        smaller = replace(sequence, senders=rest, retired_senders=retired)
        return self._change_rotation(sequence, smaller, [*removal, lane])

    def _sequence_of(self, sender: Sender) -> Cadence:
        sequence = None if sender.sequence is None else self.get(sender.tenant, sender.sequence)
        if sequence is None:
            raise NotFound("sequence")
        return sequence

    def _change_rotation(self, old: Cadence, new: Cadence, others: list[dict[str, Any]]) -> bool:
        change = self.table.update_write(
            keys.sequence(old.tenant, old.number),
            "SET senders = :senders, retired_senders = :retired",
            condition="senders = :known",
            values={":senders": new.senders, ":retired": new.retired_senders, ":known": old.senders},
        )
        return self.table.commits([change, *others])


def _assigning(wanted: Mapping[str, Any]) -> str:
    """An update that sets these attributes, and removes those that are None."""
    given = [name for name, value in wanted.items() if value is not None]
    removed = [name for name in wanted if name not in given]
    sets = f"SET {', '.join(f'{name} = :{name}' for name in given)}" if given else ""
    return f"{sets} REMOVE {', '.join(removed)}" if removed else sets
