"""Steps of enrollments: claim them, send their mails, settle what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.dead_addresses import mark_dead, says_dead, stop_holder
from drumbeat.application.deliver import Decided, Errand, SendPorts, StopSigns, deliver
from drumbeat.application.send_ports import Clock, Scene, Settlement
from drumbeat.domain.delivery import LEASE, WORKER_DIED, abandoned, after, parked
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.sender_health import after_trouble, is_recovering, recovered
from drumbeat.domain.verdict import Accepted, Attempted, Rejected, Retry, SenderTrouble, Verdict, Withheld

if TYPE_CHECKING:
    from drumbeat.domain.hint import Hint
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.sequence import Sender

type SideBySide = Callable[[Sequence[Iterator[Decided]]], Iterable[Sequence[Decided]]]
"""Runs jobs side by side; hands out what they yield, a few at a time, soon after they do."""


class Outcome(StrEnum):
    """What became of a hint."""

    STALE = "stale"  # nothing to do: settled, stopped, not due yet, its slot long past, or somebody else is at it
    PARKED = "parked"  # its last owner died: nobody knows whether the mail has left
    ABANDONED = "abandoned"  # its last owner died, and the enrollment was stopped or awaits an answer: the claim ends
    RELEASED = "released"  # sequence, sender or time do not allow it now: it stays in the queue
    STOPPED = "stopped"  # the contact is gone or unsubscribed, or there is no such step
    ATTEMPTED = "attempted"  # a verdict was reached and settled
    OVERTAKEN = "overtaken"  # a verdict was reached after somebody else had taken the enrollment over
    FAILED = "failed"  # an error of ours: nothing was sent, or the enrollment will be parked


@dataclass(frozen=True, slots=True)
class Report:
    """What to tell about a hint: ids are the caller's, addresses nobody's.

    `lateness` is how many milliseconds after its slot what was attempted was over. `trouble` is why it failed. `aside`
    is an error that changed nothing about the mail: how its sender is could not be noted. The next mail notes it.
    `correlation_id` is that of the request that made the enrollment.
    """

    outcome: Outcome
    attempted: Attempted | None = None
    trouble: Exception | None = None
    aside: Exception | None = None
    lateness: int | None = None
    correlation_id: str | None = None


class _Reached(NamedTuple):
    """An errand whose verdict is to be written down."""

    errand: Errand
    verdict: Verdict


class _Marked(NamedTuple):
    """What was reached, and which contact has the address that was found to be dead; or why it could not be marked."""

    reached: _Reached
    holder: int | None = None
    trouble: Exception | None = None


def send_steps(
    ports: SendPorts,
    hints: Iterable[Hint],
    *,
    owner: str,
    clock: Clock,
    out_of_time: Callable[[], bool],
    side_by_side: SideBySide,
) -> dict[Hint, Report]:
    """Sends the steps that the hints name, each at most once whoever else was hinted; reports on every hint.

    `owner` must be new for every call. A stop that was committed before the claim is always seen, and so is one that
    was committed a second (`SIGN_GOOD_FOR`) before a mail's content goes out. When this raises, no mail has left.
    """
    claimed_at = clock()
    reports = {hint: Report(Outcome.STALE) for hint in hints}
    wanted = _one_each(reports)
    good = [hint for hint in wanted if hint.is_good(claimed_at)]
    if good:
        ports.attempts.claim(good, owner=owner, now=claimed_at, lease=LEASE)
    errands, useless = [], []
    scenes = dict(zip(wanted, _scenes(ports, wanted, owner), strict=True))
    for hint, scene in scenes.items():
        held = scene.enrollment
        if held is None or held.owner != owner:
            reports[hint] = _reap(ports, held, claimed_at)
        elif scene.sequence is None or scene.sender is None or held.state is not EnrollmentState.ACTIVE:
            useless.append(hint)
        else:
            of_sequence = scene.sequence, scene.sender, scene.contact
            errand = Errand(hint, owner, held, *of_sequence, scene.app, scene.draft, scene.context, scene.callee)
            errands.append(replace(errand, is_canceled=scene.is_canceled))
    if useless:
        ports.attempts.release(useless, owner=owner)

    def too_late() -> bool:
        return out_of_time() or clock() > claimed_at + LEASE // 2  # or else the claim might lapse on the way

    signs = StopSigns(ports.attempts, [errand.contact for errand in errands if errand.contact is not None], clock)
    jobs = [deliver(ports, group, signs, clock=clock, out_of_time=too_late) for group in _by_sender(errands)]
    for decided in side_by_side(jobs):
        reports |= _settle(ports, decided, clock())
    return {hint: _traced(report, scenes.get(hint)) for hint, report in reports.items()}


def _traced(report: Report, scene: Scene | None) -> Report:
    made = None if scene is None or scene.enrollment is None else scene.enrollment.correlation_id
    return replace(report, correlation_id=made)


def _one_each(hints: Iterable[Hint]) -> list[Hint]:
    """One hint for each enrollment, the newest: the store takes one change of an item at a time."""
    newest: dict[tuple[int, EnrollmentKey], Hint] = {}
    for hint in hints:
        rival = newest.setdefault((hint.tenant, hint.enrollment), hint)
        if (hint.epoch, hint.step, hint.at) > (rival.epoch, rival.step, rival.at):
            newest[hint.tenant, hint.enrollment] = hint
    return list(newest.values())


def _scenes(ports: SendPorts, hints: Sequence[Hint], owner: str) -> list[Scene]:
    try:
        return ports.attempts.scenes(hints)
    except Exception:
        ports.attempts.release(hints, owner=owner)  # nobody has begun to send
        raise


def _by_sender(errands: Iterable[Errand]) -> list[list[Errand]]:
    groups: dict[tuple[int, int], list[Errand]] = {}
    for errand in sorted(errands, key=lambda errand: errand.hint.at):
        groups.setdefault((errand.hint.tenant, errand.hint.sender), []).append(errand)
    return list(groups.values())


def _reap(ports: SendPorts, found: Enrollment | None, now: int) -> Report:
    """A claim whose lease ran out is never taken over: what it was about is parked for somebody to find out.

    No mail can have left while something was awaited (`domain.step_move`): there the claim ends, the deadline decides.
    """
    if found is None or found.owner is None or (found.lease or 0) > now:
        return Report(Outcome.STALE)
    if found.awaits is not None:
        ended, outcome = ports.attempts.abandon(found, found, now), Outcome.ABANDONED
    elif found.state is EnrollmentState.ACTIVE:
        ended, outcome = ports.attempts.park(found, parked(found, WORKER_DIED, now), now), Outcome.PARKED
    else:
        ended, outcome = ports.attempts.abandon(found, abandoned(found, WORKER_DIED, now), now), Outcome.ABANDONED
    return Report(outcome if ended else Outcome.STALE)


def _settle(ports: SendPorts, decided: Sequence[Decided], now: int) -> dict[Hint, Report]:
    """Writes down what was decided; an error is reported with all it concerns, whose claims then lapse.

    How the senders are is noted apart: whether that succeeds changes no report's outcome.
    """
    reached = [
        _Reached(entry.errand, entry.attempted)
        for entry in decided
        if entry.attempted is not None and not isinstance(entry.attempted, SenderTrouble)
    ]
    verdicts = {entry.errand.hint for entry in reached}
    given_back = [entry for entry in decided if entry.errand.hint not in verdicts]
    marked = [_mark_dead(ports, entry, now) for entry in reached]
    reports = _write_verdicts(ports, [entry.reached for entry in marked], now) | _give_back(ports, given_back)
    unstopped = _stop_holders(ports, marked, now)
    unnoted = _note_health(ports, decided, now)
    return {
        hint: replace(report, aside=unstopped.get(hint) or unnoted.get((hint.tenant, hint.sender)))
        for hint, report in reports.items()
    }


def _mark_dead(ports: SendPorts, reached: _Reached, now: int) -> _Marked:
    """What is to be written down once a dead address is marked; where that fails, the mail is tried again later."""
    errand, verdict = reached
    if errand.contact is None or not isinstance(verdict, Rejected) or not says_dead(verdict):
        return _Marked(reached)
    try:
        return _Marked(reached, holder=mark_dead(ports.signals, errand.contact, now))
    except Exception as trouble:
        return _Marked(_Reached(errand, Retry(f"{verdict.code} {verdict.text}")), trouble=trouble)


def _stop_holders(ports: SendPorts, marked: Sequence[_Marked], now: int) -> dict[Hint, Exception]:
    """Ends all mail to who has a dead address. Returns the errors, those of marking among them."""
    errors = {entry.reached.errand.hint: entry.trouble for entry in marked if entry.trouble is not None}
    for entry in marked:
        if entry.holder is None:
            continue
        hint = entry.reached.errand.hint
        try:
            stop_holder(ports.signals, ports.enrollments, hint.tenant, entry.holder, now)
        except Exception as trouble:
            errors[hint] = trouble
    return errors


def _write_verdicts(ports: SendPorts, reached: Sequence[_Reached], now: int) -> dict[Hint, Report]:
    if not reached:
        return {}
    try:
        done = ports.attempts.settle([_settlement(entry, now) for entry in reached])
    except Exception as trouble:
        return {
            errand.hint: Report(Outcome.FAILED, verdict, trouble, lateness=now - errand.hint.at)
            for errand, verdict in reached
        }
    return {
        errand.hint: Report(_outcome(verdict, written=written), verdict, lateness=now - errand.hint.at)
        for (errand, verdict), written in zip(reached, done, strict=True)
    }


def _settlement(entry: _Reached, now: int) -> Settlement:
    errand, verdict = entry
    return Settlement(errand.held, after(errand.held, verdict, errand.sequence, errand.sender.number, now))


def _outcome(verdict: Verdict, *, written: bool) -> Outcome:
    if not written:
        return Outcome.OVERTAKEN
    return Outcome.STOPPED if isinstance(verdict, Withheld) else Outcome.ATTEMPTED


def _give_back(ports: SendPorts, entries: Sequence[Decided]) -> dict[Hint, Report]:
    if not entries:
        return {}
    try:
        ports.attempts.release([entry.errand.hint for entry in entries], owner=entries[0].errand.owner)
    except Exception as trouble:
        return {entry.errand.hint: Report(Outcome.FAILED, entry.attempted, trouble) for entry in entries}
    return {
        entry.errand.hint: Report(
            Outcome.RELEASED if entry.trouble is None else Outcome.FAILED, entry.attempted, entry.trouble
        )
        for entry in entries
    }


def _note_health(ports: SendPorts, entries: Sequence[Decided], now: int) -> dict[tuple[int, int], Exception]:
    """A sender in trouble rests; one whose mail got through has recovered. Returns the errors, by tenant and sender."""
    noted: dict[tuple[int, int], tuple[Sender, Sender]] = {}
    for entry in entries:
        sender = entry.errand.sender
        if isinstance(entry.attempted, SenderTrouble):
            noted[sender.tenant, sender.number] = sender, after_trouble(sender, entry.attempted, now)
        elif isinstance(entry.attempted, Accepted) and is_recovering(sender):
            noted[sender.tenant, sender.number] = sender, recovered(sender)
    unnoted: dict[tuple[int, int], Exception] = {}
    for place, (seen, sender) in noted.items():
        try:
            ports.attempts.note_health(seen, sender)
        except Exception as trouble:
            unnoted[place] = trouble
    return unnoted
