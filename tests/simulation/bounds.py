"""The part of the oracle that knows the bounds: pace, caps, windows, and that nobody claims but by a reservation."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict

from drumbeat.adapters.dynamodb import table
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.sequence_items import sequence_of
from drumbeat.domain.delivery import LEASE
from drumbeat.domain.hint import GOOD_FOR, Counts
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import CLAIMS_ARRIVE_WITHIN, MAY_LEAVE_FOR, Reservation
from drumbeat.domain.plan import HORIZON
from drumbeat.domain.schedule import Hours, next_open
from drumbeat.domain.times import MINUTE, SECOND, utc_day
from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.oracle import MOST_SKEW, Oracle
from tests.simulation.records import Accepted, Claim, Violation, Who, maybe, number, who

_HANDED_OUT_BEFORE = HORIZON + MAY_LEAVE_FOR + MINUTE
"""How long before a mail leaves its slot was handed out at most, under the limits of that time."""
_DIALOGUE = 45 * SECOND
"""From the last look at the hours until a mail's content goes out: everything before DATA."""


class Limits[Value]:
    """Values with the instants they were set at."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], list[tuple[int, Value]]] = {}

    def set(self, place: tuple[int, int], value: Value, now: int) -> None:
        """From now on this one holds."""
        known = self._known.setdefault(place, [])
        if not known or known[-1][1] != value:
            known.append((now, value))

    def since(self, place: tuple[int, int], instant: int) -> list[Value]:
        """All that held at the instant or later."""
        known = self._known[place]
        first = max((at for at, (since, _) in enumerate(known) if since <= instant), default=0)
        return [value for _, value in known[first:]]


class Bounds:
    """Watches lanes, senders and sequences, and every mail."""

    def __init__(self, oracle: Oracle, min_wait: int) -> None:
        self._oracle = oracle
        self._scheduler, self._min_wait = oracle.scheduler, min_wait * SECOND
        self.daily_limits: Limits[int] = Limits()
        self.caps: Limits[int | None] = Limits()
        self.daily_mails: Limits[int | None] = Limits()
        self.waits: dict[tuple[int, int], int] = {}
        self.hours: Limits[Hours | None] = Limits()
        self.first_steps: Counter[tuple[int, int, int]] = Counter()
        self.of_sequence: Counter[tuple[int, int, int]] = Counter()
        self.of_sender: Counter[tuple[int, int, int]] = Counter()
        self.slots: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._asked_on: dict[tuple[Who, int], int] = {}
        self.reserved: dict[tuple[int, int], tuple[Reservation, ...]] = {}
        oracle.watchers.append(self.changed)
        oracle.on_claim.append(self.claimed)
        oracle.on_content.append(self.content_goes_out)
        oracle.on_accept.append(self.accepted)
        oracle.on_denial.append(self.denied)

    def changed(self, kind: str, tenant: int, _key: Key, before: Item | None, after: Item | None) -> None:
        """Observes a commit."""
        if after is None:
            return
        now = self._scheduler.now
        if kind == "sender":
            self._sender(tenant, after, now)
        elif kind == "sequence":
            place = tenant, number(after, "number")
            self.caps.set(place, maybe(after, "daily_cap"), now)
            self.hours.set(place, sequence_of(from_wire(after)).hours if "hours" in after else None, now)
        elif kind == "lane" and "reserved" in after:
            self._lane(tenant, after)
        elif kind == "enrollment" and before is None:
            self._made(who(tenant, after), after)

    def _sender(self, tenant: int, after: Item, now: int) -> None:
        place = tenant, number(after, "number")
        self.daily_limits.set(place, number(after, "daily_limit"), now)
        self.daily_mails.set(place, maybe(after, "daily_mails"), now)
        self.waits[place] = int(after["pace"]["L"][0]["N"]) * SECOND if "pace" in after else self._min_wait

    def _lane(self, tenant: int, after: Item) -> None:
        lane = lane_of({"wake_at": None} | table.from_wire(after))  # what stands in for it reads no list twice
        place = tenant, lane.sender
        known = {(entry.errand, entry.at) for entry in self.reserved.get(place, ())}
        self.reserved[place] = lane.reserved
        slots, wait = self.slots[place], self.waits.get(place, self._min_wait)
        for entry in lane.reserved:
            if (entry.errand, entry.at) in known:
                continue
            key = entry.enrollment
            if entry.step == 0:
                self._oracle.first_steps_of[place].add((Who(tenant, key.sequence, key.contact, key.run), entry.epoch))
            if entry.counts is not Counts.MAIL:
                continue
            after_it = bisect_left(slots, entry.at)
            for other in slots[max(after_it - 1, 0) : after_it + 1]:
                if abs(other - entry.at) < wait:
                    raise Violation("pace", f"sender {lane.sender}: slots {abs(other - entry.at)} ms apart")
            insort(slots, entry.at)

    def _made(self, me: Who, after: Item) -> None:
        """Enrolled beside the deletion of its contact: what left meanwhile, after the call had begun, is not known."""
        begun = number(after, "created_at" if "timed" in after else "due")
        for life in range(self._oracle.lives[me]):
            for mail in self._oracle.accepts.get((me, 0, life), []):
                if begun <= mail.claim.at + MOST_SKEW:
                    self._take_back(mail)

    def claimed(self, claim: Claim) -> None:
        """Every claim happens under a live reservation of its sender's lane, and was asked for soon after its slot.

        One that arrived later than claims ever do (somebody stopped the clock for it) may find the reservation lapsed.
        """
        me, now, asked = claim.who, self._scheduler.now, claim.lease - LEASE
        for entry in self._reserved_for(claim):
            lives = entry.until > now - MOST_SKEW or now > asked + CLAIMS_ARRIVE_WITHIN
            if lives and asked <= entry.at + GOOD_FOR + MOST_SKEW:
                return
        raise Violation("pace", f"{me} step {claim.step} claimed without a reservation of sender {claim.sender}")

    def _reserved_for(self, claim: Claim) -> list[Reservation]:
        me, known = claim.who, self.reserved.get((claim.who.tenant, claim.sender), ())
        wanted = EnrollmentKey(me.sequence, me.contact, me.run), claim.step, claim.epoch
        return [entry for entry in known if entry.errand == wanted]

    def content_goes_out(self, claim: Claim) -> None:
        """The window was open when the mail was begun, and its slot was one for mails."""
        me, now = claim.who, self._scheduler.now
        slots = self._reserved_for(claim)
        if slots and all(entry.counts is not Counts.MAIL for entry in slots):
            raise Violation("pace", f"{me} step {claim.step} mailed in a slot that counts for no mail")
        zone = None
        for hours in self.hours.since((me.tenant, me.sequence), claim.at):
            if hours is None or next_open(now - _DIALOGUE, hours, zone) <= now + MOST_SKEW:
                return
        raise Violation("window", f"{me} step {claim.step} sent while closed")

    def accepted(self, mail: Accepted) -> None:
        """Caps hold for what servers took over, counted on the day of the worker's clock."""
        me, since, day = mail.claim.who, mail.at - _HANDED_OUT_BEFORE, _day_of(mail)
        if me in self._oracle.said_bounced:
            return
        self._count(me, day, since)
        sender = me.tenant, mail.sender
        self.of_sender[*sender, day] += 1
        mails = self.daily_mails.since(sender, since)
        if None not in mails and self.of_sender[*sender, day] > max(most for most in mails if most is not None):
            raise Violation("cap", f"sender {mail.sender} sent {self.of_sender[*sender, day]} mails on a day")
        if mail.claim.step:
            return
        self.first_steps[*sender, day] += 1
        if self.first_steps[*sender, day] > max(self.daily_limits.since(sender, since)):
            raise Violation("cap", f"sender {mail.sender} sent {self.first_steps[*sender, day]} first steps on a day")

    def asked(self, me: Who, step: int, day: int) -> None:
        """The tenant's app has heard that it shall do a step on LinkedIn: that counts for its sequence, as mails do."""
        self._asked_on[me, step] = day
        self._count(me, day, self._scheduler.now - _HANDED_OUT_BEFORE)

    def undone(self, me: Who, step: int) -> None:
        """The app says that it has not done the step, and is believed."""
        self.of_sequence[me.tenant, me.sequence, self._asked_on.pop((me, step))] -= 1

    def _count(self, me: Who, day: int, since: int) -> None:
        sequence = me.tenant, me.sequence
        self.of_sequence[*sequence, day] += 1
        caps = self.caps.since(sequence, since)
        if None not in caps and self.of_sequence[*sequence, day] > max(cap for cap in caps if cap is not None):
            raise Violation("cap", f"sequence {me.sequence} did {self.of_sequence[*sequence, day]} steps on a day")

    def denied(self, me: Who, step: int) -> None:
        """Somebody says that a mail has not left; whoever says so wrongly is believed all the same."""
        for mail in self._oracle.mails_of(me, step):
            self._take_back(mail)

    def _take_back(self, mail: Accepted) -> None:
        me, day = mail.claim.who, _day_of(mail)
        self.of_sequence[me.tenant, me.sequence, day] -= 1
        self.of_sender[me.tenant, mail.sender, day] -= 1
        self.first_steps[me.tenant, mail.sender, day] -= mail.claim.step == 0


def _day_of(mail: Accepted) -> int:
    return utc_day(mail.at + mail.claim.process.skew)
