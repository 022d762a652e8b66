"""Around midnight, with workers that are late, slow or dead: no day gets more than its caps, or much less."""

from collections import Counter
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from drumbeat.domain.delivery import LEASE, parked
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.hint import Hint
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND, utc_day
from tests.simulation.many_lanes import ManyLanes

MIDNIGHT = 20_001 * DAY
LIMIT, CAP = 6, 14
STEPS = (Step(1, "s", "b", 0), Step(2, "s", "b", 3))


class Troubled(ManyLanes):
    """Workers that claim up to a minute late, take up to half a lease to send, and sometimes do not come back."""

    def arrive(self, hint: Hint) -> None:
        found = self.stored[hint.tenant, hint.enrollment]
        if found.owner is not None and (found.lease or 0) <= self.now:
            self._reap(hint)
        elif self.rng.random() < 0.1:
            return
        else:
            self.later(self.now + self.rng.choice((0, 0, 30, 70)) * SECOND, partial(self._claim, hint))

    def _claim(self, hint: Hint) -> None:
        name = hint.tenant, hint.enrollment
        if not self.is_claimable(hint):
            return
        lease = self.now + LEASE
        self.stored[name] = replace(self.stored[name], owner="w", lease=lease, sender=hint.sender)
        if self.rng.random() < 0.9:
            self.later(self.now + self.rng.randint(0, LEASE // 2), partial(self.accept, hint, self.now))

    def _reap(self, hint: Hint) -> None:
        name = hint.tenant, hint.enrollment
        self.leave_queue(replace(self.stored[name], sender=hint.sender))
        self.stored[name] = parked(self.stored[name], "died", self.now)


@pytest.mark.parametrize("seed", range(40))
def test_no_day_gets_more_than_its_caps_and_everything_leaves_or_is_parked(seed):
    rng = Random(seed)
    world = Troubled(MIDNIGHT - rng.randint(1, 40) * MINUTE - rng.randint(0, 60) * SECOND, rng)
    for number, cap in ((1, None), (2, CAP)):
        senders = number * 10, number * 10 + 1
        cadence = Cadence(
            1, number, "n", SequenceStatus.ACTIVE, None, 0, 20, False, 8.0, STEPS, senders, 0, daily_cap=cap
        )
        world.open(cadence, [LIMIT, LIMIT], 40)

    for _ in range(7):
        until = world.now + 3 * HOUR
        while world.now < until:
            world.minute()
        world.now = (utc_day(world.now) + 1) * DAY - 30 * MINUTE
    assert {entry.state for entry in world.stored.values()} == {EnrollmentState.FINISHED, EnrollmentState.PARKED}
    for day_of in (lambda mail: mail.at, lambda mail: mail.claimed_at):
        firsts = Counter((mail.lane, utc_day(day_of(mail))) for mail in world.mails if mail.step == 0)
        mails = Counter((mail.sequence, utc_day(day_of(mail))) for mail in world.mails)
        assert max(firsts.values()) <= LIMIT
        assert max(count for (sequence, _), count in mails.items() if sequence == 2) <= CAP
    in_doubt = sum(
        entry.state is EnrollmentState.PARKED for (_, key), entry in world.stored.items() if key.sequence == 1
    )
    assert sum(firsts[lane, utc_day(MIDNIGHT)] for lane in world.lanes if lane.sender < 20) >= 2 * LIMIT - in_doubt
