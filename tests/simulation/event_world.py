"""A world in which recipients react to mails at random, while publishers read the stream, several at a time."""

from functools import partial
from random import Random
from typing import Any

from drumbeat.adapters.dynamodb.event_log import EventStore
from drumbeat.adapters.dynamodb.statistics import StatisticsStore
from drumbeat.adapters.dynamodb.stream_records import read_change
from drumbeat.application.fan_out import Words
from drumbeat.application.publish_events import PublishPorts, publish_events
from drumbeat.application.watch_senders import WatchPorts
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.times import MINUTE, SECOND
from tests.listening import passes_the_filter
from tests.memory.stream import MemoryStream, Record
from tests.simulation.event_recount import Recount
from tests.simulation.faults import Faults, RandomFaults
from tests.simulation.options import Options, drawn
from tests.simulation.scenery import TABLE, Scenery
from tests.simulation.schedule import Result, finish
from tests.simulation.scheduler import Process
from tests.simulation.users import Target
from tests.simulation.world import World, scenery_of

_SIGNALS = [kind for kind in SignalKind if kind is not SignalKind.UNSUBSCRIBED]
"""What recipients and their machines do besides unsubscribing, which users do here already."""
_ALSO = {SignalKind.OPENED: ("opened_at",), SignalKind.CLICKED: ("opened_at",), SignalKind.REPLIED: ("replied_at",)}
_UNHEARD = Words(lambda _: None, lambda *_: "")


class _Nobody:
    """Nobody listens, and nobody is told: only the log is written."""

    def of_sequences(self, _: object) -> dict[Any, Any]:
        return {}

    def put(self, _: object) -> None:
        return None


class EventWorld(World):
    """A world with a log of events."""

    def __init__(self, options: Options, scenery: Scenery, rng: Random, faults: Faults) -> None:
        super().__init__(options, scenery, rng, faults)
        self.recount = Recount()
        self.oracle.watchers.append(self.recount.watch)
        self.stream = MemoryStream(self.store, TABLE)
        nobody: Any = _Nobody()
        watch = WatchPorts(self.users.sequences, StatisticsStore(self.table))
        self._ports = PublishPorts(EventStore(self.table), nobody, nobody, nobody, nobody, nobody, watch)
        self._known: list[Record] = []
        self._publishing = 0
        for _ in range(rng.randrange(4, 16)):
            self._react(options.start + rng.randrange(2 * options.trouble_for))

    def _react(self, at: int) -> None:
        """A recipient, or a machine, does something with a mail, often the same again."""
        options, pick = self.options, self.rng.choice
        tenant, sequence = pick(self.scenery.tenants), pick(self.scenery.sequences)
        target = Target(tenant, sequence, pick(self.scenery.contacts_of(tenant)))
        signal = MailSignal(pick(_SIGNALS), self.rng.randrange(options.steps), pick(self.scenery.serving(sequence)))
        for later in (0, 0, 7 * SECOND)[self.rng.randrange(3) :]:
            self.act(at + later, f"{signal.kind.name} of {target}", partial(self._noted, target, signal), retries=2)

    def _noted(self, target: Target, signal: MailSignal, now: int) -> None:
        also = dict.fromkeys(_ALSO.get(signal.kind, ()), now)
        self.users.signals.note(target.tenant, target.enrollment, signal, now, also=also)

    def tick(self, at: int) -> None:
        """The timer fires, and a little later the stream is read."""
        super().tick(at)
        self.scheduler.at(at + self.rng.randrange(40 * SECOND), self._read)

    def _read(self) -> None:
        """What was written since goes to a publisher; sometimes also to another at once, with some that went before."""
        fresh = [record for record in self.stream.take() if passes_the_filter(record)]
        while fresh:
            size = self.rng.randrange(1, 12)
            batch, fresh = fresh[:size], fresh[size:]
            self._publish(batch, self.rng.randrange(200))
            if self.rng.random() < 0.5:
                before = self._known[-self.rng.randrange(1, 6) :]
                self._publish([*before, *batch[: self.rng.randrange(size + 1)]], self.rng.randrange(200))
            self._known += batch

    def _publish(self, batch: list[Record], after: int) -> None:
        self._publishing += 1
        process = self.process("publisher", lambda ended: self._published(ended, batch))
        clock = self.clock_of(process)
        changes = [change for record in batch if (change := read_change(record)) is not None]

        def work() -> None:
            publish_events(self._ports, changes, spell=lambda *_: ("", ""), words=_UNHEARD, now=clock())

        self.scheduler.spawn(self.scheduler.now + after, process, work)

    def _published(self, process: Process, batch: list[Record]) -> None:
        self._check_end(process)
        self._publishing -= 1
        if process.dead or process.error:
            self._publish(batch, self.rng.randrange(2 * SECOND))

    def reckon(self) -> None:
        """At rest: the promises about mails, then the log and the counters against what was committed."""
        super().reckon()
        self._read()
        while self._publishing:
            self.scheduler.run_until(self.scheduler.now + MINUTE)
        self.recount.check(self.store, self.table)


def run(seed: int) -> Result:
    """The schedule of a seed."""
    options, rng = drawn(seed), Random(seed + 1)
    faults = RandomFaults(rng, options.fault_rate, options.fault_kinds, options.slow)
    world = EventWorld(options, scenery_of(options, rng), rng, faults)
    return finish(world, world.trouble, replay=f"events {seed}")
