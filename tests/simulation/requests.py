"""What tenants' apps are asked for and answer: nobody is asked again but as designed, and no answer is lost."""

from collections import Counter
from dataclasses import dataclass

from drumbeat.application.send_ports import StepRequest
from drumbeat.domain.connector_answer import Answer, StepDone, StepFailed
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Awaits, Enrollment
from drumbeat.domain.sequence import DraftStrategy, Step, StepKind
from drumbeat.domain.times import utc_day
from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.bounds import Bounds
from tests.simulation.oracle import ANSWER, MOST_SKEW, SIGN_GOOD_FOR, Oracle, suppression_of
from tests.simulation.records import Claim, Violation, Who, maybe, number, text, who
from tests.simulation.scheduler import Process


@dataclass(slots=True)
class Request:
    """One request: `may_be_acted_on` once the app may have heard of it, `is_over` once it said that it could not."""

    number: int
    deadline: int
    may_be_acted_on: bool = False
    is_over: bool = False


@dataclass(slots=True)
class Look:
    """A look for stop signs: what was committed before it began shows in it."""

    begun: int
    ended: int


class Requests:
    """Watches requests and answers beside the oracle and the bounds. `steps` are those of every sequence."""

    def __init__(self, oracle: Oracle, bounds: Bounds, steps: tuple[Step, ...]) -> None:
        self._bounds = bounds
        self._oracle, self._scheduler, self._steps = oracle, oracle.scheduler, steps
        self.looks: dict[Process, Look] = {}
        self.last: dict[tuple[Who, int, int], Request] = {}
        self.done: Counter[tuple[Who, int]] = Counter()
        self.drafted: set[tuple[Who, int]] = set()
        self._closed: dict[tuple[Who, int], tuple[int, int]] = {}
        self.told_done: set[tuple[Who, int]] = set()
        self.told_drafted: set[tuple[Who, int]] = set()
        oracle.watchers.append(self._changed)
        oracle.on_content.append(self._content_goes_out)

    def asked(self, process: Process, request: StepRequest, stored: Item | None) -> Request:
        """A request is about to leave. Raises Violation where it must not."""
        enrollment, now = request.enrollment, self._scheduler.now
        me = who_of(enrollment)
        self._oracle.counts["requests"] += 1
        self._oracle.tell(f"{me} step {enrollment.step}: asked, {enrollment.awaits} {enrollment.asked}")
        claim = self._oracle.claims[process].get(me)
        if claim is None or claim.step != enrollment.step or now > claim.lease:
            raise Violation("twice", f"{me} step {enrollment.step} asked for by {process.name} without a claim")
        self._check_announced(me, enrollment, stored)
        self._check_stops(claim, process, request)
        return self._next(me, enrollment, now)

    def _check_announced(self, me: Who, enrollment: Enrollment, stored: Item | None) -> None:
        if stored is None:
            return  # deleted since: whatever it answers, nobody is there
        written = text(stored, "awaits"), maybe(stored, "asked"), maybe(stored, "due")
        if written != (enrollment.awaits, enrollment.asked, enrollment.due):
            raise Violation("unannounced", f"{me} step {enrollment.step} asked for, and nothing says so: {written}")

    def _check_stops(self, claim: Claim, process: Process, request: StepRequest) -> None:
        self._oracle._check_stops(claim)
        contact, look = request.contact, self.looks.get(process)
        if contact is None or contact.email is None:
            return
        if look is None or not (self._scheduler.now <= max(look.ended, look.begun + SIGN_GOOD_FOR)):
            raise Violation("after a stop", f"{claim.who} asked for without a look for stops")
        self._oracle._check_signs(claim, suppression_of(claim.who.tenant, contact.email), look.begun)

    def _next(self, me: Who, enrollment: Enrollment, now: int) -> Request:
        place = me, enrollment.step, enrollment.epoch
        before, made = self.last.get(place), Request(enrollment.asked, enrollment.due)
        if (me, enrollment.step) in self.told_done | self.told_drafted:
            raise Violation("asked twice", f"{me} step {enrollment.step} asked for although it was answered")
        if before is not None and before.may_be_acted_on and not before.is_over:
            if enrollment.awaits is Awaits.STEP:
                raise Violation("asked twice", f"{me} step {enrollment.step} asked for again")
            if now < before.deadline - MOST_SKEW or before.number == made.number:
                raise Violation("asked twice", f"{me} step {enrollment.step}: another draft before the deadline")
        self.last[place] = made
        return made

    def heard(self, process: Process, enrollment: Enrollment, made: Request) -> None:
        """The request has reached the app."""
        made.may_be_acted_on = True
        if enrollment.awaits is Awaits.STEP:
            self._bounds.asked(who_of(enrollment), enrollment.step, utc_day(self._scheduler.now + process.skew))

    def _changed(self, kind: str, tenant: int, _key: Key, before: Item | None, after: Item | None) -> None:
        process = self._scheduler.current
        if kind != "enrollment" or before is None or after is None or process is None or process.name != ANSWER:
            return
        if "awaits" not in before or "awaits" in after:
            return
        me, step = who(tenant, before), number(before, "step")
        self._closed[me, step] = number(before, "epoch"), number(before, "asked")
        if number(after, "step") > step:
            self.done[me, step] += 1
            if self.done[me, step] > 1:
                raise Violation("twice", f"{me} step {step} was done twice")
        elif "drafted" in after:
            self.drafted.add((me, step))
        else:
            self.last[me, step, number(before, "epoch")].is_over = True

    def told(self, enrollment: Enrollment, answer: Answer, now: int) -> None:
        """The app was told at `now` by its clock that its answer to the request has changed something."""
        place = who_of(enrollment), enrollment.step
        if now > enrollment.due:
            raise Violation("late", f"{place[0]} step {place[1]}: an answer counted after its deadline")
        if self._closed[place] != (enrollment.epoch, enrollment.asked):
            raise Violation("late", f"{place[0]} step {place[1]}: an answer counted for another request")
        if isinstance(answer, StepFailed):
            self._undone(enrollment)
        elif isinstance(answer, StepDone):
            self.told_done.add(place)
        elif isinstance(answer, Draft):
            self.told_drafted.add(place)

    def _undone(self, enrollment: Enrollment) -> None:
        if enrollment.awaits is Awaits.STEP:
            self._bounds.undone(who_of(enrollment), enrollment.step)

    def _content_goes_out(self, claim: Claim) -> None:
        step = self._steps[claim.step]
        if step.kind is not StepKind.EMAIL:
            raise Violation("no mail", f"{claim.who} step {claim.step} is mailed")
        if step.draft is DraftStrategy.AI and (claim.who, claim.step) not in self.drafted:
            raise Violation("no mail", f"{claim.who} step {claim.step} is mailed without its draft")

    def reckon(self, tenant: int, item: Item) -> None:
        """At rest: whoever has answered and was told so is believed, and whatever ended says why."""
        me, state, step = who(tenant, item), text(item, "state"), number(item, "step")
        if state in {"active", "paused"} or "owner" in item:
            raise Violation("stuck", f"{me} is {state} with owner {text(item, 'owner')}")
        for place in range(step):
            if not self._is_done(me, place):
                raise Violation("lost", f"{me} is past step {place}, which nobody did")
        for told, place in self.told_done:
            if told == me and place >= step:
                raise Violation("lost", f"{me} is {state} at step {step}, and the app was told that {place} was done")
        by_hand = "finished_at" in item
        if state == "finished" and step < len(self._steps) and not by_hand:
            raise Violation("lost", f"{me} is finished at step {step}")
        self._check_reason(me, state, step, item)

    def _check_reason(self, me: Who, state: str | None, step: int, item: Item) -> None:
        if state == "failed" and "exit_reason" not in item:
            raise Violation("no reason", f"{me} has failed, and nobody says why")
        if state == "parked" and "awaits" not in item and (me, step) not in self._oracle.doubtful:
            raise Violation("parked", f"{me} is parked at step {step}, the fate of which is known")

    def _is_done(self, me: Who, place: int) -> bool:
        if (me, place) in self._oracle.said_accepted or self._steps[place].kind is StepKind.WAIT:
            return True
        if self._steps[place].kind is StepKind.EMAIL:
            return bool(self._oracle.mails_of(me, place))
        return bool(self.done[me, place])


def who_of(enrollment: Enrollment) -> Who:
    """Whose enrollment this is."""
    key = enrollment.key
    return Who(enrollment.tenant, key.sequence, key.contact, key.run)
