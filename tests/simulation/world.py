"""One schedule: production use cases on production adapters, ticks, workers and users, trouble and then peace."""

from collections.abc import Callable
from functools import partial
from random import Random

from botocore.exceptions import BotoCoreError, ClientError

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.adapters.dynamodb.signals import SignalStore
from drumbeat.adapters.dynamodb.table import Table, TransactionRefused
from drumbeat.adapters.sqs import QueueRefused, SqsHints
from drumbeat.application.deliver import SendPorts
from drumbeat.application.dispatch_due import DispatchPorts, dispatch_due
from drumbeat.domain.errors import DomainError
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from tests.memory.client import MemoryClient
from tests.memory.store import Store
from tests.simulation.allowances import Accounts
from tests.simulation.bounds import Bounds
from tests.simulation.faults import Faults
from tests.simulation.mail_server import MailServers
from tests.simulation.options import Options
from tests.simulation.oracle import Oracle
from tests.simulation.queue import Letter, SendQueue
from tests.simulation.reckoning import paused, reckon
from tests.simulation.records import Violation
from tests.simulation.scenery import MOST_SENDERS, TABLE, Scenery, table_shape
from tests.simulation.scheduler import Process, Scheduler, Work
from tests.simulation.stand_ins import KEYS, NoApp, identify
from tests.simulation.users import Act, Target, Users
from tests.simulation.wire import Wire
from tests.simulation.workers import SideBySide, send_hints

_EXPECTED = (DomainError, BotoCoreError, ClientError, TransactionRefused, QueueRefused)
type Script = tuple[tuple[int, str, Target], ...]
"""What is done after how many milliseconds to whom."""
_TIMEOUTS = {"worker": 300 * SECOND, "tick": 55 * SECOND}
_DIALOGUE = 110 * SECOND
"""What a worker keeps for the mail it is at."""
_API_TIMEOUT = 29 * SECOND
"""What the template says: no invocation lives longer."""
_QUEUE_URL = "https://queue.invalid/send"


class World:
    """Everything a schedule runs on. Nothing here is shared with another schedule."""

    def __init__(
        self, options: Options, scenery: Scenery, rng: Random, faults: Faults, scheduler: Scheduler | None = None
    ) -> None:
        self.options, self.scenery, self.rng, self.faults = options, scenery, rng, faults
        self._most_lag = 0
        self.scheduler = scheduler = scheduler or Scheduler(rng, options.start)
        self.deliver = self.work
        self.wire = Wire(scheduler, faults, rng.random, options.torn)
        self.store = Store(lambda: scheduler.now, [table_shape()], lag=self._lag)
        self.oracle = Oracle(scheduler, identify)
        self.bounds = Bounds(self.oracle, options.min_wait)
        self.accounts = Accounts(self.oracle)
        self.store.observers.append(self.oracle.changed)
        self.store.shown = lambda item: item
        self.wire.note = self._note
        self.table = Table(self.client(), TABLE)  # type: ignore[arg-type]
        self.queue = SendQueue(
            scheduler,
            rng,
            self.wire,
            self._deliver,
            batch=options.batch,
            duplicates=options.duplicates,
            visibility=options.visibility,
        )
        servers = MailServers(scheduler, faults, self.oracle, self._note)
        kept = AttemptStore(self.table), SignalStore(self.table), EnrollmentStore(self.table)
        self.send_ports = SendPorts(*kept, servers, NoApp(), KEYS, "https://track.invalid")
        self.dispatch_ports = DispatchPorts(DynamoLanes(self.table), SqsHints(self.queue.client, _QUEUE_URL))  # type: ignore[arg-type]
        self.users = Users(self.table, scenery, rng, self.oracle.promised)
        self._owners = 0
        scenery.put(self.store)
        self._most_lag = options.lag

    def _lag(self, _index: str, _key: object) -> int:
        return int(self.rng.random() * self._most_lag) if self._most_lag else 0

    def client(self) -> MemoryClient:
        """What everybody reaches the store by."""
        return MemoryClient(self.store, self.wire.around)

    def _note(self, what: str, fault: str) -> None:
        self.oracle.tell(f"{what}: {fault}")

    def process(self, name: str, on_end: Callable[[Process], None] | None = None) -> Process:
        """A process with a clock of its own."""
        skew = self.rng.randint(-self.options.skew, self.options.skew) if self.options.skew else 0
        process = Process(name, skew, on_end or self._check_end)
        process.lifetime = _TIMEOUTS.get(name, _API_TIMEOUT)
        return process

    def clock_of(self, process: Process) -> Callable[[], int]:
        """What the process takes for the time."""
        scheduler, skew = self.scheduler, process.skew
        return lambda: scheduler.now + skew

    def owner(self) -> str:
        """A name that no claim had before."""
        self._owners += 1
        return f"owner-{self._owners}"

    # --- Ticks, workers, users ---

    def tick(self, at: int) -> None:
        """The timer fires."""
        process = self.process("tick")
        self.scheduler.spawn(at, process, self.ticking(process))

    def ticking(self, process: Process) -> Work:
        """What a tick does."""
        clock = self.clock_of(process)
        return lambda: dispatch_due(self.dispatch_ports, clock=clock, rng=self.rng, out_of_time=lambda: False)

    def _deliver(self, letters: list[Letter]) -> None:
        self.deliver(letters)

    def work(self, letters: list[Letter]) -> None:
        """A send worker gets a batch."""
        failed: list[Letter] = []
        process = self.process("worker", lambda ended: self._delivered(ended, letters, failed))
        self.scheduler.spawn(self.scheduler.now, process, self.sending(process, letters, failed))

    def sending(self, process: Process, letters: list[Letter], failed: list[Letter]) -> Work:
        """What a send worker does; what has to come again it puts into `failed`."""
        return lambda: send_hints(
            self.send_ports,
            letters,
            failed,
            owner=self.owner(),
            clock=self.clock_of(process),
            side_by_side=SideBySide(self.scheduler, process, self.rng),
            out_of_time=lambda: self.scheduler.now > process.dies_at - _DIALOGUE,
        )

    def _delivered(self, process: Process, letters: list[Letter], failed: list[Letter]) -> None:
        self._check_end(process)
        back = letters if process.dead or process.error else failed
        if back:
            self.queue.again(back)

    def act(self, at: int, name: str, act: Act, *, retries: int = 0) -> None:
        """A user calls the API; when the call dies or the infrastructure fails, the client may try again."""
        process = self.process(name, lambda ended: self._acted(ended, name, act, retries))
        clock = self.clock_of(process)
        self.scheduler.spawn(at, process, lambda: act(clock()))

    def _acted(self, process: Process, name: str, act: Act, retries: int) -> None:
        self._check_end(process)
        failed = process.dead or (process.error is not None and not isinstance(process.error, DomainError))
        if failed and retries:
            self.act(self.scheduler.now + self.rng.randrange(5 * SECOND), name, act, retries=retries - 1)

    def _check_end(self, process: Process) -> None:
        """No error but the refusals of the domain, and those of an infrastructure that had trouble."""
        error = process.error
        if error is None or isinstance(error, DomainError):
            return
        if process.troubled_at is None or not _is_expected(error):
            raise Violation("error", f"{process.name} raised {error!r}") from error

    def reckon(self) -> None:
        """At rest: what is stored against what was seen."""
        reckon(self.oracle, self.store.items(TABLE), self.options.steps)

    @property
    def patience(self) -> int:
        """Within which time a world without trouble comes to rest: long pauses, and a day for every mail if capped."""
        options = self.options
        few = options.daily_cap is not None or options.daily_mails is not None
        capped = few or options.daily_limit < options.enrollments or options.actions
        return 12 * HOUR + (options.enrollments * options.steps * DAY if capped else 0)

    # --- Trouble and peace ---

    def trouble(self) -> None:
        """Phase 1: users act, calls fail, ticks come late, twice or not at all."""
        options, rng = self.options, self.rng
        end = options.start + options.trouble_for
        for _ in range(options.actions):
            name, act = self.users.draw(rng.choice(self.scenery.tenants))
            self.act(self._busy_instant(end), name, act, retries=rng.choice((0, 1, 2)))
        for minute in range(options.start, end, MINUTE):
            chance = rng.random()
            if chance > 0.1:
                self.tick(minute + rng.randrange(3 * SECOND))
            if chance > 0.7:
                self.tick(minute + rng.randrange(50 * SECOND))
        self.scheduler.run_until(end)

    def _busy_instant(self, end: int) -> int:
        """Some instant of phase 1; mostly one soon after a tick, when hints arrive and mails leave."""
        start = self.options.start
        if self.rng.random() < 0.4:
            return self.rng.randrange(start, end)
        return self.rng.randrange(start, end, MINUTE) + int(self.rng.random() ** 2 * 10 * SECOND)

    def script(self, script: Script) -> None:
        """Phase 1 without chance: a tick every minute, and users who act when the script says so."""
        start, end = self.options.start, self.options.start + self.options.trouble_for
        for after, name, target in script:
            self.act(start + after, name, self.users.named(name, target), retries=2)
        for minute in range(start, end, MINUTE):
            self.tick(minute)
        self.scheduler.run_until(end)

    def heal(self) -> None:
        """Phase 2: no more faults, and whoever stopped something for a while lets it go on."""
        self.faults.on = False
        now, users, stops = self.scheduler.now, self.users, self.oracle.stops
        for tenant, number in stops.paused:
            item = self.table.get(keys.sequence(tenant, number)) or {}
            act = users.start if item.get("status") == SequenceStatus.PENDING else users.resume
            self.act(now, "resume", partial(act, Target(tenant, number)))
        for tenant, sender in stops.senders:
            target = Target(tenant, sender // MOST_SENDERS, sender=sender)
            self.act(now, "reenable", partial(users.reenable, target))
        for me in paused(self.store.items(TABLE)):
            self.act(now, "resume one", partial(users.resume_one, Target(me.tenant, me.sequence, me.contact)))


def _is_expected(error: BaseException) -> bool:
    if isinstance(error, ExceptionGroup):
        return all(map(_is_expected, error.exceptions))
    return isinstance(error, _EXPECTED)


def scenery_of(options: Options, rng: Random) -> Scenery:
    """The scenery a schedule begins with."""
    status = SequenceStatus.PENDING if rng.random() < 0.1 else SequenceStatus.ACTIVE
    return Scenery(options, status, rng.randint(1, options.enrollments))
