"""Seeded bugs of the log and its counters, and of marks: what may happen where streams repeat and publishers die."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from botocore.exceptions import BotoCoreError, ClientError

from drumbeat.adapters.dynamodb import event_log, signals
from drumbeat.adapters.dynamodb.event_log import EventStore, _addition, _counted, event_item
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, TransactionRefused
from drumbeat.application import publish_events
from drumbeat.domain import counts
from tests.simulation.bugs import Bug, Patch

_RIGHT_COMMIT, _RIGHT_LOGGED = EventStore._commit, publish_events.logged


def _commits(wrong: Any) -> list[Patch]:
    return [patch.object(EventStore, "_commit", wrong)]


def _puts(self: EventStore, pack: Any, condition: str = ABSENT) -> list[Any]:
    return [self.table.put_write(event_item(event), condition=condition) for event in pack]


def _adds(self: EventStore, pack: Any) -> list[Any]:
    return [_addition(self.table, name, added) for name, added in _counted(pack).items()]


def _counted_before_it_is_logged() -> list[Patch]:
    def wrong(self: EventStore, pack: Any) -> None:
        known = self.table.get_many([event_log._key(event.tenant, event.id, event.at) for event in pack])
        fresh = [event for event in pack if event_log._key(event.tenant, event.id, event.at) not in known]
        for writes in (_adds(self, fresh), _puts(self, fresh, "")):
            if writes:
                self.table.transact(writes)

    return _commits(wrong)


def _logged_before_it_is_counted() -> list[Patch]:
    def wrong(self: EventStore, pack: Any) -> None:
        for event in pack:
            if self.table.commits(_puts(self, [event])) and _adds(self, [event]):
                self.table.transact(_adds(self, [event]))

    return _commits(wrong)


def _counted_on_redelivery() -> list[Patch]:
    """What is there already is counted again with what is new."""

    def wrong(self: EventStore, pack: Any) -> None:
        left, adds = list(pack), _adds(self, pack)
        while left:
            try:
                self.table.transact([*_puts(self, left), *adds])
            except TransactionRefused as refusal:
                left = [event for place, event in enumerate(left) if place not in refusal.failed]
            else:
                return

    return _commits(wrong)


def _overwritten() -> list[Patch]:
    def wrong(self: EventStore, pack: Any) -> None:
        self.table.transact([*_puts(self, pack, ""), *_adds(self, pack)])

    return _commits(wrong)


def _all_or_nothing() -> list[Patch]:
    """Where one event is known, its neighbours are taken for known too."""

    def wrong(self: EventStore, pack: Any) -> None:
        self.table.commits([*_puts(self, pack), *_adds(self, pack)])

    return _commits(wrong)


def _trouble_is_let_be() -> list[Patch]:
    def wrong(self: EventStore, pack: Any) -> None:
        try:
            _RIGHT_COMMIT(self, pack)
        except (BotoCoreError, ClientError):
            return

    return _commits(wrong)


def _ids_of_the_telling() -> list[Patch]:
    def wrong(event: Any, now: int) -> Any:
        right = _RIGHT_LOGGED(event, now)
        return replace(right, id=replace(event, mark=f"{event.mark}/{now}").id)

    return [patch.object(publish_events, "logged", wrong)]


def _days_of_the_telling() -> list[Patch]:
    right = event_log.additions_of
    return [patch.object(event_log, "additions_of", lambda event: right(replace(event, at=event.logged_at)))]


def _machines_are_humans() -> list[Patch]:
    """Machines count as humans."""
    right = counts.field_of
    is_open = counts.EventKind.MACHINE_OPENED
    return [patch.object(counts, "field_of", lambda event: "opened" if event.kind is is_open else right(event))]


def _marks_are_moved() -> list[Patch]:
    """A signal that comes again is noted again."""

    class Always(str):
        def __format__(self, _spec: str) -> str:
            return f"attribute_exists(PK) OR {PRESENT}"

    return [patch.object(signals, "PRESENT", Always())]


EVENT_BUGS: Mapping[str, Bug] = {
    "counted before it is logged": _counted_before_it_is_logged,
    "logged before it is counted": _logged_before_it_is_counted,
    "counted again on redelivery": _counted_on_redelivery,
    "logged whether it is known or not": _overwritten,
    "what is known takes its neighbours with it": _all_or_nothing,
    "what the store did not take is let be": _trouble_is_let_be,
    "ids say when it was told": _ids_of_the_telling,
    "counters are by the day of the telling": _days_of_the_telling,
    "the last time of a signal counts": _marks_are_moved,
    "machines count as humans": _machines_are_humans,
}
