"""The end of a schedule: nothing lost, nothing stuck, nothing left claimed, and counts that equal a recount."""

from collections.abc import Iterable

from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.domain.lane import MAY_LEAVE_FOR, Lane
from drumbeat.domain.times import MINUTE, utc_day
from tests.memory.values import Item
from tests.simulation.oracle import Oracle
from tests.simulation.records import Violation, Who, kind_of, number, text, who

_WAITING = frozenset({"active", "paused"})


def reckon(oracle: Oracle, items: Iterable[Item], steps: int) -> None:
    """Checks what is stored at quiescence against what was seen; `steps` is what every sequence has."""
    stored = list(items)
    senders = _senders(stored)
    lanes = []
    for item in stored:
        kind, tenant = kind_of(item["PK"]["S"])
        if kind == "enrollment":
            me = who(tenant, item)
            _check_enrollment(oracle, me, item, steps, is_left_behind=_is_left_behind(tenant, item, senders))
        elif kind == "lane":
            lanes.append(lane_of({"woken_at": 0} | from_wire(item)))
    for lane in lanes:
        _check_lane(oracle, lane, is_retired=(lane.tenant, lane.sender) not in senders)


def unfinished(items: Iterable[Item]) -> list[Who]:
    """Enrollments that are still waiting, paused or claimed: a schedule is over when there is none."""
    found = []
    stored = list(items)
    senders = _senders(stored)
    for item in stored:
        if "state" not in item:
            continue
        kind, tenant = kind_of(item["PK"]["S"])
        waits = "owner" in item or text(item, "state") in _WAITING
        if kind == "enrollment" and waits and not _is_left_behind(tenant, item, senders):
            found.append(who(tenant, item))
    return found


def _senders(items: Iterable[Item]) -> set[tuple[int, int]]:
    """Who is there to send, by tenant and number."""
    kinds = ((*kind_of(item["PK"]["S"]), item) for item in items)
    return {(tenant, number(item, "number")) for kind, tenant, item in kinds if kind == "sender"}


def _is_left_behind(tenant: int, item: Item, senders: set[tuple[int, int]]) -> bool:
    """Whether it was paused and its sender deleted then: it can't be resumed, and says why (ADR 19)."""
    is_bound = text(item, "state") == "paused" and "owner" not in item and "bound" in item
    return is_bound and (tenant, number(item, "sender")) not in senders


def paused(items: Iterable[Item]) -> list[Who]:
    """Enrollments that wait for somebody to resume them."""
    enrollments = (item for item in items if "state" in item and text(item, "state") == "paused")
    return [who(kind_of(item["PK"]["S"])[1], item) for item in enrollments]


def _check_enrollment(oracle: Oracle, me: Who, item: Item, steps: int, *, is_left_behind: bool) -> None:
    state, step, by_hand = text(item, "state"), number(item, "step"), "finished_at" in item
    if (state in _WAITING or "owner" in item) and not is_left_behind:
        raise Violation("stuck", f"{me} is {state} with owner {text(item, 'owner')}")
    for place in range(steps):
        accepted = len(oracle.mails_of(me, place))
        if place < step and not accepted and (me, place) not in oracle.said_accepted:
            raise Violation("lost", f"{me} is past step {place}, which nobody accepted")
        if place >= step and accepted and not _may_be_accepted(oracle, me, place, state, by_hand=by_hand):
            raise Violation("drifted", f"{me} is {state} at step {step}, and step {place} was accepted")
    if state == "bounced" and (me, step) not in oracle.refusals and me not in oracle.said_bounced:
        raise Violation("drifted", f"{me} is bounced, and nobody has refused it")
    if state == "finished" and step < steps and not by_hand:
        raise Violation("lost", f"{me} is finished at step {step} of {steps}")
    if (state == "parked" or "parked_reason" in item) and (me, step) not in oracle.doubtful:
        raise Violation("parked", f"{me} is {state} and noted as unknown although the fate of step {step} is known")
    if ("qpk" in item) or (("spk" in item) != (state == "parked")):
        raise Violation("drifted", f"{me} is {state} and stands in the wrong queue")


def _may_be_accepted(oracle: Oracle, me: Who, step: int, state: str | None, *, by_hand: bool) -> bool:
    """Whether an enrollment may not know that a mail of it was accepted: nobody was told, or a person said so."""
    if (me, step) not in oracle.doubtful and not oracle.resends[me, step]:
        return False
    return state != "finished" or by_hand


def _check_lane(oracle: Oracle, lane: Lane, *, is_retired: bool) -> None:
    """A lane counts what its sender has sent on the day, and beside it at most what may have left."""
    sent = doubtful = 0
    for (me, step, life), mails in oracle.accepts.items():
        mine = [mail for mail in mails if (me.tenant, mail.sender) == (lane.tenant, lane.sender)]
        if step == 0:
            exact = [mail for mail in mine if utc_day(mail.at - MINUTE) == utc_day(mail.at + MAY_LEAVE_FOR)]
            today = sum(1 for mail in exact if utc_day(mail.at) == lane.day)
            # What was deleted cannot be counted again, nor what somebody said has not left.
            there = life == oracle.lives[me] and me not in oracle.said_bounced
            sent += today if there else 0
            doubtful += len(mine) - len(exact) + (0 if there else today)
    counted = lane.first_steps(lane.day)
    doubtful += oracle.in_doubt[lane.tenant, lane.sender] + oracle.deleted[lane.tenant]
    doubtful += _made_by_others(oracle, lane) if is_retired else 0
    if not sent <= counted <= sent + doubtful:
        raise Violation("drifted", f"sender {lane.sender} counts {counted} first steps of {sent} and {doubtful} others")


def _made_by_others(oracle: Oracle, lane: Lane) -> int:
    """How many first steps this lane had reserved that another sender made.

    Once a sender is deleted its enrollments go to others, and nothing stored says who made the first step: its lane
    counts what it had reserved.
    """
    reserved = oracle.first_steps_of[lane.tenant, lane.sender]
    mails = [mail for (_, step, _), mails in oracle.accepts.items() if step == 0 for mail in mails]
    return sum(1 for mail in mails if mail.sender != lane.sender and (mail.claim.who, mail.claim.epoch) in reserved)
