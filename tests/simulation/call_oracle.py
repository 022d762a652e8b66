"""What must hold of scheduled calls at every commit: rows, groups, cancels; told by what is stored, not by who did it.

Money is watched beside it (`call_money`), and what diallers are asked for (`call_requests`).
"""

from collections import defaultdict
from collections.abc import Callable

from drumbeat.domain.call_group import group_digest
from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.call_records import Cancel, Chain, GroupName, Member, Moment, Order, Place
from tests.simulation.oracle import MOST_SKEW, Oracle
from tests.simulation.records import Claim, Violation, Who, maybe, number, text, who
from tests.simulation.scheduler import Process

type Change = tuple[Item | None, Item | None]


class CallOracle:
    """Raises Violation the moment a promise about rows, groups or cancels is broken.

    Whoever stands around the calls to the store says with `settled` that one is done: what a transaction writes is
    looked at as a whole. `on_settled` hear of that with members as they were before, `after_settled` as they are then.
    """

    def __init__(self, oracle: Oracle) -> None:
        self._oracle, self._scheduler = oracle, oracle.scheduler
        self.orders: list[Order] = []
        self.order_of: dict[Process, Order] = {}
        self.members: dict[Who, Member] = {}
        self.places: dict[Place, Member] = {}
        self.chains: defaultdict[GroupName, Chain] = defaultdict(Chain)
        self.cancels: list[Cancel] = []
        self.on_settled: list[Callable[[], None]] = []
        self.after_settled: list[Callable[[], None]] = []
        self._known_closed: dict[str, list[Moment]] = {}
        self._batches: dict[tuple[int, int], Order] = {}
        self._enrollments: list[tuple[int, Change]] = []
        self._dirty: set[GroupName] = set()
        oracle.watchers.append(self._changed)
        oracle.on_claim.append(self._claimed)

    def now(self) -> Moment:
        """This moment."""
        return Moment(self._scheduler.now, self._oracle.commits)

    def answered(self, order: Order) -> None:
        """The customer was told that the calls will be made."""
        order.is_told = True
        if order.accepted is None:
            raise Violation("lost", f"order {order.intent} was said to be accepted, and was not")

    def cancel_begins(self, tenant: int, variable: str, value: str) -> Cancel:
        """A customer cancels; every try is one."""
        cancel = Cancel(tenant, variable, value, self.now())
        self.cancels.append(cancel)
        return cancel

    # --- What is committed ---

    def _changed(self, kind: str, tenant: int, key: Key, before: Item | None, after: Item | None) -> None:
        if kind == "batch" and before is None and after is not None:
            self._batch_made(tenant, number(after, "number"))
        elif kind == "enrollment":
            self._enrollments.append((tenant, (before, after)))
        elif "closed_at" in (after or {}) and (before or {}).get("closed_at") != (after or {}).get("closed_at"):
            self._known_closed.setdefault(key[0].rpartition("#")[2], []).append(self.now())

    def settled(self) -> None:
        """One call to the store is done."""
        changed, self._enrollments = self._enrollments, []
        for heard in self.on_settled:
            heard()
        for tenant, (before, after) in changed:
            self._enrollment(tenant, before, after)
        dirty, self._dirty = self._dirty, set()
        for group in dirty:
            self._check_turns(group)
        for heard in self.after_settled:
            heard()

    def _batch_made(self, tenant: int, number: int) -> None:
        process = self._scheduler.current
        order = None if process is None else self.order_of.get(process)
        if process is None or order is None:
            return
        if order.batch is not None:
            raise Violation("twice", f"order {order.intent} was accepted as batch {order.batch} and {number}")
        order.batch, order.begun = number, process.dies_at - process.lifetime
        order.accepted = self.now()
        self._batches[tenant, number] = order
        self._oracle.tell(f"order {order.intent} accepted as batch {number}")

    def _enrollment(self, tenant: int, before: Item | None, after: Item | None) -> None:
        item = before if after is None else after
        if item is None:
            return
        me = who(tenant, item)
        if before is None and after is not None:
            self._made(me, after)
        elif me in self.members:
            self._moved(self.members[me], before, after)

    # --- Rows ---

    def _made(self, me: Who, after: Item) -> None:
        place = self._place_of(me.tenant, text(after, "batch_tag") or "")
        if place is None:
            return
        if place in self.places:
            raise Violation("twice", f"row {place.index} of {place.order.intent} is {self.places[place].who} and {me}")
        if not place.row.is_good:
            raise Violation("rejected", f"row {place.index} of {place.order.intent} broke a rule and became {me}")
        member = Member(me, place, text(after, "state") or "", maybe(after, "hold") or 0)
        self.members[me] = self.places[place] = member
        self._oracle.tell(f"{me} is row {place.index} of {place.order.intent}, {member.state}, {place.group}")
        self._oracle.counts["rows"] += 1
        group = place.group
        if group is not None:
            self.chains[group].members.append(member)
            self._dirty.add(group)
            if member.is_live:
                self._check_open(group, member)
        if member.state == "finished":
            self._check_taken_out(member, after)

    def _place_of(self, tenant: int, tag: str) -> Place | None:
        if tag.startswith("b"):
            batch, _, index = tag[1:].partition(".")
            order = self._batches.get((tenant, int(batch)))
            return None if order is None or not index else Place(order, int(index))
        process = self._scheduler.current
        order = None if process is None else self.order_of.get(process)
        if process is None or order is None or not order.is_single:
            return None
        order.begun, order.accepted = process.dies_at - process.lifetime, self.now()
        return Place(order, 0)

    # --- Groups ---

    def _moved(self, member: Member, before: Item | None, after: Item | None) -> None:
        was_live, was = member.is_live, member.state
        member.hold = 0 if after is None else maybe(after, "hold") or 0
        member.state = "gone" if after is None else text(after, "state") or ""
        member.is_deleted = member.state in {"gone", "deleted"}
        group = member.place.group
        if group is not None and was != member.state:
            self._dirty.add(group)
        if was_live and not member.is_live:
            member.ended = self.now()
        if member.is_live and not was_live:
            self._oracle.counts["activated"] += 1
            self._check_live_again(member, was, group)
        if group is not None and after is not None:
            self._note_closing(group, member, before, after, was_live=was_live)
        if after is not None and member.state == "finished" != was:
            self._check_taken_out(member, after)

    def _check_live_again(self, member: Member, was: str, group: GroupName | None) -> None:
        if was != "waiting":
            raise Violation("backwards", f"{member.who} was {was} and goes on")
        if group is None:
            raise Violation("groups", f"{member.who} waited for a group that it is none of")
        self._check_open(group, member)

    def _note_closing(
        self, group: GroupName, member: Member, before: Item | None, after: Item, *, was_live: bool
    ) -> None:
        has_succeeded = before is not None and "succeeded_at" in after and "succeeded_at" not in before
        if member.is_live or not (was_live or has_succeeded):
            return
        if was_live:
            if "succeeded_at" in after or "finished_at" in after or member.state == "replied":
                self._oracle.tell(f"{member.who} closes its group")
                self.chains[group].closings.append(self.now())
        elif not any(closing.at >= member.place.accepted.at for closing in self._closings_of(group)):
            self._oracle.tell(f"{member.who} has succeeded after its end")  # its chain goes on, else that says nothing
            self.chains[group].late.append(self.now())

    def _check_open(self, group: GroupName, member: Member) -> None:
        """Whose turn comes was not accepted before a member ended that closed the group."""
        accepted = member.place.accepted
        for closing in self.chains[group].closings:
            if accepted.at + MOST_SKEW < closing.at and closing.commit < self._oracle.commits:
                raise Violation("closed", f"{member.who} goes on although {group} closed before")

    def _check_turns(self, group: GroupName) -> None:
        live = [member.who for member in self.chains[group].members if member.is_live]
        if len(live) > 1:
            raise Violation("groups", f"{live} go on at once in {group}")

    # --- Cancels, and who is taken out without one ---

    def _claimed(self, claim: Claim) -> None:
        member = self.members.get(claim.who)
        if member is None:
            return
        self.check_cancels(member, Moment(claim.at, claim.commit), f"claimed for step {claim.step}")

    def check_cancels(self, member: Member, moment: Moment, what: str) -> None:
        """Nothing is begun for a row that was cancelled before, if it was accepted before that."""
        for cancel in self.cancels:
            if cancel.ended is None or not cancel.is_about(member.place):
                continue
            if cancel.ended.commit < moment.commit and member.place.accepted.at + MOST_SKEW < cancel.begun.at:
                raise Violation("after a stop", f"{member.who} is {what} after {cancel}")

    def _check_taken_out(self, member: Member, after: Item) -> None:
        """Somebody finished it: a user did, a cancel that is about it, or its group has closed."""
        process = self._scheduler.current
        if "finished_at" not in after or (process is not None and process.name.split(" ")[0] == "finish"):
            return
        place, group = member.place, member.place.group
        begun = place.order.begun - MOST_SKEW
        if any(cancel.is_about(place) and cancel.begun.at >= begun for cancel in self.cancels):
            return
        if group is None or not any(closing.at >= begun for closing in self._closings_of(group)):
            raise Violation("lost", f"{member.who} was finished, and nobody did it: {text(after, 'exit_reason')}")

    def _closings_of(self, group: GroupName) -> list[Moment]:
        """When it came to the end of a chain, and when that was noted: who was accepted in between belongs to it."""
        chain, noted = self.chains[group], self._known_closed.get(group_digest(group.variable, group.value), [])
        return [*chain.closings, *chain.late, *noted]

    # --- At rest ---

    def reckon(self) -> None:
        """Every accepted row was made, and no group stands still."""
        for order in self.orders:
            self._check_made(order)
        for group, chain in self.chains.items():
            waiting = [member for member in chain.members if member.state == "waiting"]
            if waiting and not any(member.is_live for member in chain.members):
                raise Violation("stuck", f"{waiting[0].who} waits in {group}, and nobody is at it")
            self._check_closed(group, chain)

    def _check_made(self, order: Order) -> None:
        if order.accepted is None:
            if order.is_told:
                raise Violation("lost", f"order {order.intent} was accepted and left nothing")
            return
        for index in order.good:
            if Place(order, index) not in self.places:
                raise Violation("lost", f"row {index} of {order.intent} was accepted and not made")

    def _check_closed(self, group: GroupName, chain: Chain) -> None:
        """Whoever was there when the group closed is over; after a late success, too."""
        for closing in (*chain.closings, *chain.late):
            for member in chain.members:
                is_over = not member.is_live and member.state != "waiting"
                if member.place.accepted.at + MOST_SKEW < closing.at and not is_over:
                    raise Violation("closed", f"{member.who} is {member.state} although {group} closed")
