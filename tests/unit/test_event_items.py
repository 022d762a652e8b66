"""An event comes back from the log as it went in, and is one write unit."""

from dataclasses import replace

from drumbeat.adapters.dynamodb.event_log import event_item, event_of
from drumbeat.adapters.dynamodb.items import from_wire, to_wire
from drumbeat.domain.enrollment import Progress
from drumbeat.domain.event import EventKind
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.logged_event import EnrollmentThen, LoggedEvent

AT = 1_795_251_600_000
THEN = EnrollmentThen(
    key=EnrollmentKey(300, 150_000, 2), made_by=f"m{10**6}.{'f' * 16}", progress=Progress.BOUNCED, contact=150_000,
    external_id="crm-1", sent_at=AT, opened_at=AT,
    replied_at=AT, bounced_at=AT, bounce_reason="x" * 160, unsubscribed_at=AT,
)  # fmt: skip
FULL = LoggedEvent(
    id=f"evt_{'0' * 9}{'f' * 32}", kind=EventKind.MACHINE_CLICKED, tenant=7_000, at=AT, logged_at=AT, sequence=300,
    step=0, sender=0, first=True, is_mail=True, is_sync=True, counted=False, reason="y" * 160, call=0, enrollment=THEN,
    sender_email="a@b.example",
)  # fmt: skip
BARE = LoggedEvent(id=FULL.id, kind=EventKind.SEQUENCE_PAUSED, tenant=1, at=AT, logged_at=AT)


def test_an_event_comes_back_as_it_went_in():
    nobody = replace(FULL, enrollment=replace(THEN, contact=None, external_id=None))
    for event in (FULL, BARE, nobody, replace(FULL, counted=True, first=False)):
        assert event_of(from_wire(to_wire(event_item(event)))) == event


def test_the_address_to_which_it_is_told_is_not_kept():
    told = replace(FULL, enrollment=replace(THEN, contact_email="ada@example.com"))

    assert event_of(from_wire(to_wire(event_item(told)))) == FULL
    assert "ada@example.com" not in repr(event_item(told))


def test_an_event_with_all_there_is_to_say_is_one_write_unit():
    """At most what DynamoDB counts: names and values in UTF-8, numbers as text, three bytes for each of a map's."""
    item = event_item(replace(FULL, sender_email=None))

    assert _size(item) < 1024


def _size(value: object) -> int:
    if isinstance(value, dict):
        return sum(len(name) + _size(member) + 1 for name, member in value.items() if member is not None) + 3
    if isinstance(value, list):
        return sum(_size(member) + 1 for member in value) + 3
    return 1 if value is True else len(str(value))
