"""A hundred thousand due at once over a thousand lanes: every pace and cap is kept, and nobody starved."""

from collections import Counter, defaultdict
from itertools import pairwise
from random import Random

from drumbeat.application.send_ports import LaneName
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND, utc_day
from tests.simulation.many_lanes import Left, ManyLanes

START = 20_000 * DAY + 20 * HOUR
MIDNIGHT = 20_001 * DAY
GAP = (5, 15)
LARGE = 1


def cadence(tenant: int, number: int, senders: range, *, steps: int = 1, cap: int | None = None) -> Cadence:
    content = tuple(Step(place + 1, "s", "b", 30 * place) for place in range(steps))
    return Cadence(
        tenant, number, "n", SequenceStatus.ACTIVE, None, *GAP, False, 8.0, content, tuple(senders), 0, daily_cap=cap
    )  # fmt: skip


def a_thousand_lanes(contacts_per_lane: int) -> ManyLanes:
    """Tenant 1 has 901 lanes in 106 sequences, 99 others have one lane each. Limits and caps are below what waits."""
    world = ManyLanes(START, Random(7))
    for number in range(1, 101):
        senders = range(number * 10, number * 10 + 9)
        cap = 500 if number % 10 == 0 else None
        limits = [80 if sender % 3 == 0 else 200 for sender in senders]
        world.open(cadence(LARGE, number, senders, cap=cap), limits, 9 * contacts_per_lane)
    world.open(cadence(LARGE, 101, range(5, 6)), [200], contacts_per_lane)
    for tenant in range(2, 101):
        world.open(
            cadence(tenant, 1, range(1, 2), steps=1 + tenant % 2), [60 if tenant % 5 == 0 else 200], contacts_per_lane
        )
    return world


def by_lane(mails: list[Left]) -> dict[LaneName, list[Left]]:
    lanes: dict[LaneName, list[Left]] = defaultdict(list)
    for mail in sorted(mails, key=lambda mail: mail.slot):
        lanes[mail.lane].append(mail)
    return lanes


def test_a_hundred_thousand_at_once_leave_at_the_pace_and_within_the_caps_of_every_lane():
    world = a_thousand_lanes(contacts_per_lane=100)
    assert (len(world.lanes), len(world.stored)) == (1_000, 100_000)

    while world.now < MIDNIGHT + 2 * HOUR:
        world.minute()

    assert {entry.state for entry in world.stored.values()} == {EnrollmentState.FINISHED}
    assert Counter((mail.lane.tenant, mail.sequence, mail.step) for mail in world.mails) == expected(world)
    assert_pace(world)
    assert_caps(world)
    assert max(world.first_tick.values()) == 1


def expected(world: ManyLanes) -> Counter[tuple[int, int, int]]:
    """Every step of every enrollment, once."""
    return Counter(
        (tenant, key.sequence, step)
        for tenant, key in world.stored
        for step in range(len(world.sequences[tenant, key.sequence].steps))
    )


def assert_pace(world: ManyLanes) -> None:
    """No gap is too short, and none is too long while a lane had something that it was allowed to send."""
    late = 0
    for mails in by_lane(world.mails).values():
        for before, after in pairwise(mails):
            gap = after.slot - before.slot
            assert gap >= GAP[0] * SECOND
            late += gap > GAP[1] * SECOND
        assert all(mail.slot <= mail.at <= mail.slot + 2 * SECOND for mail in mails)
    # Each lane at most: one night at its limit, and one wait for the first follow-up.
    assert late <= 2 * len(world.lanes)


def assert_caps(world: ManyLanes) -> None:
    """No lane and no sequence sends more on a day than it may; where more waits, it sends no less."""
    first_steps = Counter((mail.lane, utc_day(mail.at)) for mail in world.mails if mail.step == 0)
    for (lane, _), count in first_steps.items():
        assert count <= world.senders[lane].daily_limit
    totals = Counter((mail.lane.tenant, mail.sequence, utc_day(mail.at)) for mail in world.mails)
    capped = {key: sequence.daily_cap for key, sequence in world.sequences.items() if sequence.daily_cap is not None}
    assert len(capped) == 10
    assert all(totals[(*key, utc_day(START))] == cap for key, cap in capped.items())
    tight = [name for name, sender in world.senders.items() if sender.daily_limit == 60]
    assert all(first_steps[name, utc_day(START)] == 60 for name in tight)


def test_quiet_tenants_are_not_starved_when_a_tick_has_no_time_for_all():
    """A tick gets through two batches of 99 lanes, a fifth of what is awake."""
    world = a_thousand_lanes(contacts_per_lane=10)

    for _ in range(60):
        world.minute(batches=2)

    quiet = {tenant: tick for tenant, tick in world.first_tick.items() if tenant != LARGE}
    assert (len(quiet), max(quiet.values())) == (99, 1)
    for name, mails in by_lane(world.mails).items():
        slots = [mail.slot for mail in mails if mail.step == 0]
        gaps = [after - before for before, after in pairwise(slots)]
        assert min(gaps) >= GAP[0] * SECOND
        assert name.tenant == LARGE or max(gaps) <= GAP[1] * SECOND
    assert {entry.state for entry in world.stored.values()} == {EnrollmentState.FINISHED}
    assert world.now == START + 60 * MINUTE
