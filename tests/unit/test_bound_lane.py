"""A lane that serves several sequences: one pace, one cap, turns, and each sequence's own hours."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType

from drumbeat.domain.allowance import Cap
from drumbeat.domain.enrollment import new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import RESERVED_FOR, Lane, Reservation, audit
from drumbeat.domain.plan import HORIZON, Bound, Plan, Queues, Work, plan
from drumbeat.domain.resolution import senders_for
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND, utc_day
from drumbeat.domain.waiting import Waiting

NOW = 20_000 * DAY + 9 * HOUR
LONG_AGO = NOW - DAY
CLOSED = Hours(((Span(0, 60),),) * 7, "UTC")


def cadence(number: int, gap: tuple[int, int] = (30, 30), hours: Hours | None = None) -> Cadence:
    steps = Step(1, "s", "b", 0), Step(2, "s", "b", 60)
    return Cadence(1, number, "n", SequenceStatus.ACTIVE, None, *gap, False, 8.0, steps, (), 0, hours=hours)


def lane(**state: object) -> Lane:
    fields: dict[str, object] = {"revision": 1, "wake_at": NOW, "woken_at": LONG_AGO, "serves": (2, 3, 4)}
    return Lane(1, 7, **(fields | state))  # type: ignore[arg-type]


def rows(sequence: int, contacts: Iterable[int], step: int = 0) -> list[Waiting]:
    return [Waiting(EnrollmentKey(sequence, contact), step, LONG_AGO, 0, bound=True) for contact in contacts]


def look(
    bound: Iterable[Bound],
    *,
    of: Lane | None = None,
    home: Cadence | None = None,
    queues: Queues | None = None,
    daily_limit: int = 1000,
    daily_mails: int | None = None,
    pace: tuple[int, int] | None = None,
    caps: Mapping[int, Cap] = MappingProxyType({}),
) -> Plan:
    work = Work(of or lane(), daily_limit, [], daily_mails=daily_mails, pace=pace, bound=tuple(bound))
    rng = Random(7)  # noqa: S311
    (planned,) = plan([work], queues or Queues(), sequence=home, others=[], caps=caps, now=NOW, rng=rng)
    return planned


def taken(planned: Plan) -> list[tuple[int, int]]:
    return [(slot.waiting.enrollment.sequence, slot.waiting.enrollment.contact) for slot in planned.slots]


def three(contacts: int = 3) -> list[Bound]:
    return [Bound(cadence(number), new=rows(number, range(1, contacts + 1))) for number in (2, 3, 4)]


def test_sequences_take_turns_and_the_next_look_goes_on_where_the_last_one_ended():
    first = look(three())
    again = look(three(), of=lane(last_served=first.lane.last_served))

    assert [sequence for sequence, _ in taken(first)] == [2, 3, 4, 2, 3]
    assert [sequence for sequence, _ in taken(again)] == [4, 2, 3, 4, 2]


def test_one_pace_holds_for_all_sequences():
    slots = [slot.at for slot in look(three(), pace=(20, 20)).slots]

    assert slots == list(range(NOW, NOW + HORIZON + 1, 20 * SECOND))


def test_without_a_pace_of_its_own_the_mail_before_tells_it():
    bound = [Bound(cadence(2, gap=(50, 50)), new=rows(2, [1, 2])), Bound(cadence(3, gap=(10, 10)), new=rows(3, [1, 2]))]

    assert [slot.at - NOW for slot in look(bound).slots] == [0, 50_000, 60_000, 110_000]


def test_follow_ups_of_any_sequence_go_before_first_steps():
    bound = [Bound(cadence(2), new=rows(2, [1])), Bound(cadence(3), follow_ups=rows(3, [9], step=1))]

    assert taken(look(bound)) == [(3, 9), (2, 1)]


def test_all_mails_count_against_the_cap_follow_ups_included():
    bound = [Bound(cadence(2), new=rows(2, [1, 2])), Bound(cadence(3), follow_ups=rows(3, [9], step=1))]

    assert taken(look(bound, daily_mails=2)) == [(3, 9), (2, 1)]
    assert look(bound, daily_mails=2, of=lane(day=utc_day(NOW), day_sent=2)).slots == ()


def test_first_steps_of_all_sequences_count_against_the_daily_limit():
    bound = [Bound(cadence(2), new=rows(2, [1, 2])), Bound(cadence(3), follow_ups=rows(3, [9], step=1))]

    assert taken(look(bound, daily_limit=1)) == [(3, 9), (2, 1)]


def test_a_closed_sequence_is_passed_by_the_others_and_the_lane_wakes_when_it_opens():
    bound = [Bound(cadence(2, hours=CLOSED), new=rows(2, [1])), Bound(cadence(3), new=rows(3, [1]))]

    planned = look(bound)

    assert taken(planned) == [(3, 1)]
    assert planned.lane.serves == (2, 3, 4)
    assert look(bound[:1]).lane.wake_at == NOW - 9 * HOUR + DAY


def test_a_sequence_without_anything_is_forgotten():
    planned = look([Bound(cadence(2)), Bound(cadence(3), new=rows(3, [1]))])

    assert planned.lane.serves == (3, 4)  # nobody looked for the fourth: it does not send


def test_a_sequence_is_remembered_while_it_was_just_announced_or_something_is_under_way():
    entry = Reservation(EnrollmentKey(2, 1), 0, 0, NOW, NOW + RESERVED_FOR)

    assert look([Bound(cadence(2))], of=lane(woken_at=NOW - MINUTE)).lane.serves == (2, 3, 4)
    assert look([Bound(cadence(2))], of=lane(reserved=(entry,))).lane.serves == (2, 3, 4)


def test_a_lane_comes_back_for_the_follow_up_of_what_is_bound_to_it():
    planned = look([Bound(cadence(2), new=rows(2, [1]))])

    assert planned.lane.wake_at == NOW + RESERVED_FOR
    assert planned.lane.reserved[0].until == NOW + RESERVED_FOR
    short = replace(cadence(2), steps=(Step(1, "s", "b", 0), Step(2, "s", "b", 1)))
    assert look([Bound(short, new=rows(2, [1]))]).lane.wake_at == NOW + MINUTE


def test_caps_of_several_sequences_hold_beside_each_other():
    bound = Bound(cadence(2), new=rows(2, range(1, 9))), Bound(cadence(3), new=rows(3, range(1, 9)))
    caps = {1: Cap(3, lambda _: 2), 2: Cap(3, lambda _: 3), 3: Cap(3, lambda _: 0)}

    planned = look(bound, home=cadence(1), queues=Queues(new=rows(1, [1, 2, 3])), caps=caps)

    assert taken(planned) == [(1, 1), (3, 1), (3, 2), (3, 3)]


def test_own_work_and_what_is_bound_take_turns():
    queues = Queues(new=rows(1, [1, 2, 3]))

    planned = look([Bound(cadence(2), new=rows(2, [1, 2, 3]))], home=cadence(1), queues=queues)

    assert [sequence for sequence, _ in taken(planned)] == [1, 2, 1, 2, 1]


def test_what_left_is_counted_for_its_sequence():
    entry = Reservation(EnrollmentKey(2, 1), 0, 0, NOW - RESERVED_FOR, NOW)
    made = new_enrollment(1, entry.enrollment, batch_number=1, batch_tag="t", now=LONG_AGO, bound_to=7)
    sent = replace(made, step=1, sent_at=entry.at, last_sent_at=entry.at)
    found = {(1, entry.enrollment): sent}

    audited = audit(lane(reserved=(entry,)), found, NOW).lane

    assert (audited.day_sent, audited.day_steps) == (1, {2: 1})
    assert [audited.steps_of(sequence, audited.day) for sequence in (1, 2)] == [0, 1]


def test_what_is_bound_is_sent_by_its_sender_alone():
    made = new_enrollment(1, EnrollmentKey(2, 1), batch_number=1, batch_tag="t", now=NOW, bound_to=7)
    sequence = replace(cadence(2), senders=(1, 2))

    assert senders_for(made, sequence) == senders_for(replace(made, step=1), sequence) == (7,)
    assert senders_for(replace(made, bound=False), sequence) == (1, 2)
