"""Who waits for others: enrollments that a throttle holds back (sequence 11), members of call groups (sequence 12)."""

from collections.abc import Mapping
from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.call_groups import join_writes
from drumbeat.adapters.dynamodb.credits import hold_writes
from drumbeat.domain.agent import Agent
from drumbeat.domain.call_group import CallGroup, GroupName, Member, group_digest, joined
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR
from tools.samples.mailings import SENDER, STEPS, enrollment, person
from tools.samples.prepared import TENANT
from tools.samples.receivers import CONNECTOR

THROTTLED, CALLING = 11, 12
HELD = (24, 25, 26)
GROUPS: Mapping[str, tuple[int, ...]] = {"Navy": (30, 31, 32), "NASA": (33, 34)}
"""The members of each company, the first is over."""


def prepare_waiting(now: int) -> None:
    """Three are held back by a throttle that takes two a day; in two call groups the first member has failed."""
    begun = now - 30 * DAY
    throttled = Sequence(
        TENANT,
        THROTTLED,
        "Few a day",
        SequenceStatus.ACTIVE,
        None,
        0,
        0,
        False,
        8.0,
        STEPS,
        (),
        begun,
        max_adds_per_day=2,
        mailboxes=(SENDER,),
    )
    bootstrap.sequences().create(throttled, [], intent=None, now=begun)
    bootstrap.contacts().add(
        [person(number, begun) for number in (*HELD, *(n for one in GROUPS.values() for n in one))]
    )
    held = [
        replace(enrollment(THROTTLED, contact, now - HOUR), state=EnrollmentState.HELD, sender=SENDER, bound=True)
        for contact in HELD
    ]
    bootstrap.enrollments().insert(held)
    bootstrap.throttles().announce(TENANT, THROTTLED, now - HOUR // 60)
    _calling(now)


def _calling(now: int) -> None:
    call = Step(1, "", "", 0, kind=StepKind.CALL)
    agent = Sequence(
        TENANT,
        CALLING,
        "Callers",
        SequenceStatus.ACTIVE,
        None,
        0,
        0,
        False,
        8.0,
        (call,),
        (),
        now - 30 * DAY,
        connector=CONNECTOR,
        agent=Agent(zones=("UTC",)),
    )
    bootstrap.sequences().create(agent, [], intent=None, now=now - 30 * DAY)
    _group("Navy", now - HOUR)
    _group("NASA", now - 7 * HOUR)  # longer than a group is left alone
    table = bootstrap.table()
    table.transact(hold_writes(table, bootstrap.credit_ledger().account(TENANT), 3, now))


def _group(company: str, at: int) -> None:
    """The first member's calls came to nothing, the others wait with a credit set aside for each."""
    name = GroupName(TENANT, CALLING, group_digest("company", company))
    seen = group = CallGroup(name)
    members = []
    for contact in GROUPS[company]:
        key = EnrollmentKey(CALLING, contact)
        group, ordinal, place = joined(group, key, at)
        state = EnrollmentState.FAILED if ordinal == 1 else EnrollmentState(place.value)
        made = replace(enrollment(CALLING, contact, at), state=state, group=name.digest, sender=CONNECTOR, bound=True)
        bootstrap.enrollments().insert([made if ordinal == 1 else replace(made, hold=1)])
        members.append(Member(ordinal, key))
    table = bootstrap.table()
    table.transact(join_writes(table, seen, group, members))
