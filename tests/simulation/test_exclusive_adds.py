"""Of adds of one contact at the same time one wins, whichever order their calls meet in."""

from collections.abc import Iterator
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from drumbeat.adapters.dynamodb.contacts import ContactStore
from drumbeat.adapters.dynamodb.enrollment_changes import EnrollmentChangeStore
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.kinds import ruleset_records
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.programs import ProgramStore
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.adapters.dynamodb.sequences import SequenceStore
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.adapters.dynamodb.throttles import ThrottleStore
from drumbeat.application.add_to_sequence import add_to_sequence
from drumbeat.application.addition import AddPorts
from drumbeat.application.let_in import LetInPorts
from drumbeat.domain.adding import ACTIVE_ELSEWHERE, ALREADY_ENROLLED
from drumbeat.domain.batch import Outcome
from drumbeat.domain.enrollment import ENGAGED
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from tests.memory.client import MemoryClient
from tests.memory.store import Store
from tests.simulation.faults import FIVE_MODES, Fault, Faults, OneFault
from tests.simulation.interleavings import Crossroads, Path
from tests.simulation.scenery import TABLE, _contact, _sender, table_shape
from tests.simulation.scheduler import Process, Work
from tests.simulation.stand_ins import standing_in
from tests.simulation.wire import Wire

_NOW = 1_797_156_000_000
_CONTACTS = [1, 2]


class Office:
    """Two sequences over the same contacts; each call runs in a process of its own."""

    def __init__(self, exclusivity: Exclusivity, other: Exclusivity, duplicates: Duplicates, faults: Faults) -> None:
        self.rng = Random(7)
        self.crossroads = Crossroads(self.rng, _NOW)
        store = Store(lambda: self.crossroads.now, [table_shape()], lag=lambda *_: 0)
        for key, row in (*_contact(1, 1), *_contact(1, 2), _sender(1, 1, 11, 100, None, None)):
            store.commit(store.table(TABLE), key, row)
        wire = Wire(self.crossroads, faults, self.rng.random, 0.0)
        self.table = Table(MemoryClient(store, wire.around), TABLE)  # type: ignore[arg-type]
        quiet = Table(MemoryClient(store), TABLE)  # type: ignore[arg-type]
        self.rules = [
            Ruleset(1, number, "Rules", _NOW, duplicates, wanted)
            for number, wanted in enumerate((exclusivity, other), 1)
        ]
        for ruleset in self.rules:
            ruleset_records(quiet).create(ruleset, intent=None, now=_NOW)
        self.sequences = [_sequence(number) for number in (1, 2)]
        for sequence in self.sequences:
            quiet.put(sequence_item(sequence))
        sender = SequenceStore(quiet).sender(1, 11)
        assert sender is not None
        self.sender, self.seen = sender, EnrollmentStore(quiet)
        self.outcomes: dict[str, list[Outcome]] = {}

    def adding(self, name: str, number: int) -> Work:
        """Adds all contacts to a sequence; a call that dies or fails is made once more, as its message comes again."""
        ports = _ports(self.table)

        def add() -> None:
            self.outcomes[name] = add_to_sequence(
                ports, tenant=1, sequence=self.sequences[number - 1], ruleset=self.rules[number - 1],
                sender=self.sender, contacts=_CONTACTS, tag=name.split(maxsplit=1)[0], now=_NOW,
            )  # fmt: skip

        return add

    def cross(self, path: Path, party: dict[str, int]) -> None:
        """Has the calls meet; whoever was killed tries again alone."""
        processes = []
        self.crossroads.gathering = True
        for name, number in party.items():
            process = Process(name, 0, lambda _: None)
            self.crossroads.spawn(_NOW, process, self.adding(name, number))
            processes.append(process)
        self.crossroads.cross(path, processes)
        self.crossroads.gathering = False
        for name, number in party.items():
            if name not in self.outcomes:
                again = Process(name, 0, lambda _: None)
                self.crossroads.spawn(self.crossroads.now, again, self.adding(name, number))
                self.crossroads.run_until(self.crossroads.now + 300_000)

    def engaged(self, contact: int) -> list[tuple[int, int, str]]:
        runs = self.seen.runs(1, [1, 2], [contact]).values()
        found = [entry for some in runs for entry in some]
        return [(entry.key.sequence, entry.key.run, entry.batch_tag) for entry in found if entry.state in ENGAGED]


def _sequence(number: int) -> Sequence:
    steps = (Step(1, "Hi", "<p>Hi</p>", 0),)
    return Sequence(
        1, number, "Sequence", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, steps, (), _NOW, ruleset=number,
        mailboxes=(11,),
    )  # fmt: skip


def _ports(table: Table) -> AddPorts:
    enrollments, sequences, lanes = EnrollmentStore(table), SequenceStore(table), DynamoLanes(table)
    return AddPorts(
        contacts=ContactStore(table),
        enrollments=enrollments,
        sequences=sequences,
        rulesets=ruleset_records(table),
        programs=ProgramStore(table),
        lanes=lanes,
        letting_in=LetInPorts(ThrottleStore(table), enrollments, EnrollmentChangeStore(table), sequences, lanes),
    )


ALL, EXCLUSIVE, NONE = Exclusivity.ALL, Exclusivity.EXCLUSIVE, Exclusivity.NONE
RIVALS = {"one": 1, "two": 2}
CASES = [
    (ALL, NONE, Duplicates.DISALLOW, RIVALS, ACTIVE_ELSEWHERE),
    (NONE, ALL, Duplicates.DISALLOW, RIVALS, ACTIVE_ELSEWHERE),
    (EXCLUSIVE, EXCLUSIVE, Duplicates.DISALLOW, RIVALS, ACTIVE_ELSEWHERE),
    (NONE, NONE, Duplicates.DISALLOW, {"one": 1, "two": 1}, ALREADY_ENROLLED),
    (NONE, NONE, Duplicates.ONLY_IF_INACTIVE, {"one": 1, "two": 1}, ALREADY_ENROLLED),
    (ALL, NONE, Duplicates.ALLOW, {"one": 1, "one again": 1}, None),
]
EACH = pytest.mark.parametrize(("mine", "other", "duplicates", "party", "code"), CASES)


def orders(mine: Exclusivity, other: Exclusivity, duplicates: Duplicates, party: dict[str, int]) -> Iterator[Office]:
    """Every order in which the calls can meet, up to two preemptions."""
    following: list[int] | None = []
    while following is not None:
        path, office = Path(following, 2), Office(mine, other, duplicates, OneFault(0, Fault.FAIL, {}))
        with standing_in(office.crossroads, office.rng):
            office.cross(path, party)
        yield office
        following = path.next()


def faults(mine: Exclusivity, other: Exclusivity, duplicates: Duplicates, party: dict[str, int]) -> Iterator[Office]:
    """One fault at every call of them, one after the other, in five modes."""
    for fault in FIVE_MODES:
        place, calls = 1, 1
        while place <= calls:
            struck = OneFault(place, fault, {})
            office = Office(mine, other, duplicates, struck)
            with standing_in(office.crossroads, office.rng):
                office.cross(Path([], 0), party)
            yield office
            place, calls = place + 1, struck.calls


def is_kept(office: Office, code: str | None) -> bool:
    """Whether each contact was added once, and each call was told the truth about that."""
    for place, contact in enumerate(_CONTACTS):
        told = sorted(str(outcomes[place].code) for outcomes in office.outcomes.values())
        if len(office.engaged(contact)) != 1 or told != sorted(["None", str(code)]):
            return False
    return True


@EACH
def test_of_two_adds_of_a_contact_at_once_one_wins_in_every_order(mine, other, duplicates, party, code):
    met = 0
    for office in orders(mine, other, duplicates, party):
        met += 1
        assert is_kept(office, code), (met, office.outcomes, [office.engaged(contact) for contact in _CONTACTS])

    assert met > 20


@EACH
def test_a_fault_at_any_call_adds_nobody_twice(mine, other, duplicates, party, code):
    for number, office in enumerate(faults(mine, other, duplicates, party)):
        assert is_kept(office, code), (number, office.outcomes, [office.engaged(contact) for contact in _CONTACTS])


def test_fences_that_everybody_passes_are_found():
    right = EnrollmentStore._passed

    def wrong(self: EnrollmentStore, enrollment: Any, seen: int) -> dict[str, Any]:
        change = right(self, enrollment, seen)
        change["Update"].pop("ConditionExpression")
        if ":seen" in change["Update"]["ExpressionAttributeValues"]:
            del change["Update"]["ExpressionAttributeValues"][":seen"]
        return change

    with patch.object(EnrollmentStore, "_passed", wrong):
        assert not all(is_kept(office, ACTIVE_ELSEWHERE) for office in orders(*CASES[2][:4]))
