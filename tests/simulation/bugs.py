"""Seeded bugs: what a design can get wrong, put into the production code for a test (reliability §5.4)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from drumbeat.adapters.dynamodb import enrollment_changes, keys, parked, sends
from drumbeat.adapters.dynamodb import lanes as dynamo_lanes
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.adapters.dynamodb.signals import SignalStore
from drumbeat.adapters.dynamodb.statements import Change
from drumbeat.application import deliver, dispatch_due, enrollment_actions, send_step, sequences
from drumbeat.domain import lane as lanes
from drumbeat.domain import runner, waiting
from drumbeat.domain.delivery import after
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.hint import Hint
from drumbeat.domain.lane import Lane
from drumbeat.domain.plan import Bound, Queues, Work
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.verdict import Accepted, Rejected, Retry, Unknown
from tests.simulation import world
from tests.simulation.allowance_bugs import ALLOWANCE_BUGS

_ANY_STATE = "(#state = :parked OR #state <> :parked) AND #step >= :was_step AND #epoch >= :was_epoch"

type Patch = Any
type Bug = Callable[[], list[Patch]]


def _claim_without(
    *, where: tuple[str, ...] = (), due: bool = True, missing: tuple[str, ...] | None = None
) -> list[Patch]:
    """A claim that leaves out some of its conditions."""
    right = sends._claim

    def wrong(hint: Hint, *rest: Any) -> Change:
        change = right(hint, *rest)
        kept = {name: value for name, value in change.where.items() if name not in where}
        at_most = change.at_most if due else {}
        return replace(change, where=kept, at_most=at_most, missing=change.missing if missing is None else missing)

    return [patch.object(sends, "_claim", wrong)]


def _change_without(*names: str, at_most: bool = True) -> list[Patch]:
    """A settlement that leaves out some of its conditions."""
    right = sends._change

    def wrong(*args: Any, **options: Any) -> Change:
        change = right(*args, **options)
        kept = {name: value for name, value in change.where.items() if name not in names}
        return replace(change, where=kept, at_most=change.at_most if at_most else {})

    return [patch.object(sends, "_change", wrong)]


def _verdict(kind: type, becomes: Callable[[Any], Any]) -> list[Patch]:
    """A verdict taken for another one."""

    def wrong(enrollment: Any, verdict: Any, *rest: Any) -> Any:
        return after(enrollment, becomes(verdict) if isinstance(verdict, kind) else verdict, *rest)

    return [patch.object(send_step, "after", wrong)]


def _claim_believed() -> list[Patch]:
    """Whoever asked for a claim takes itself for its owner, whatever became of the call."""
    right_claim, right_scenes = AttemptStore.claim, AttemptStore.scenes
    owners: list[str] = []

    def claim(self: AttemptStore, hints: Any, *, owner: str, **rest: Any) -> None:
        owners.append(owner)
        try:
            right_claim(self, hints, owner=owner, **rest)
        except Exception:
            return

    def scenes(self: AttemptStore, hints: Any) -> Any:
        owner = owners[-1]
        return [
            replace(scene, enrollment=scene.enrollment and replace(scene.enrollment, owner=owner))
            for scene in right_scenes(self, hints)
        ]

    return [patch.object(AttemptStore, "claim", claim), patch.object(AttemptStore, "scenes", scenes)]


def _lapsed_is_freed() -> list[Patch]:
    def park(self: AttemptStore, found: Any, _parked: Any, now: int) -> bool:
        free = replace(found, owner=None, lease=None)
        return AttemptStore.settle(self, [sends.Settlement(found, free)])[0]

    return [patch.object(AttemptStore, "park", park)]


def _lapsed_is_sent() -> list[Patch]:
    def park(self: AttemptStore, found: Any, _parked: Any, now: int) -> bool:
        ahead = replace(found, owner=None, lease=None, step=found.step + 1, state=EnrollmentState.FINISHED)
        return AttemptStore.settle(self, [sends.Settlement(found, ahead)])[0]

    return [patch.object(AttemptStore, "park", park)]


def _hints_without_a_lane() -> list[Patch]:
    right = dispatch_due._store

    def wrong(*args: Any) -> Iterator[bool]:
        return (True for _ in right(*args))

    return [patch.object(dispatch_due, "_store", wrong)]


def _pauses_overlooked() -> list[Patch]:
    right = deliver._attempt

    def wrong(ports: Any, errand: Any, *rest: Any) -> Any:
        active = replace(errand.sequence, status=SequenceStatus.ACTIVE)
        return right(ports, replace(errand, sequence=active), *rest)

    return [patch.object(deliver, "_attempt", wrong)]


def _reap_at_once() -> list[Patch]:
    right = send_step._reap

    def wrong(ports: Any, found: Any, now: int) -> Any:
        return right(ports, found and replace(found, lease=0), now)

    return [patch.object(send_step, "_reap", wrong), *_change_without(at_most=False)]


def _a_pace_for_each() -> list[Patch]:
    """A mail of one sequence does not hold up the next one of another."""
    right = runner.Track.step

    def wrong(self: Any, *args: Any) -> None:
        before, served = self.slot, self.served
        right(self, *args)
        if self.slots and self.served != served:
            self.slot = max(before, self.slots[-1].at)

    return [patch.object(runner.Track, "step", wrong)]


def _announced_without_a_name() -> list[Patch]:
    right = DynamoLanes.wake

    def wrong(self: DynamoLanes, tenant: int, senders: Any, now: int, **_: Any) -> None:
        right(self, tenant, senders, now)

    return [patch.object(DynamoLanes, "wake", wrong)]


def _removable() -> list[Patch]:
    """Any sender may go, whatever is bound to it."""

    def wrong(self: DynamoLanes, tenant: int, sender: int, _now: int) -> int:
        item = self.table.get(keys.lane(tenant, sender))
        return 0 if item is None else int(item["revision"])

    return [patch.object(DynamoLanes, "revision_if_unbound", wrong)]


def _audit_of_the_active() -> list[Patch]:
    right = lanes._claimed_until

    def wrong(enrollment: Any, entry: Any) -> int | None:
        return right(enrollment, entry) if enrollment.state is EnrollmentState.ACTIVE else None

    return [patch.object(lanes, "_claimed_until", wrong)]


def _patient_workers() -> list[Patch]:
    """Nobody looks at the lease before sending, and nothing ends a worker that outlives it."""

    def wrong(*args: Any, **options: Any) -> Any:
        return deliver.deliver(*args, **options | {"out_of_time": lambda: False})

    return [patch.object(send_step, "deliver", wrong), patch.dict(world._TIMEOUTS, worker=10**9)]


def _doubts_resumed() -> list[Patch]:
    """Somebody resumes what nobody knows the fate of, as if nothing had happened."""
    right = enrollment_actions.resumed

    def wrong(enrollment: Any, *rest: Any) -> Any:
        return right(replace(enrollment, parked_reason=None), *rest)

    return [patch.object(enrollment_actions, "resumed", wrong)]


def _nothing(*_: Any, **__: Any) -> Iterator[Any]:
    return iter(())


BUGS: Mapping[str, Bug] = {
    # The twelve of the reliability notes, as this design would have them.
    "no claim": lambda: _claim_without(where=("state", "step", "epoch"), due=False, missing=()),
    "a lapsed claim counts as sent": _lapsed_is_sent,
    "a lapsed claim is sent again": _lapsed_is_freed,
    "a time-out after the dot counts as a failure": lambda: _verdict(Unknown, lambda verdict: Retry(verdict.reason)),
    "what has left is not counted": lambda: [patch.object(lanes, "_counted", lambda lane, *_: lane)],
    "reserved for ever": lambda: [patch.object(runner, "RESERVED_FOR", 10**12)],
    "a lost claim is believed": _claim_believed,
    "claims ignore stops": lambda: _claim_without(where=("state",)),
    "claims trust the hint's step": lambda: _claim_without(where=("step",), due=False),
    "claims ignore the due time": lambda: _claim_without(due=False),
    "late settlements are not fenced": lambda: _change_without("owner"),
    "no reaper after a stop": lambda: [patch.object(AttemptStore, "abandon", lambda *_, **__: False)],
    # What this design has beyond them.
    "claims ignore the epoch": lambda: _claim_without(where=("epoch",)),
    "claims take over": lambda: _claim_without(missing=()),
    "no look for stops": lambda: [patch.object(AttemptStore, "stop_signs", lambda *_: {})],
    "stop signs are kept for a minute": lambda: [patch.object(deliver, "SIGN_GOOD_FOR", 60_000)],
    "daily limits are not counted": lambda: [patch.object(Lane, "first_steps", lambda *_: 0)],
    "a sequence's cap is not counted": lambda: [patch.object(Lane, "steps_of", lambda *_: 0)],
    "a put-off mail counts as unknown": lambda: _verdict(Retry, lambda verdict: Unknown(verdict.reason)),
    "a put-off mail counts as refused": lambda: _verdict(Retry, lambda verdict: Rejected(550, verdict.reason)),
    "a put-off mail counts as sent": lambda: _verdict(Retry, lambda _: Accepted()),
    "a refused mail is tried again": lambda: _verdict(Rejected, lambda verdict: Retry(verdict.text)),
    "old hints claim": lambda: [patch.object(Hint, "is_good", lambda *_: True)],
    "audits leave out the stopped": _audit_of_the_active,
    "settlements overwrite stops": lambda: _change_without("state"),
    "live claims are parked": _reap_at_once,
    "pauses are overlooked": _pauses_overlooked,
    "switched-off senders send": lambda: [patch.object(deliver, "may_send", lambda *_: True)],
    "nobody looks at the lease": _patient_workers,
    "windows are overlooked": lambda: [
        patch.object(deliver, "next_open", lambda now, *_: now),
        patch.object(waiting, "next_open", lambda now, *_: now),
    ],
    "lanes are stored whoever was faster": lambda: [patch.object(dynamo_lanes, "_AS_SEEN", "revision >= :seen")],
    "hints go out though the lane was not stored": _hints_without_a_lane,
    "unsubscribing marks nobody": lambda: [patch.object(SignalStore, "suppress", lambda *_: None)],
    "pauses of one are overlooked": lambda: _claim_without(where=("state",)),
    "what left beside a pause is forgotten": lambda: [patch.object(sends, "_FACTS", ("sender", "attempts"))],
    "a paused doubt is sent again": _doubts_resumed,
    "resuming is not fenced": lambda: [patch.object(enrollment_changes, "_SEEN", ())],
    "deleting is not fenced": lambda: [patch.object(enrollment_changes, "_SEEN", ())],
    "decisions are not fenced": lambda: [patch.object(parked, "_STILL_PARKED", _ANY_STATE)],
    "waking is forgotten": lambda: [patch.object(DynamoLanes, "wake", lambda *_: None)],
    "orphans are forgotten": lambda: [
        patch.object(dispatch_due, "Queues", lambda **some: Queues(**some | {"orphans": ()}))
    ],
    # What senders that serve several sequences have beyond that.
    "the mails of a sender are not counted": lambda: [patch.object(Lane, "mails", lambda *_: 0)],
    "a sender's own pace is overlooked": lambda: [
        patch.object(dispatch_due, "Work", lambda **some: Work(**some | {"pace": None}))
    ],
    "each sequence has a pace of its own": _a_pace_for_each,
    "what is bound is forgotten": lambda: [patch.object(DynamoLanes, "bound", lambda _, sequence, __: Bound(sequence))],
    "nobody says which sequence has bound work": _announced_without_a_name,
    "a lane forgets whom it serves": lambda: [
        patch.object(runner.Runner, "_idle", lambda self, _: set(self.lane.serves))
    ],
    "resuming wakes only the rotation": lambda: [
        patch.object(sequences, "wake_sequence", lambda at, it, now: at.wake(it.tenant, it.senders, now))
    ],
    "a sender goes though somebody is bound to it": _removable,
    "deferred first steps are forgotten": lambda: [patch.object(DynamoLanes, "deferred", _nothing)],
    **ALLOWANCE_BUGS,
}


@contextmanager
def seeded(bug: Bug) -> Iterator[None]:
    """The production code with the bug in it."""
    with ExitStack() as stack:
        for one in bug():
            stack.enter_context(one)
        yield
