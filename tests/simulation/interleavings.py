"""The third search: every order in which the calls of a critical pair can meet, up to a number of preemptions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from drumbeat.domain.delivery import LEASE
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import MINUTE, SECOND
from tests.simulation.faults import Fault, Faults, OneFault
from tests.simulation.options import Binding
from tests.simulation.queue import Letter
from tests.simulation.scenery import Scenery
from tests.simulation.schedule import Result, finish
from tests.simulation.scheduler import Process, Scheduler, Work
from tests.simulation.single_faults import QUIET
from tests.simulation.users import Target
from tests.simulation.world import World


class Path:
    """One order: the choices made so far, to be followed, and how many there were at each point."""

    def __init__(self, choices: list[int], most_preemptions: int) -> None:
        self.choices = choices
        self.options: list[int] = []
        self._preemptions, self._most = 0, most_preemptions

    def choose(self, ready: list[Process], last: Process | None) -> Process:
        """Who goes on: who went last first, the others only while preemptions are left."""
        goes_on = last in ready
        order = [last, *(one for one in ready if one is not last)] if goes_on and last is not None else list(ready)
        if goes_on and self._preemptions >= self._most:
            order = order[:1]
        place = len(self.options)
        self.options.append(len(order))
        if place == len(self.choices):
            self.choices.append(0)
        chosen = order[self.choices[place]]
        self._preemptions += goes_on and chosen is not last
        return chosen

    def next(self) -> list[int] | None:
        """The choices of the next order, None if this was the last one."""
        choices = self.choices[: len(self.options)]
        while choices:
            choices[-1] += 1
            if choices[-1] < self.options[len(choices) - 1]:
                return choices
            choices.pop()
        return None


class Crossroads(Scheduler):
    """While some are crossing, time stands still, and they stop at every call until the path lets them go on."""

    def __init__(self, rng: Random, now: int) -> None:
        super().__init__(rng, now)
        self._crossing = False
        self._ready: dict[Process, Work] = {}

    def cross(self, path: Path, processes: list[Process]) -> None:
        """Takes processes that were just spawned to their ends, one call at a time, in the order of the path."""
        while self._ready:
            chosen = path.choose([process for process in processes if process in self._ready], self._last)
            self._last = chosen
            self._crossing, self.current = True, chosen
            self._ready.pop(chosen)()
            self._crossing, self.current = False, None

    _last: Process | None = None

    def at(self, instant: int, work: Work, process: Process | None = None) -> None:
        if process is not None and self.gathering:
            self._ready[process] = work
        else:
            super().at(instant, work, process)

    gathering = False
    """Whether those who are spawned, and those who stop, wait for the path."""


type Party = Callable[["Meeting"], Mapping[str, Callable[[Process], Work]]]


class Meeting:
    """A world in which hints lie ready until somebody works on them."""

    def __init__(self, pair: "Pair", faults: Faults) -> None:
        options = replace(
            QUIET,
            steps=1,
            enrollments=pair.enrollments,
            lanes=pair.lanes,
            daily_cap=pair.daily_cap,
            trouble_for=0,
            binding=pair.binding,
        )
        rng = Random(7)
        self.letters: list[Letter] = []
        self.crossroads = Crossroads(rng, options.start)
        enrolled = pair.enrollments if pair.enrolled is None else pair.enrolled
        scenery = Scenery(options, SequenceStatus.ACTIVE, enrolled)
        self.world = World(options, scenery, rng, faults, self.crossroads)

    def hints(self) -> None:
        """A tick hands hints out; they arrive, and nobody works on them yet."""
        world = self.world
        world.deliver = self.letters.extend
        world.tick(self.crossroads.now)
        self.crossroads.run_until(self.crossroads.now + 10 * SECOND)
        world.deliver = world.work

    def worker(self, process: Process) -> Work:
        """Somebody works on all hints."""
        return self.world.sending(process, [Letter(letter.body) for letter in self.letters], [])

    def user(self, name: str, contact: int = 1) -> Callable[[Process], Work]:
        """Somebody does something to a contact, or to the sender or the sequence."""
        act = self.world.users.named(name, Target(1, contact=contact))
        return lambda process: lambda: act(self.crossroads.now)

    def clock(self, process: Process) -> Work:
        """Nothing happens for a little longer than a lease."""

        def pass_by() -> None:
            self.crossroads.sleep(0)
            self.crossroads.now += LEASE + 2 * SECOND

        return pass_by

    def moment(self, process: Process) -> Work:
        """Nothing happens for longer than a stop sign is good."""

        def pass_by() -> None:
            self.crossroads.sleep(0)
            self.crossroads.now += 2 * SECOND

        return pass_by

    def cross(self, path: Path, party: Mapping[str, Callable[[Process], Work]]) -> None:
        """Has them meet."""
        crossroads = self.crossroads
        crossroads.gathering = True
        processes = []
        for name, part in party.items():
            process = self.world.process(name)
            process.lifetime += LEASE + MINUTE
            crossroads.spawn(crossroads.now, process, part(process))
            processes.append(process)
        crossroads.cross(path, processes)
        crossroads.gathering = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Who meets in which world: `prepare` leads up to it. `first` are faults that belong to the story.

    Not all contacts need be `enrolled` when it begins.
    """

    party: Party
    prepare: Callable[[Meeting], None] = Meeting.hints
    enrollments: int = 1
    enrolled: int | None = None
    lanes: int = 1
    daily_cap: int | None = None
    binding: Binding = Binding.NONE
    preemptions: int = 3
    first: Mapping[str, Fault] = field(default_factory=dict)


def _worked(meeting: Meeting) -> None:
    meeting.hints()
    meeting.world.work(meeting.letters)
    meeting.crossroads.run_until(meeting.crossroads.now + MINUTE)


def _paused(meeting: Meeting) -> None:
    meeting.hints()
    meeting.world.act(meeting.crossroads.now, "pause one", meeting.world.users.named("pause one", Target(1)))
    meeting.crossroads.run_until(meeting.crossroads.now + SECOND)


def _one_has_left(meeting: Meeting) -> None:
    _worked(meeting)
    for contact in (2, 3):
        act = meeting.world.users.named("enroll", Target(1, contact=contact))
        meeting.world.act(meeting.crossroads.now, "enroll", act)
    meeting.crossroads.run_until(meeting.crossroads.now + SECOND)


def _worker_and(name: str) -> Pair:
    return Pair(lambda meeting: {"worker": meeting.worker, name: meeting.user(name)})


PAIRS: Mapping[str, Pair] = {
    "claim, claim": Pair(lambda meeting: {"one": meeting.worker, "two": meeting.worker}),
    "claim, claim, clock": Pair(
        lambda meeting: {"one": meeting.worker, "two": meeting.worker, "clock": meeting.clock}, preemptions=2
    ),
    "claim, unsubscribe": _worker_and("unsubscribe"),
    "claim, suppress": _worker_and("suppress"),
    "claim, take out": _worker_and("take out"),
    "claim, delete": _worker_and("delete"),
    "claim, pause": _worker_and("pause"),
    "claim, disable": _worker_and("disable"),
    "claim, pause one": _worker_and("pause one"),
    "claim, finish": _worker_and("finish"),
    "claim, take away": _worker_and("take away"),
    "claim, pause one, resume one": Pair(
        lambda meeting: {
            "worker": meeting.worker, "pause one": meeting.user("pause one"), "resume one": meeting.user("resume one"),
        },
        preemptions=2,
    ),
    "a doubt, pause one": Pair(
        lambda meeting: {"worker": meeting.worker, "pause one": meeting.user("pause one")}, first={"Dot": Fault.LOST},
    ),
    "resume one, finish all": Pair(
        lambda meeting: {"resume one": meeting.user("resume one"), "finish all": meeting.user("finish all")},
        prepare=_paused,
    ),
    "resume one, take away, worker": Pair(
        lambda meeting: {
            "resume one": meeting.user("resume one"), "take away": meeting.user("take away"), "worker": meeting.worker,
        },
        prepare=_paused, preemptions=2,
    ),
    "claim, unsubscribe, clock": Pair(
        lambda meeting: {
            "worker": meeting.worker, "unsubscribe": meeting.user("unsubscribe"), "clock": meeting.clock,
            "reaper": meeting.worker,
        },
        preemptions=1,
    ),
    "claim, clock, reaper, resend": Pair(
        lambda meeting: {
            "worker": meeting.worker, "clock": meeting.clock, "reaper": meeting.worker,
            "resend": meeting.user("resend"),
        },
        preemptions=1,
    ),
    "two mails, unsubscribe, a moment": Pair(
        lambda meeting: {
            "worker": meeting.worker, "unsubscribe": meeting.user("unsubscribe", 2), "moment": meeting.moment,
        },
        enrollments=2, preemptions=2,
    ),
    "tick, tick": Pair(
        lambda meeting: {"one": meeting.world.ticking, "two": meeting.world.ticking},
        prepare=lambda meeting: None, enrollments=2,
    ),
    "tick, tick, two lanes": Pair(
        lambda meeting: {"one": meeting.world.ticking, "two": meeting.world.ticking},
        prepare=lambda meeting: None, enrollments=2, lanes=2, daily_cap=1, preemptions=2,
    ),
    "tick, tick, two shared lanes": Pair(
        lambda meeting: {"one": meeting.world.ticking, "two": meeting.world.ticking},
        prepare=lambda meeting: None, enrollments=2, lanes=2, daily_cap=1, binding=Binding.ALONE, preemptions=2,
    ),
    "tick, tick, one place left": Pair(
        lambda meeting: {"one": meeting.world.ticking, "two": meeting.world.ticking},
        prepare=_one_has_left, enrollments=3, enrolled=1, lanes=2, daily_cap=2, binding=Binding.ALONE, preemptions=2,
    ),
    "resolve, resolve": Pair(
        lambda meeting: {"resend": meeting.user("resend"), "accepted": meeting.user("accepted")},
        prepare=_worked, first={"Dot": Fault.LOST},
    ),
    "resend, resend, worker": Pair(
        lambda meeting: {"one": meeting.user("resend"), "two": meeting.user("resend"), "worker": meeting.worker},
        prepare=_worked, first={"Dot": Fault.LOST}, preemptions=2,
    ),
}  # fmt: skip


def every_order(name: str) -> Iterator[Result]:
    """Every order in which those of a pair can meet."""
    pair, number = PAIRS[name], 0
    following: list[int] | None = []
    while following is not None:
        path, number = Path(following, pair.preemptions), number + 1
        meeting = Meeting(pair, OneFault(0, Fault.FAIL, pair.first))

        def meet(meeting: Meeting = meeting, path: Path = path) -> None:
            pair.prepare(meeting)
            meeting.cross(path, pair.party(meeting))

        yield finish(meeting.world, meet, replay=f"'{name}' {number}")
        following = path.next()
