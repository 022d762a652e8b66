"""What must hold of credits: what is set aside has an owner, a call is paid for once, and nobody is short of money."""

from datetime import UTC, datetime

from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.call_oracle import CallOracle
from tests.simulation.call_records import Member
from tests.simulation.oracle import MOST_SKEW, Oracle
from tests.simulation.records import Violation, Who, maybe, number, who
from tests.simulation.scheduler import Process

_ACCOUNT, _DAY, _SPENT = "ACCOUNT", "DAY#", "spent_"


class CallMoney:
    """Raises Violation when an account says something else than what was accepted, called and given back.

    `prices` are what a call of each agent costs. Everything belongs to one tenant.
    """

    def __init__(self, calls: CallOracle, oracle: Oracle, prices: dict[int, int]) -> None:
        self._calls, self._oracle, self._scheduler, self._prices = calls, oracle, oracle.scheduler, prices
        self.noted: set[tuple[Who, int]] = set()
        self._account: Item = {}
        self._days: dict[str, tuple[int, int]] = {}
        self._left_behind: dict[Who, int] = {}
        self._charged = 0
        self._is_touched = False
        self._new: list[tuple[Who, int]] = []
        oracle.watchers.append(self._changed)
        calls.on_settled.append(self._paid)
        calls.after_settled.append(self._check)

    def _changed(self, kind: str, tenant: int, key: Key, before: Item | None, after: Item | None) -> None:
        if kind == "credits" and after is not None:
            self._is_touched = True
            if key[1] == _ACCOUNT:
                self._more_held(maybe(self._account, "held") or 0, after)
                self._account = after
            elif key[1].startswith(_DAY):
                self._days[key[1]] = number(after, "credits"), number(after, "calls")
        elif is_result(key):
            self._result(tenant, key, before, after)
        elif kind == "enrollment":
            self._is_touched = True
            if before is not None and after is None and "hold" in before:
                self._left_behind[who(tenant, before)] = number(before, "hold")

    def _more_held(self, before: int, after: Item) -> None:
        """Credits are set aside while they last, in the month of the clock that was looked at."""
        held, allocated = number(after, "held"), maybe(after, "allocated")
        if held <= before or allocated is None:
            return
        now = self._scheduler.now
        spent = min(maybe(after, _SPENT + _month(now + skew)) or 0 for skew in (-MOST_SKEW, MOST_SKEW))
        if held + spent > allocated:
            raise Violation("credits", f"{held} held and {spent} spent of {allocated}")

    # --- Results are paid for ---

    def _result(self, tenant: int, key: Key, before: Item | None, after: Item | None) -> None:
        if after is None:
            if _name(self._scheduler.current) != "delete":
                raise Violation("lost", f"the result {key} is gone")
            return  # it is erased with whom it is about
        call = result_of(tenant, key), number(after, "asked")
        if before is not None or call in self.noted:
            raise Violation("twice", f"the result {key} was noted again")
        self._new.append(call)

    def _paid(self) -> None:
        """The first result of an enrollment costs what was set aside for it, any other one the price."""
        new, self._new = self._new, []
        for me, asked in new:
            self.noted.add((me, asked))
            member = self._calls.members.get(me)
            hold = 0 if member is None else member.hold
            self._charged += hold or self._prices[me.sequence]
            self._oracle.counts["results"] += 1
            self._is_touched = True

    # --- What accounts say ---

    def _check(self) -> None:
        if not self._is_touched:
            return
        self._is_touched = False
        spent = sum(number(self._account, name) for name in self._account if name.startswith(_SPENT))
        days = sum(credits for credits, _ in self._days.values())
        calls = sum(calls for _, calls in self._days.values())
        if (spent, days, calls) != (self._charged, self._charged, len(self.noted)):
            raise Violation("credits", f"{spent} and {days} spent on {calls}; {self._charged} on {len(self.noted)}")
        held, owned = maybe(self._account, "held") or 0, self._owned()
        if not owned <= held <= owned + sum(self._left_behind.values()):
            raise Violation("credits", f"{held} held, and {owned} have owners, {self._left_behind} had")

    def _owned(self) -> int:
        """What enrollments hold, and what rows that are still to be made will."""
        stored = sum(member.hold for member in self._calls.members.values())
        unmade = 0
        for order in self._calls.orders:
            if order.accepted is not None and not order.is_single:
                made = sum((order, index) in self._calls.places for index in order.good)
                unmade += order.price * (len(order.good) - made)
        return stored + unmade

    def reckon(self, lost: set[Who]) -> None:
        """At rest: whoever is over holds nothing, but where the stream did not tell of it."""
        for member in self._calls.members.values():
            if member.hold and _is_over(member) and member.who not in lost:
                raise Violation("credits", f"{member.who} is {member.state} and holds {member.hold}")
        held = (maybe(self._account, "held") or 0) - self._owned()
        told = sum(hold for me, hold in self._left_behind.items() if me not in lost)
        if held > sum(self._left_behind.values()) - told:
            raise Violation("credits", f"{held} held for {self._left_behind}, who are gone")


def _name(process: Process | None) -> str:
    return "" if process is None else process.name.split(" ")[0]


def _is_over(member: Member) -> bool:
    return not member.is_live and member.state != "waiting"


def _month(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).strftime("%Y-%m")


def is_result(key: Key) -> bool:
    """Whether the result of a call lies there."""
    return "#CALLS#" in key[0] and key[0].split("#")[2] == "S"


def result_of(tenant: int, key: Key) -> Who:
    """Whose call it was."""
    contact, run, _ = key[1].split("#")
    return Who(tenant, int(key[0].split("#")[3]), int(contact), int(run))
