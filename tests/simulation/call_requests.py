"""What diallers are asked for and tell: nobody is called again but as the agent says, and no result is lost."""

from collections import Counter
from collections.abc import Mapping

from drumbeat.application.send_ports import StepRequest
from drumbeat.domain.agent import CallRetry
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.sequence import Step, StepKind
from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.call_money import is_result, result_of
from tests.simulation.call_oracle import CallOracle
from tests.simulation.call_records import Moment
from tests.simulation.oracle import ANSWER, SIGN_GOOD_FOR, Oracle, suppression_of
from tests.simulation.records import Claim, Violation, Who, maybe, number, text, who
from tests.simulation.requests import Look, Request, who_of
from tests.simulation.scheduler import Process

type Call = tuple[Who, int]
"""A request by its enrollment and number."""


GOAL = "Goal Completed"
"""What a call that has reached its goal is told as, and no other."""


class CallRequests:
    """Watches requests and results beside the oracle. All agents have the same `steps` and `retries`."""

    def __init__(
        self, calls: CallOracle, oracle: Oracle, steps: tuple[Step, ...], retries: Mapping[str, CallRetry]
    ) -> None:
        self._calls, self._oracle, self._scheduler = calls, oracle, oracle.scheduler
        self._steps, self._retries = steps, retries
        self.looks: dict[Process, Look] = {}
        self._news: set[Call] = set()
        self._open: dict[tuple[Who, int, int], Request] = {}
        self._results: dict[Call, str] = {}
        self._last: dict[Who, int] = {}
        self._put_off: set[Call] = set()
        self._again: Counter[tuple[Who, int]] = Counter()
        self._done: set[tuple[Who, int]] = set()
        self._succeeded: dict[Who, Moment] = {}
        oracle.watchers.append(self._changed)
        oracle.on_claim.append(self._claimed)

    # --- Requests ---

    def _claimed(self, claim: Claim) -> None:
        succeeded = self._succeeded.get(claim.who)
        if succeeded is not None and succeeded.commit < claim.commit:
            raise Violation("after a stop", f"{claim.who} goes on after its success")

    def asked(self, process: Process, request: StepRequest, stored: Item | None) -> Request:
        """A request is about to leave. Raises Violation where it must not."""
        enrollment, now = request.enrollment, self._scheduler.now
        me = who_of(enrollment)
        self._oracle.counts["requests"] += 1
        self._oracle.tell(f"{me} step {enrollment.step}: call {enrollment.asked} asked for")
        claim = self._oracle.claims[process].get(me)
        if claim is None or claim.step != enrollment.step or now > claim.lease:
            raise Violation("twice", f"{me} step {enrollment.step} asked for by {process.name} without a claim")
        if request.step.kind is not StepKind.CALL:
            raise Violation("no mail", f"{me}: {request.step.kind} is asked for")
        self._check_announced(me, enrollment, stored)
        self._check_callee(me, request)
        self._check_stops(claim, process, request)
        return self._next(me, enrollment)

    def _check_announced(self, me: Who, enrollment: Enrollment, stored: Item | None) -> None:
        if stored is None or text(stored, "state") == "deleted":
            return  # gone since: whatever it answers, nobody is there
        written = maybe(stored, "asked")
        has_result = (me, enrollment.asked) in self._results
        if written != enrollment.asked or (text(stored, "awaits") is None and not has_result):
            raise Violation("unannounced", f"{me} call {enrollment.asked} asked for, and nothing says so: {written}")

    def _check_callee(self, me: Who, request: StepRequest) -> None:
        member, callee = self._calls.members.get(me), request.callee
        if member is None or callee is None or callee.phone != member.place.row.phone:
            raise Violation("tenants", f"{me} is called as {callee}")

    def _check_stops(self, claim: Claim, process: Process, request: StepRequest) -> None:
        self._oracle._check_stops(claim)
        contact, look = request.contact, self.looks.get(process)
        if contact is None:
            raise Violation("after a stop", f"{claim.who} is called although its contact is gone")
        if look is None or self._scheduler.now > max(look.ended, look.begun + SIGN_GOOD_FOR):
            raise Violation("after a stop", f"{claim.who} asked for without a look for stops")
        address = "" if contact.email is None else suppression_of(claim.who.tenant, contact.email)
        self._oracle._check_signs(claim, address, look.begun)

    def _next(self, me: Who, enrollment: Enrollment) -> Request:
        place, made = (me, enrollment.step, enrollment.epoch), Request(enrollment.asked, enrollment.due)
        before = self._open.get(place)
        if before is not None and before.may_be_acted_on and not before.is_over:
            raise Violation("asked twice", f"{me} step {enrollment.step} asked for again: {before}")
        if (me, enrollment.asked) in self._results or (me, enrollment.step) in self._done:
            raise Violation("asked twice", f"{me} call {enrollment.asked} asked for although its result is known")
        self._open[place] = made
        return made

    def heard(self, _process: Process, _enrollment: Enrollment, made: Request) -> None:
        """The request has reached the dialler."""
        made.may_be_acted_on = True

    def dials(self, me: Who, begun: Moment) -> None:
        """A dialler asked from `begun` on whether it still shall call, and was told so."""
        member, stops = self._calls.members[me], self._oracle.stops
        if member.ended is not None and member.ended.commit < begun.commit:
            raise Violation("after a stop", f"{me} is dialled, and is {member.state}")
        stopped, paused = stops.contacts.get((me.tenant, me.contact)), stops.paused.get((me.tenant, me.sequence))
        if (stopped is not None and stopped < begun.at) or (paused is not None and paused < begun.commit):
            raise Violation("after a stop", f"{me} is dialled although its contact or agent was stopped before")
        self._calls.check_cancels(member, begun, "dialled")

    def now(self) -> Moment:
        """This moment."""
        return self._calls.now()

    # --- What is committed ---

    def _changed(self, kind: str, tenant: int, key: Key, before: Item | None, after: Item | None) -> None:
        if is_result(key) and after is not None:
            call = result_of(tenant, key), number(after, "asked")
            self._results[call] = text(after, "result_type") or ""
            self._last[call[0]] = call[1]
            if "rescheduled_at" in after:
                self._put_off.add(call)
        elif kind == "enrollment" and before is not None and after is not None:
            self._moved(who(tenant, after), before, after)

    def _moved(self, me: Who, before: Item, after: Item) -> None:
        if "awaits" in after and maybe(after, "asked") != maybe(before, "asked") and text(before, "state") != "active":
            raise Violation("after a stop", f"{me} is announced while {text(before, 'state')}")
        if "succeeded_at" in after and "succeeded_at" not in before:
            self._succeeded[me] = self._calls.now()
        process = self._scheduler.current
        if process is None or process.name != ANSWER or "awaits" not in before or "awaits" in after:
            return
        step = number(before, "step")
        place = me, step, number(before, "epoch")
        if place in self._open and text(after, "state") in {"active", "paused"} and number(after, "step") == step:
            self._open[place].is_over = True
            self._check_again(me, number(before, "asked"), step)
        elif number(after, "step") > step:
            self._done.add((me, step))

    def _check_again(self, me: Who, asked: int, step: int) -> None:
        """Somebody is to be called again: the agent says so, or they asked for it, or nobody was called at all."""
        result = self._results.get((me, asked))
        if result is None or (me, asked) in self._put_off:
            return
        self._again[me, step] += 1
        rule = self._retries.get(result)
        if rule is None or self._again[me, step] > max(rule.times for rule in self._retries.values()):
            raise Violation("asked twice", f"{me} step {step} is called again after {result}, {self._again[me, step]}")

    # --- Results ---

    def told(self, enrollment: Enrollment, *, changed: bool) -> None:
        """A dialler was told that its result is known: then it is; that it is news, it is told once."""
        call = who_of(enrollment), enrollment.asked
        if call not in self._results:
            raise Violation("lost", f"{call} was told to be noted, and is not")
        if changed and call in self._news:
            raise Violation("twice", f"{call} was told to be news again")
        if changed:
            self._news.add(call)

    def refused(self, enrollment: Enrollment, error: Exception) -> None:
        """A result was refused for good: that may be only where nobody is any more."""
        member = self._calls.members.get(who_of(enrollment))
        if member is None or not member.is_deleted:
            raise Violation("lost", f"{who_of(enrollment)} call {enrollment.asked}: result refused: {error!r}")

    def reckon(self, tenant: int, item: Item) -> None:
        """At rest: whatever went on is done, and whatever ended says why."""
        me, state, step = who(tenant, item), text(item, "state"), number(item, "step")
        if state == "deleted":
            return
        if state in {"active", "paused"} or "owner" in item:
            raise Violation("stuck", f"{me} is {state} with owner {text(item, 'owner')}")
        for place in range(step):
            if not self._is_done(me, place):
                raise Violation("lost", f"{me} is past step {place}, which nobody did")
        is_ended = "finished_at" in item or "succeeded_at" in item
        if state == "finished" and step < len(self._steps) and not is_ended:
            raise Violation("lost", f"{me} is finished at step {step}")
        if state == "failed" and "exit_reason" not in item:
            raise Violation("no reason", f"{me} has failed, and nobody says why")
        is_called = "awaits" in item
        call, mail = (me, maybe(item, "asked") or 0), (me, step)
        if state == "parked" and (call in self._results if is_called else mail not in self._oracle.doubtful):
            raise Violation("parked", f"{me} is parked at step {step}, the fate of which is known")
        self._check_results(me, item)

    def _check_results(self, me: Who, item: Item) -> None:
        results = {asked: result for (whose, asked), result in self._results.items() if whose == me}
        if maybe(item, "last_call") != self._last.get(me):
            raise Violation("drifted", f"{me} says that its last call is {maybe(item, 'last_call')} of {results}")
        if ("succeeded_at" in item) != (GOAL in results.values()):
            raise Violation("drifted", f"{me} has succeeded at {maybe(item, 'succeeded_at')}, with {results}")

    def _is_done(self, me: Who, place: int) -> bool:
        if (me, place) in self._oracle.said_accepted or (me, place) in self._done:
            return True
        kind = self._steps[place].kind
        return kind is StepKind.WAIT or (kind is StepKind.EMAIL and bool(self._oracle.mails_of(me, place)))
