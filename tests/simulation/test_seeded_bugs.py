"""The oracle sees: every bug put into the production code is found by a search, within bounds."""

from collections.abc import Iterator, Mapping
from itertools import islice

import pytest

from tests.simulation.bugs import BUGS, seeded
from tests.simulation.interleavings import every_order
from tests.simulation.schedule import Result, run
from tests.simulation.single_faults import every_fault, play

SCHEDULES, FAULTS, ORDERS = "schedules", "single faults", "orders"
_MOST_SCHEDULES = 1_500
_CALM, _CAPPED, _STOPPED = "two enrollments, two steps", "two lanes, a daily cap", "unsubscribed"
_SHARED = "one sender, two sequences"

FOUND_BY: Mapping[str, tuple[str, str]] = {
    "no claim": (ORDERS, "claim, claim"),
    "a lapsed claim counts as sent": (FAULTS, _CALM),
    "a lapsed claim is sent again": (FAULTS, _CALM),
    "a time-out after the dot counts as a failure": (FAULTS, _CALM),
    "what has left is not counted": (FAULTS, _CAPPED),
    "reserved for ever": (FAULTS, _CALM),
    "a lost claim is believed": (ORDERS, "claim, claim"),
    "claims ignore stops": (ORDERS, "claim, unsubscribe"),
    "claims trust the hint's step": (FAULTS, _CALM),
    "claims ignore the due time": (ORDERS, "claim, claim, clock"),
    "late settlements are not fenced": (ORDERS, "claim, clock, reaper, resend"),
    "no reaper after a stop": (FAULTS, _STOPPED),
    "claims ignore the epoch": (FAULTS, "parked and sent again"),
    "claims take over": (ORDERS, "claim, claim"),
    "no look for stops": (ORDERS, "two mails, unsubscribe, a moment"),
    "stop signs are kept for a minute": (ORDERS, "two mails, unsubscribe, a moment"),
    "daily limits are not counted": (FAULTS, _CALM),
    "a sequence's cap is not counted": (FAULTS, _CAPPED),
    "a put-off mail counts as unknown": (FAULTS, _CALM),
    "a put-off mail counts as refused": (FAULTS, _CALM),
    "a put-off mail counts as sent": (FAULTS, _CALM),
    "a refused mail is tried again": (SCHEDULES, ""),
    "old hints claim": (ORDERS, "claim, claim, clock"),
    "audits leave out the stopped": (FAULTS, _STOPPED),
    "settlements overwrite stops": (ORDERS, "claim, unsubscribe"),
    "live claims are parked": (ORDERS, "claim, claim"),
    "pauses are overlooked": (ORDERS, "claim, pause"),
    "switched-off senders send": (ORDERS, "claim, disable"),
    "nobody looks at the lease": (ORDERS, "claim, claim, clock"),
    "windows are overlooked": (SCHEDULES, ""),
    "lanes are stored whoever was faster": (SCHEDULES, ""),
    "hints go out though the lane was not stored": (SCHEDULES, ""),
    "unsubscribing marks nobody": (ORDERS, "two mails, unsubscribe, a moment"),
    "pauses of one are overlooked": (ORDERS, "claim, pause one"),
    "what left beside a pause is forgotten": (ORDERS, "claim, pause one"),
    "a paused doubt is sent again": (ORDERS, "a doubt, pause one"),
    "resuming is not fenced": (ORDERS, "resume one, finish all"),
    "deleting is not fenced": (ORDERS, "resume one, take away, worker"),
    "decisions are not fenced": (ORDERS, "resolve, resolve"),
    "waking is forgotten": (FAULTS, "started"),
    "orphans are forgotten": (FAULTS, "a sender goes"),
    "deferred first steps are forgotten": (FAULTS, _CALM),
    "the mails of a sender are not counted": (FAULTS, _SHARED),
    "a sender's own pace is overlooked": (FAULTS, _SHARED),
    "each sequence has a pace of its own": (FAULTS, _SHARED),
    "what is bound is forgotten": (FAULTS, _SHARED),
    "nobody says which sequence has bound work": (FAULTS, "enrolled for a sender that had forgotten the sequence"),
    "a lane forgets whom it serves": (FAULTS, _SHARED),
    "resuming wakes only the rotation": (FAULTS, "one sender, a sequence paused and resumed"),
    "a sender goes though somebody is bound to it": (FAULTS, "a shared sender goes"),
    "lanes draw nothing": (ORDERS, "tick, tick, two shared lanes"),
    "what a lane draws is not stored with it": (FAULTS, "two shared lanes, two capped sequences"),
    "places are given back twice": (FAULTS, "two shared lanes, two capped sequences"),
    "lanes draw whatever is left": (ORDERS, "tick, tick, one place left"),
    "an allowance begins with nothing": (FAULTS, "a cap is set after some have left"),
    "a slot counts for one day": (FAULTS, "two lanes, a daily cap, midnight"),
}
"""Where each bug shows soonest or surest."""


def results(search: str, where: str) -> Iterator[Result]:
    """What a search comes to, one run after another."""
    match search:
        case "orders":
            yield from every_order(where)
        case "single faults":
            yield play(where)
            yield from (result for _, _, result in every_fault(where))
        case _:
            yield from map(run, range(_MOST_SCHEDULES))


def first_found(bug: str, search: str, where: str, most: int = 10_000) -> tuple[int, Result] | None:
    """The first run in which the bug shows, and its number."""
    with seeded(BUGS[bug]):
        for number, result in enumerate(islice(results(search, where), most), 1):
            if result.violation is not None:
                return number, result
    return None


@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_found(bug: str):
    assert first_found(bug, *FOUND_BY[bug]) is not None
