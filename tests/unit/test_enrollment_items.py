"""What an enrollment costs to write follows from its size: one unit for the item, one for its place in the queue."""

from dataclasses import replace

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item, enrollment_of
from drumbeat.adapters.dynamodb.items import from_wire, to_wire
from drumbeat.domain.delivery import parked
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import CONTACT_BITS, RUN_BITS, SEQUENCE_BITS, TENANT_BITS, EnrollmentKey
from drumbeat.domain.lifecycle import PAUSED_BY_A_USER

_LARGEST_KEY = EnrollmentKey((1 << SEQUENCE_BITS) - 1, (1 << CONTACT_BITS) - 1, (1 << RUN_BITS) - 1)
_LARGEST = Enrollment(
    tenant=(1 << TENANT_BITS) - 1,
    key=_LARGEST_KEY,
    state=EnrollmentState.ACTIVE,
    step=49,
    due=10**13,
    epoch=10**6,
    batch_number=10**9,
    batch_tag=f"m{10**15}.{'f' * 16}",
    created_at=10**13,
    sender=10**15,
    attempts=99,
    owner="f" * 32,
    lease=10**13,
    sent_at=10**13,
    last_sent_at=10**13,
    opened_at=10**13,
    bounce_reason="x" * 160,
    zone="America/Argentina/ComodRivadavia",
    timed=True,
    put_off_since=10**13,
    thread="<" + "t" * 158 + ">",
    held_at=10**13,
    correlation_id="c" * 36,
)

_LARGEST_PARKED = replace(
    _LARGEST, state=EnrollmentState.PARKED, owner=None, lease=None, bounce_reason=None, parked_at=10**13,
    parked_reason="x" * 160,
)  # fmt: skip
_LARGEST_PAUSED = replace(
    _LARGEST, state=EnrollmentState.PAUSED, bounce_reason=None, parked_at=10**13, parked_reason="x" * 160,
    paused_at=10**13, paused_reason=PAUSED_BY_A_USER,
)  # fmt: skip


_LARGEST_AWAITING = replace(
    _LARGEST, bounce_reason=None, put_off_since=None, awaits=Awaits.STEP, asked=99, drafted=49, accepted_at=10**13,
    last_reply_at=10**13, exit_reason="y" * 160, remark="z" * 160, channel_urn="urn:li:thread", relinked_to=0,
    lead=Lead("crm-1", "Ada Byron", "https://linkedin.example/in/ada", "urn:li:member:1", "session-1"),
)  # fmt: skip
_LARGEST_CALLING = replace(
    _LARGEST, batch_tag=f"b{10**9}.999", bounce_reason=None, held_at=None, put_off_since=None, bound=True,
    awaits=Awaits.STEP, asked=999, has_callee=True, group="g" * 40, hold=1000, succeeded_at=10**13, last_call=998,
    anytime=True,
)  # fmt: skip

_MARKED = replace(
    new_enrollment(7_000, EnrollmentKey(300, 150_000), batch_number=40, batch_tag=f"m{10**6}.{'f' * 16}", now=10**13),
    state=EnrollmentState.REPLIED, step=5, sender=12_000, sent_at=10**13, last_sent_at=10**13, opened_at=10**13,
    replied_at=10**13, last_reply_at=10**13, zone="America/New_York", thread="<" + "t" * 80 + ">",
    marks={f"{kind}{step}.12000": 10**13 for kind in "omc" for step in range(5)}, correlation_id="c" * 36,
)  # fmt: skip


def _size(enrollment: Enrollment) -> int:
    """What DynamoDB counts ("Item sizes and formats"): names, texts in UTF-8, a byte for two digits and one more.

    Zeros at a number's end, which it leaves out, are taken for any other digits.
    """
    item = {name: value for name, value in enrollment_item(enrollment).items() if value is not None}
    return sum(map(len, item)) + sum(map(_size_of_value, item.values()))


def _size_of_value(value: object) -> int:
    match value:
        case bool():
            return 1
        case int():
            return -(-len(str(value)) // 2) + 1
        case str():
            return len(value.encode())
    raise TypeError(value)


def test_the_largest_enrollment_is_one_write_unit():
    assert _size(_LARGEST) < 1024
    assert _size(_LARGEST_PARKED) < 1024
    assert _size(_LARGEST_PAUSED) < 1024
    assert _size(_LARGEST_CALLING) < 1024


def test_an_everyday_enrollment_whose_five_mails_were_all_clicked_is_one_write_unit():
    assert _size(_MARKED) < 1024


def test_a_reason_for_parking_is_kept_short():
    assert parked(_LARGEST, "y" * 1000, 7).parked_reason == "y" * 160


def test_an_enrollment_comes_back_as_it_went_in():
    for enrollment in (
        _LARGEST,
        _LARGEST_PARKED,
        _LARGEST_PAUSED,
        _LARGEST_AWAITING,
        _LARGEST_CALLING,
        _MARKED,
        new_enrollment(1, EnrollmentKey(2, 3), batch_number=4, batch_tag="t", now=5),
    ):
        assert enrollment_of(from_wire(to_wire(enrollment_item(enrollment)))) == enrollment


def test_only_an_active_enrollment_waits_in_a_queue_of_lanes():
    queues = {EnrollmentState.ACTIVE: "T#1#N#1", EnrollmentState.HELD: "T#1#H#1"}
    for state in EnrollmentState:
        item = enrollment_item(Enrollment(1, EnrollmentKey(1, 1), state, 0, 0, 0, 1, "t", 0))
        assert item.get("qpk") == queues.get(state)


def test_only_a_parked_enrollment_waits_for_a_decision():
    for state in EnrollmentState:
        item = enrollment_item(replace(_LARGEST_PARKED, state=state))
        assert ("spk" in item) is (state is EnrollmentState.PARKED)


def test_nobody_is_mailed_for_an_enrollment_that_was_relinked_to_nobody():
    assert _LARGEST.contact == _LARGEST_KEY.contact
    assert replace(_LARGEST, relinked_to=7).contact == 7
    assert replace(_LARGEST, relinked_to=0).contact is None
