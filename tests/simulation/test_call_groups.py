"""One member of a call group is called at a time, and none waits for ever: in every order of everybody's calls."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from unittest.mock import patch

import hypothesis
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from drumbeat.adapters.dynamodb import call_groups as group_items
from drumbeat.adapters.dynamodb.call_groups import CallGroupStore
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.sequences import SequenceStore
from drumbeat.adapters.dynamodb.stream_records import read_end
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application import call_groups
from drumbeat.application.call_groups import CallGroupPorts, follow_members, look_at_groups
from drumbeat.domain.call_group import LOOK_AGAIN, Turn, cleared, turn
from drumbeat.domain.enrollment import LET_IN, OVER, EnrollmentState
from tests.call_chain import CHANGES, NOW, CallChain
from tests.listening import FOLLOWS, passes_the_filter
from tests.memory.client import MemoryClient
from tests.memory.shelf import Key
from tests.memory.store import Store
from tests.memory.stream import MemoryStream, Record
from tests.memory.values import Item
from tests.simulation.faults import FIVE_MODES, Fault, Faults, OneFault
from tests.simulation.interleavings import Crossroads, Path
from tests.simulation.scenery import TABLE, table_shape
from tests.simulation.scheduler import Process
from tests.simulation.stand_ins import standing_in
from tests.simulation.wire import Wire

State = EnrollmentState
_LIVE = {state.value for state in LET_IN}
_OVER = {state.value for state in OVER | {State.DELETED}}
_LONG_ENOUGH = 300_000


class Watch:
    """Sees every write: who of the group may be called at any instant, and who comes back from its end."""

    def __init__(self, store: Store) -> None:
        self.broken: list[str] = []
        self._live: set[Key] = set()
        self._over: set[Key] = set()
        store.observers.append(self._note)

    def _note(self, _table: str, key: Key, _old: Item | None, new: Item | None) -> None:
        image = {} if new is None else new
        if "batch_tag" not in image and key not in self._live:
            return
        state = image.get("state", {}).get("S")
        self._live.discard(key)
        if state in _LIVE:
            self._live.add(key)
        if state in _LIVE and key in self._over:
            self.broken.append(f"{key} came back from its end")
        if state in _OVER:
            self._over.add(key)
        if len(self._live) > 1:
            self.broken.append(f"called at once: {sorted(self._live)}")


class World:
    """A group of which two wait and one is called, on a store that stops everybody at every call."""

    def __init__(self, faults: Faults) -> None:
        self.rng = Random(7)
        self.crossroads = Crossroads(self.rng, NOW)
        store = Store(lambda: self.crossroads.now, [table_shape()], lag=lambda *_: 0)
        wire = Wire(self.crossroads, faults, self.rng.random, 0.0)
        self.table = Table(MemoryClient(store, wire.around), TABLE)  # type: ignore[arg-type]
        quiet = Table(MemoryClient(store), TABLE)  # type: ignore[arg-type]
        self.watch, self.stream = Watch(store), MemoryStream(store, TABLE)
        self.calm, self.calm_ports = CallChain(quiet), _ports(quiet)
        self.told: list[Record] = []
        for contact in (1, 2, 3):
            self.calm.join(contact)

    def happens(self, contact: int, what: str) -> None:
        """Something has become of a member, and nobody has seen to that yet."""
        assert self.calm.change(contact, what)

    def seen_to(self) -> None:
        """The stream has told of everything, and nothing went wrong."""
        while records := self._fresh():
            self._follow(records, self.calm_ports)

    def told_so_far(self) -> list[Record]:
        """Everything the stream has had to tell."""
        self._fresh()
        return list(self.told)

    def _fresh(self) -> list[Record]:
        records = [record for record in self.stream.take() if passes_the_filter(record, FOLLOWS)]
        self.told += records
        return records

    def _follow(self, records: list[Record], ports: CallGroupPorts) -> None:
        ends = [end for end in map(read_end, records) if end is not None]
        follow_members(ports, [end.enrollment for end in ends], now=self.crossroads.now)

    def following(self) -> Callable[[], None]:
        """One invocation of the function, with what was told so far."""
        records, ports = self.told_so_far(), _ports(self.table)
        return lambda: self._follow(records, ports)

    def looking(self) -> Callable[[], None]:
        """One look of the sweep."""
        ports, later = _ports(self.table), NOW + LOOK_AGAIN
        return lambda: (look_at_groups(ports, now=later, out_of_time=lambda: False), None)[1]

    def looking_calmly(self) -> None:
        look_at_groups(self.calm_ports, now=self.calm.now + LOOK_AGAIN, out_of_time=lambda: False)

    def joining(self, contact: int, accepted_at: int = NOW) -> Callable[[], None]:
        """A batch makes one more member; one that dies or fails does it again."""
        chain = self.calm.through(self.table)
        return lambda: (chain.join(contact, accepted_at=accepted_at), None)[1]

    def changing(self, contact: int, what: str) -> Callable[[], None]:
        """Something becomes of a member."""
        chain = self.calm.through(self.table)
        return lambda: (chain.change(contact, what), None)[1]

    def told_of(self, records: list[Record]) -> None:
        """One invocation with some of what was told, in whatever order; nothing goes wrong."""
        self._follow(records, self.calm_ports)

    def meet(self, path: Path, party: "Party") -> None:
        """Has them meet; whoever died or failed tries again alone, and then the stream tells of everything, twice."""
        works = party(self)
        processes = []
        self.crossroads.gathering = True
        for name, work in works.items():
            process = Process(name, 0, lambda _: None)
            self.crossroads.spawn(NOW, process, work)
            processes.append(process)
        self.crossroads.cross(path, processes)
        self.crossroads.gathering = False
        for process in processes:
            if process.dead or process.error is not None:
                again = Process(process.name, 0, lambda _: None)
                self.crossroads.spawn(self.crossroads.now, again, works[process.name])
                self.crossroads.run_until(self.crossroads.now + _LONG_ENOUGH)
        self.seen_to()
        self._follow(self.told[::-1], self.calm_ports)
        self.seen_to()

    def broken(self) -> list[str]:
        """Which promises were not kept."""
        found = list(self.watch.broken)
        group, states = self.calm.group(), self.calm.states()
        over = states[: group.closed_through]
        found += [f"over and not told: {over}"] if {State.WAITING, *LET_IN} & set(over) else []
        current = states[group.closed_through :]
        last = [self.calm.member(member.key.contact) for member in self.calm.members()[group.closed_through :]]
        found += ["succeeded, and others go on"] if any(one is not None and one.succeeded_at for one in last) else []
        is_called = any(state in LET_IN for state in current)
        found += [f"waits for nobody: {current}"] if State.WAITING in current and not is_called else []
        is_looked_at = any(name == self.calm.name for name in CallGroupStore(self.calm.table).up(NOW + 3 * LOOK_AGAIN))
        found += ["nobody will look"] if State.WAITING in states and not is_looked_at else []
        return found


type Works = Mapping[str, Callable[[], None]]
type Party = Callable[[World], Works]


def _ports(table: Table) -> CallGroupPorts:
    return CallGroupPorts(CallGroupStore(table), EnrollmentStore(table), SequenceStore(table), DynamoLanes(table))


def _ended(world: World, how: str = "end") -> None:
    world.happens(1, how)


def _second_is_called(world: World) -> None:
    world.happens(1, "fail")
    world.seen_to()


def _after(prepare: Callable[[World], None], party: Party) -> Party:
    def prepared(world: World) -> Works:
        prepare(world)
        return party(world)

    return prepared


PARTIES: Mapping[str, Party] = {
    "join, advance": _after(_ended, lambda w: {"join": w.joining(4), "advance": w.following()}),
    "advance, advance": _after(_ended, lambda w: {"one": w.following(), "two": w.following()}),
    "advance, sweep": _after(_ended, lambda w: {"advance": w.following(), "sweep": w.looking()}),
    "close, join of its chain": _after(
        lambda w: _ended(w, "succeed"), lambda w: {"close": w.following(), "join": w.joining(4)}
    ),
    "close, join of the next chain": _after(
        lambda w: _ended(w, "cancel"), lambda w: {"close": w.following(), "join": w.joining(4, NOW + 1)}
    ),
    "close, close": _after(lambda w: _ended(w, "reply"), lambda w: {"one": w.following(), "two": w.following()}),
    "advance, cancel of who is next": _after(
        _ended, lambda w: {"advance": w.following(), "cancel": w.changing(2, "cancel")}
    ),
    "advance, two ends of who is next": _after(
        _ended,
        lambda w: {"advance": w.following(), "cancel": w.changing(2, "cancel"), "stop": w.changing(2, "unsubscribe")},
    ),
    "advance, who is next is taken away": _after(
        _ended, lambda w: {"advance": w.following(), "take away": w.changing(2, "take away")}
    ),
    "late success, advance": _after(
        lambda w: (_second_is_called(w), w.happens(2, "end"), w.happens(1, "succeed late"), None)[-1],
        lambda w: {"one": w.following(), "two": w.following()},
    ),
    "late success, pause of who is called": _after(
        lambda w: (_second_is_called(w), w.happens(1, "succeed late"), None)[-1],
        lambda w: {"close": w.following(), "pause": w.changing(2, "pause")},
    ),
    "late success, end of who is called": _after(
        lambda w: (_second_is_called(w), w.happens(1, "succeed late"), None)[-1],
        lambda w: {"close": w.following(), "end": w.changing(2, "end")},
    ),
    "clear, cancel of who waited": _after(
        lambda w: _ended(w, "succeed"), lambda w: {"clear": w.following(), "cancel": w.changing(3, "cancel")}
    ),
    "pause, sweep": lambda w: {
        "pause": w.changing(1, "pause"),
        "sweep": w.looking(),
        "cancel": w.changing(2, "cancel"),
    },
    "join, join, after the last one": _after(
        lambda w: (w.happens(2, "cancel"), w.happens(3, "cancel"), w.happens(1, "end"), None)[-1],
        lambda w: {"advance": w.following(), "four": w.joining(4), "five": w.joining(5)},
    ),
}
EACH = pytest.mark.parametrize("party", PARTIES)


def orders(name: str, preemptions: int = 2) -> Iterator[World]:
    """Every order in which the calls of a party can meet, up to so many preemptions."""
    following: list[int] | None = []
    while following is not None:
        path, world = Path(following, preemptions), World(OneFault(0, Fault.FAIL, {}))
        with standing_in(world.crossroads, world.rng):
            world.meet(path, PARTIES[name])
        yield world
        following = path.next()


def faults(name: str) -> Iterator[World]:
    """One fault at every call of a party, one after the other, in five modes."""
    for fault in FIVE_MODES:
        place, calls = 1, 1
        while place <= calls:
            struck = OneFault(place, fault, {})
            world = World(struck)
            with standing_in(world.crossroads, world.rng):
                world.meet(Path([], 0), PARTIES[name])
            yield world
            place, calls = place + 1, struck.calls


@EACH
def test_no_order_has_two_called_at_once_nor_anybody_wait_for_ever(party):
    met = 0
    for world in orders(party):
        met += 1
        assert world.broken() == [], (met, world.calm.states(), world.calm.group())

    assert met > 20


@EACH
def test_no_fault_at_any_call_does(party):
    for number, world in enumerate(faults(party)):
        assert world.broken() == [], (number, world.calm.states(), world.calm.group())


def _whatever_version(table, seen, told):
    write = _RIGHT(table, seen, told)
    for name in ("ConditionExpression", "ExpressionAttributeValues"):
        write["Put"].pop(name, None)
    return write


_RIGHT = group_items._write


def _impatient(active):
    return Turn.PASSES_ON if active is not None and active.state is State.PAUSED else turn(active)


def _silent(_ports, group, _now):
    return call_groups.Step(cleared(group, group.closed_through))


BUGS = {
    "groups are written whatever their version": (
        "join, advance", lambda: patch.object(group_items, "_write", _whatever_version),
    ),
    "who is paused is passed over": (
        "pause, sweep", lambda: patch.object(call_groups, "turn", _impatient),
    ),
    "a late success goes unheard": (
        "late success, pause of who is called",
        lambda: patch.object(call_groups, "_has_had_its_turn", lambda *_: False),
    ),
    "who is called when a success comes late goes on": (
        "late success, pause of who is called",
        lambda: patch.object(call_groups, "is_over", lambda _: True),
    ),
    "the active one never passes its turn on": (
        "advance, advance", lambda: patch.object(call_groups, "turn", lambda _: Turn.HOLDS),
    ),
    "nobody hears that the chain is over": (
        "close, close", lambda: patch.object(call_groups, "_clear", _silent),
    ),
}  # fmt: skip


class AtRandom(RuleBasedStateMachine):
    """Everybody comes, ends and is told of at random; at the end the stream tells of everything."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Faults())
        self.calm = self.world.calm

    @rule(behind=st.integers(0, 2))
    def join(self, behind: int) -> None:
        self.calm.join(4 + len(self.calm.members()) + self.late, accepted_at=self.calm.now - behind)
        self.late += 1

    late = 0
    """How many have come, so that each is another one though some were too late to be members."""

    @rule(which=st.integers(0, 5), what=st.sampled_from(sorted(CHANGES)))
    def change(self, which: int, what: str) -> None:
        self.calm.change(self._somebody(which), what)

    @rule(which=st.integers(0, 5))
    def drop(self, which: int) -> None:
        self.calm.drop(self._somebody(which))

    @rule(chance=st.randoms(use_true_random=False))
    def tell(self, chance: Random) -> None:
        told = self.world.told_so_far()
        self.world.told_of(chance.sample(told, chance.randint(0, len(told))))

    @rule()
    def sweep(self) -> None:
        self.calm.now += 1
        self.world.looking_calmly()

    @invariant()
    def one_is_called_at_a_time(self) -> None:
        assert self.world.watch.broken == []

    def _somebody(self, which: int) -> int:
        """One of those who may be called or wait, else of all."""
        members = [member.key.contact for member in self.calm.members()]
        going_on = [one for one in members if self.calm.state(one) in {*LET_IN, State.WAITING}] or members
        return going_on[which % len(going_on)]

    def teardown(self) -> None:
        self.world.told_of(self.world.told_so_far())
        self.world.seen_to()
        assert self.world.broken() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_comes_at_random_does(seed):
    machine = hypothesis.seed(seed)(AtRandom)
    run_state_machine_as_test(
        machine, settings=settings(max_examples=60, stateful_step_count=30, deadline=None, database=None)
    )


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_found(bug):
    party, broken = BUGS[bug]
    with broken():
        assert any(world.broken() for world in orders(party))
