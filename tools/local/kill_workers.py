"""Kill the processes that send, at random points of a real run on the stack that `make up` started, and count.

At each point all processes that run the send worker are frozen in the middle of what they do, the claims they hold are
read from the table, and they get SIGKILL. Half a second lies between, in which the table and the sink finish what they
were asked before: nothing that a frozen process has sent is lost, and it learns no answer. Messages of a killed process
come again after a minute, as they would on AWS after the queue's visibility timeout. At most two processes run at a
time: with ten, starting them again takes longer than the hints that wait for them are good for.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from tools.local import delivered, deployment, load
from tools.local.accounting import Fate, account, fate_of
from tools.local.api import Api
from tools.local.demo_display import Display
from tools.local.function_workers import FunctionWorkers
from tools.local.load import Errand, Shape, Sink
from tools.local.processes import Process, ProcessFailedError
from tools.local.stack import LOCAL_DIRECTORY, guarded
from tools.local.store import Store

_FUNCTION = "WorkersSendStepFunction"
_ANSWERS_ON_THE_WAY = 0.5
_PROCESSES = 2
_REDELIVER_AFTER = 60
_ARRIVALS_BEFORE_KILLS = 5
_PATIENCE_SECONDS = 480.0
_QUIET_SECONDS = 45.0
_ENDS_WITHIN = 1500.0
_OVER = {"finished", "parked"}


@dataclass(frozen=True)
class Stage:
    """What a run works on."""

    api: Api
    endpoint: str
    store: Store
    workers: FunctionWorkers
    sink: Sink
    display: Display


@dataclass(frozen=True)
class Point:
    """When to kill: seconds from the beginning, and then from the first mail that shows that somebody is at work."""

    at: float
    then: float


@dataclass(frozen=True)
class Kill:
    """One point of the run: how many processes died, and which claims they held."""

    processes: int
    claims: frozenset[Errand]


def main() -> int:
    """0 only if nothing was repeated or lost, and no more is parked than was in flight."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--over", type=float, default=300, help="seconds that the kills are spread over")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--campaigns", type=int, default=2)
    parser.add_argument("--lanes", type=int, default=6, help="of each campaign")
    parser.add_argument("--people", type=int, default=150, help="of each campaign; everybody gets three mails")
    parser.add_argument("--answer-after", type=float, default=1.0, help="seconds until the final dot is answered")
    options = parser.parse_args()
    shape = Shape(options.campaigns, options.lanes, options.people, delays=(0, 1, 0), min_wait=2, max_wait=6)
    display = Display()
    with load.own_sink("kill", options.answer_after) as sink:
        stage = _stage(sink, display)
        display.say(f"seed {options.seed}: {options.kills} kills over {options.over:.0f} s, {shape.mails} mails")
        return _run(stage, shape, options.seed, points(options.seed, options.kills, options.over))


def _stage(sink: Sink, display: Display) -> Stage:
    parts = urlsplit(os.environ["DRUMBEAT_URL"])
    endpoint = f"{parts.scheme}://{parts.netloc}"
    ministack = Process("ministack", LOCAL_DIRECTORY).pid
    api = Api(os.environ["DRUMBEAT_URL"], os.environ["DRUMBEAT_KEY"], timeout=120)
    return Stage(api, endpoint, Store.at(endpoint), FunctionWorkers(ministack, _FUNCTION), sink, display)


def points(seed: int, kills: int, over: float) -> list[Point]:
    """Seconds from the beginning, one anywhere within each of equal parts of the time."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice of moments, not a secret
    return [Point((number + rng.random()) * over / kills, rng.random()) for number in range(kills)]


def _run(stage: Stage, shape: Shape, seed: int, moments: Sequence[Point]) -> int:
    with _two_processes(stage.endpoint):
        campaigns = load.prepare(stage.api, stage.sink, shape)
        load.dispatch(stage.api, campaigns)
        _wait_for_mails(stage, _ARRIVALS_BEFORE_KILLS)
        kills = list(_kill_at(stage, moments))
        people = load.enrolled(stage.api, campaigns)
        fates = _wait_for_the_end(stage, [person.id for person in people], len(shape.delays))
    ids = {person.email: person.id for person in people}
    mails = [mail for mail in delivered.read(stage.sink.maildir) if mail.recipient in ids]
    arrived = [((ids[mail.recipient], load.position(mail.subject)), mail.message_id) for mail in mails]
    found = account(fates, arrived, [kill.claims for kill in kills])
    for sentence in found.failures():
        print(f"not kept: {sentence}", file=sys.stderr, flush=True)
    run = {
        "seed": seed,
        "kills": len(kills),
        "processes": sum(kill.processes for kill in kills),
        "kills_in_flight": sum(bool(kill.claims) for kill in kills),
        "enrollments": len(people),
    }
    print(found.last_line(**run), flush=True)
    return 1 if found.failures() else 0


@contextmanager
def _two_processes(endpoint: str) -> Iterator[None]:
    """Let two batches be under way at a time, and let what a dead worker had come again within the run."""
    queue, functions = deployment.client("sqs", endpoint), deployment.client("lambda", endpoint)
    url = deployment.outputs(endpoint)["SendQueueUrl"]
    before = queue.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "VisibilityTimeout"])["Attributes"]
    (source,) = functions.list_event_source_mappings(EventSourceArn=before["QueueArn"])["EventSourceMappings"]

    def tune(seconds: str, processes: int) -> None:
        queue.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": seconds})
        scaling = {"MaximumConcurrency": processes}
        functions.update_event_source_mapping(UUID=source["UUID"], ScalingConfig=scaling)

    tune(str(_REDELIVER_AFTER), _PROCESSES)
    try:
        yield
    finally:
        tune(before["VisibilityTimeout"], source["ScalingConfig"]["MaximumConcurrency"])


def _wait_for_mails(stage: Stage, number: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while delivered.count(stage.sink.maildir) < number:
        if time.monotonic() > deadline:
            raise ProcessFailedError("no mail arrives; the timer fires once a minute")
        time.sleep(0.2)


def _kill_at(stage: Stage, moments: Sequence[Point]) -> Iterator[Kill]:
    began = time.monotonic()
    dead: set[Errand] = set()
    for number, moment in enumerate(moments, 1):
        time.sleep(max(began + moment.at - time.monotonic(), 0))
        _wait_for_work(stage)
        time.sleep(moment.then)
        kill = _kill(stage, dead)
        dead |= kill.claims
        when, arrived = time.monotonic() - began, delivered.count(stage.sink.maildir)
        stage.display.say(
            f"kill {number}/{len(moments)} at {when:.1f} s: {kill.processes} processes with {len(kill.claims)} claims; "
            f"{arrived} mails arrived"
        )
        yield kill


def _wait_for_work(stage: Stage) -> None:
    """After a kill it takes a moment until there is somebody again to be killed."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    arrived = delivered.count(stage.sink.maildir)
    while delivered.count(stage.sink.maildir) == arrived:
        if time.monotonic() > deadline:
            raise ProcessFailedError("nobody sends any more: there are too few mails for so many kills")
        time.sleep(0.05)


def _kill(stage: Stage, dead: set[Errand]) -> Kill:
    """Claims of the dead stay in the table until they are parked: only those count that are not `dead` already."""
    frozen = stage.workers.freeze()
    time.sleep(_ANSWERS_ON_THE_WAY)
    frozen = stage.workers.freeze(frozen)
    claims = stage.store.claims() - dead
    stage.workers.kill(frozen)
    return Kill(len(frozen), frozenset(claims))


def _wait_for_the_end(stage: Stage, enrollments: Sequence[str], steps: int) -> list[Fate]:
    """Ask for each enrollment until all are over, or for long enough: leases and reservations have to lapse first."""
    deadline = time.monotonic() + _ENDS_WITHIN
    fates: dict[str, Fate] = {}
    open_ = list(enrollments)
    while True:
        _wait_for_quiet(stage)
        for enrollment in open_:
            fates[enrollment] = fate_of(stage.api.get(f"/drumbeat/v1/enrollments/{enrollment}/explain"), steps)
        open_ = [enrollment for enrollment in open_ if fates[enrollment].state not in _OVER]
        stage.display.say(f"{len(open_)} of {len(enrollments)} enrollments are not over")
        if not open_ or time.monotonic() > deadline:
            return list(fates.values())


def _wait_for_quiet(stage: Stage) -> None:
    """Until no mail has come for a while."""
    arrived, changed = -1, time.monotonic()
    while time.monotonic() - changed < _QUIET_SECONDS:
        now_there = delivered.count(stage.sink.maildir)
        if now_there != arrived:
            arrived, changed = now_there, time.monotonic()
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(guarded(main))
