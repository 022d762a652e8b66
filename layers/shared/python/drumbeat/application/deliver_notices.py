"""Events are posted to those who listen; what is not taken is posted again by its schedule, and never forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.care_for_receivers import care_for
from drumbeat.application.delivery_ports import Change, Complete, DeliveryName, EndedCalls, Known, Sign
from drumbeat.application.post_deliveries import Desk, Letter, PostOffice, PostPorts, SideBySide, Tried, letters_of
from drumbeat.application.settle_deliveries import SettlePorts, settle
from drumbeat.domain.notice import CareHint, DueHint, Notice, Receiver, Task
from drumbeat.domain.posting import Decision, Step, decide
from drumbeat.domain.times import MINUTE
from drumbeat.domain.webhook_delivery import Delivery, DeliveryState, given_up, parked

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime
    from drumbeat.application.send_ports import Clock


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """What delivering touches."""

    settling: SettlePorts
    calls: EndedCalls
    posting: PostPorts


class Outcome(StrEnum):
    """What became of a task."""

    TAKEN = "taken"
    REFUSED = "refused"  # not taken, or no answer: it is posted again by its schedule
    NOT_TRIED = "not_tried"  # its receiver did not answer the one before, or time was up: later
    PARKED = "parked"  # its receiver takes nothing at the moment
    UNWANTED = "unwanted"  # nobody listens there any more, or what it tells of has been erased
    SEEN_TO = "seen_to"  # a hint that came late, or once more


@dataclass(frozen=True, slots=True)
class Delivered:
    """What to tell about a task; `reason` says why it was not taken, and nothing that the server said."""

    outcome: Outcome
    reason: str | None = None
    trouble: Exception | None = None
    aside: Exception | None = None


class _Plan(NamedTuple):
    """What is to be done about each delivery, and what is kept of it."""

    decisions: Mapping[DeliveryName, Decision]
    known: Known

    def of(self, *steps: Step) -> list[tuple[Delivery | None, Delivery]]:
        """The deliveries for which one of these comes next: as they are kept, and as they are before it."""
        return [
            (self.known.deliveries.get(name), decision.delivery)
            for name, decision in self.decisions.items()
            if decision.step in steps and decision.delivery is not None
        ]


def deliver_notices(
    ports: DeliverPorts,
    tasks: Iterable[Task],
    *,
    complete: Complete,
    sign: Sign,
    clock: Clock,
    out_of_time: OutOfTime,
    side_by_side: SideBySide,
) -> dict[Task, Delivered]:
    """Posts what is new or due, those of different receivers side by side, and keeps what became of it.

    Where a receiver listens, and what a call came to, is read now, under the receiver's own tenant. Raises what the
    store and the queue raise: everything has to come again then, and some of it may have been posted.
    """
    wanted = list(dict.fromkeys(tasks))
    now = clock()
    plan = _plan(ports, wanted, now)
    cared = _cared_for(ports, wanted, plan, now)
    posts = [*plan.of(Step.POST), *((parked_one, parked_one) for found in cared.values() for parked_one in found)]
    letters = _letters(ports.calls, posts, complete)
    office = PostOffice(ports.posting, sign, clock, out_of_time)
    jobs = [office.post_all(desk) for desk in _desks(letters, plan.known)]
    tried = [one for some in side_by_side(jobs) for one in some]
    settle(ports.settling, plan.known, tried, _aside(plan, posts, letters), clock())
    _go_on(ports.settling, cared, tried)
    told = {DeliveryName(one.receiver, one.letter.delivery.event): _told(one) for one in tried}
    return {task: _outcome(task, plan, told) for task in wanted}


def _plan(ports: DeliverPorts, tasks: Sequence[Task], now: int) -> _Plan:
    """One decision for each delivery, however many tasks are about it: a replay's before any other."""
    about = [task for task in tasks if not isinstance(task, CareHint)]
    names = [DeliveryName(task.receiver, task.event) for task in about]
    known = ports.settling.deliveries.known({task.receiver for task in tasks}, names, now)
    decisions: dict[DeliveryName, Decision] = {}
    for task in sorted(about, key=_latest_first):
        name = DeliveryName(task.receiver, task.event)
        if decisions.get(name, Decision(Step.NOTHING)).step is Step.NOTHING:
            decisions[name] = _decision(task, known, now)
    return _Plan(decisions, known)


def _latest_first(task: Notice | DueHint) -> int:
    return -task.again if isinstance(task, Notice) else 0


def _decision(task: Notice | DueHint, known: Known, now: int) -> Decision:
    address = known.addresses.get(task.receiver)
    return decide(
        task,
        known.deliveries.get(DeliveryName(task.receiver, task.event)),
        known.health(task.receiver),
        listens=address is not None,
        enabled=address is not None and not address.is_disabled,
        now=now,
    )


def _cared_for(ports: DeliverPorts, tasks: Sequence[Task], plan: _Plan, now: int) -> dict[Receiver, Sequence[Delivery]]:
    """What is resumed of those receivers that are to be looked after, without what is posted anyway."""
    receivers = [task.receiver for task in tasks if isinstance(task, CareHint)]
    found = {receiver: care_for(ports.settling, receiver, plan.known, now) for receiver in receivers}
    return {
        receiver: [one for one in some if DeliveryName(receiver, one.event) not in plan.decisions]
        for receiver, some in found.items()
    }


def _letters(calls: EndedCalls, posts: Sequence[tuple[Delivery | None, Delivery]], complete: Complete) -> list[Letter]:
    about_calls = [delivery for _, delivery in posts if delivery.call is not None]
    return letters_of(posts, calls.of(about_calls) if about_calls else {}, complete)


def _desks(letters: Sequence[Letter], known: Known) -> list[Desk]:
    groups: dict[Receiver, list[Letter]] = {}
    for letter in letters:
        groups.setdefault(letter.delivery.receiver, []).append(letter)
    return [Desk(receiver, known.addresses[receiver], group) for receiver, group in groups.items()]


def _aside(plan: _Plan, posts: Sequence[tuple[Delivery | None, Delivery]], letters: Collection[Letter]) -> list[Change]:
    """What is kept without a post. What was never kept and that nobody wants is not begun to be."""
    written = {DeliveryName(letter.delivery.receiver, letter.delivery.event) for letter in letters}
    erased = [change for change in posts if DeliveryName(change[1].receiver, change[1].event) not in written]
    ended = [(kept, given_up(delivery)) for kept, delivery in [*plan.of(Step.END), *erased] if kept is not None]
    return [*ended, *((kept, parked(delivery)) for kept, delivery in plan.of(Step.PARK))]


def _go_on(ports: SettlePorts, cared: Mapping[Receiver, Sequence[Delivery]], tried: Sequence[Tried]) -> None:
    """Where something was resumed there may be more; at once, if the receiver took its time for all of this."""
    silent = {one.receiver for one in tried if one.after is None}
    more = [(CareHint(receiver), MINUTE if receiver in silent else 0) for receiver, some in cared.items() if some]
    if more:
        ports.queue.put_later(more)


def _told(one: Tried) -> Delivered:
    if one.after is None:
        return Delivered(Outcome.NOT_TRIED)
    if one.after.state is DeliveryState.DELIVERED:
        return Delivered(Outcome.TAKEN)
    return Delivered(Outcome.REFUSED, one.after.attempts[-1].error, aside=one.trouble)


def _outcome(task: Task, plan: _Plan, told: Mapping[DeliveryName, Delivered]) -> Delivered:
    if isinstance(task, CareHint):
        return Delivered(Outcome.SEEN_TO)
    name = DeliveryName(task.receiver, task.event)
    if name in told:
        return told[name]
    outcomes = {Step.NOTHING: Outcome.SEEN_TO, Step.PARK: Outcome.PARKED}
    return Delivered(outcomes.get(plan.decisions[name].step, Outcome.UNWANTED))
