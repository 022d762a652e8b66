"""Of a group one is called at a time, whichever API has asked for the calls, and whichever ends them (contract 4.5)."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.enrollment_actions import pause_all, resume_enrollment
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import enrollment_number
from drumbeat.entrypoints import clock
from tests.call_chain import CHANGES
from tests.functional.julian.calling import Desk, row, worked
from tests.listening import Wire

START = 1_797_156_000_000


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


@pytest.fixture
def desk(wire, monkeypatch) -> Desk:
    monkeypatch.setattr(clock, "now", lambda: START)
    return Desk()


def grouped(many: int, first: int = 0, **fields: str) -> list[dict[str, str]]:
    """Rows of one company, each with a variable of its own."""
    return [row(place, company="Acme", person=f"p{place}") | fields for place in range(first, first + many)]


def schedule(desk: Desk, contacts: list[dict[str, str]]) -> str:
    """Schedules them in groups by company; they are made."""
    answer = desk.schedule(contacts, groupByField="company")
    assert answer.status == 202, answer
    worked()
    return str(answer.body["batchId"])


def statuses(desk: Desk) -> list[str]:
    """Of all calls that there are."""
    return [one.state.value for one in desk.made()]


def happens(desk: Desk, place: int, what: str) -> None:
    """What a dialler's word, or a worker, makes of a call."""
    seen = desk.made()[place]
    told = CHANGES[what](seen, clock.now())
    assert told is not None
    bootstrap.table().put(enrollment_item(told))


def test_of_many_groups_one_each_is_called(wire, desk):
    batch = schedule(desk, [row(place, company=f"c{place % 4}") for place in range(12)])
    wire.follow()

    told = [contact["lifecycleStatus"] for contact in desk.progress(batch)["contacts"]]
    assert told == ["scheduled"] * 4 + ["waiting"] * 8


def test_the_next_is_called_when_a_call_ends_and_nobody_after_a_success(wire, desk):
    schedule(desk, grouped(4))

    happens(desk, 0, "end")
    wire.follow()
    assert statuses(desk) == ["finished", "active", "waiting", "waiting"]
    happens(desk, 1, "succeed")
    wire.follow()
    assert statuses(desk) == ["finished"] * 4
    assert desk.held() == 0


def test_who_never_was_called_gives_back_what_was_set_aside(wire, desk):
    schedule(desk, grouped(4))
    desk.call("cancel_sequences", {"referenceKey": "company", "referenceValue": "Acme"})
    wire.follow()

    assert desk.held() == 0
    assert {one.hold for one in desk.made()} == {None}


def test_a_group_reaches_over_calls_and_ends_with_its_chain(wire, desk, monkeypatch):
    schedule(desk, grouped(2))
    schedule(desk, grouped(2, first=2))
    assert statuses(desk) == ["active", "waiting", "waiting", "waiting"]
    happens(desk, 0, "succeed")
    wire.follow()
    monkeypatch.setattr(clock, "now", lambda: START + 1)
    schedule(desk, grouped(2, first=4))

    assert statuses(desk) == ["finished"] * 4 + ["active", "waiting"]


def test_a_cancel_of_who_waits_leaves_the_others_their_turn(wire, desk):
    schedule(desk, grouped(3))
    desk.call("cancel_sequences", {"referenceKey": "person", "referenceValue": "p1"})
    wire.follow()
    assert statuses(desk) == ["active", "finished", "waiting"]
    happens(desk, 0, "fail")
    wire.follow()

    assert statuses(desk) == ["failed", "finished", "active"]


def test_a_cancel_of_who_is_called_ends_the_chain(wire, desk):
    schedule(desk, grouped(3))
    desk.call("cancel_sequences", {"referenceKey": "person", "referenceValue": "p0"})
    wire.follow()

    assert statuses(desk) == ["finished"] * 3


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        ("finish_sequence_state", ["finished", "finished", "finished"]),
        ("delete_sequence_state", ["active", "waiting"]),
        ("pause_sequence_state", ["paused", "waiting", "waiting"]),
    ],
)
def test_another_api_ends_who_is_called(wire, desk, operation, after):
    schedule(desk, grouped(3))
    first = desk.made()[0]
    answer = desk.caller(operation, group="outreach", id=str(enrollment_number(first.key)))
    assert answer.status in {200, 204}, answer
    wire.follow()

    assert statuses(desk) == after


def test_deleting_the_contact_of_who_is_called_passes_the_turn_on(wire, desk):
    schedule(desk, grouped(3))
    first = desk.made()[0]
    answer = desk.caller("delete_prospect", group="outreach", id=str(first.key.contact))
    assert answer.status == 204, answer
    worked()
    wire.follow()

    assert statuses(desk) == ["active", "waiting"]
    assert desk.held() == 2


def test_who_is_paused_while_it_waits_is_not_called_when_its_turn_comes(desk, wire):
    schedule(desk, grouped(3))
    first, second, _ = desk.made()
    ports = bootstrap.enrollment_action_ports()
    pause_all(ports, tenant=desk.tenant, contacts=[second.key.contact], now=START)
    bootstrap.table().put(enrollment_item(replace(first, state=EnrollmentState.FAILED)))
    wire.follow()

    assert [one.state for one in desk.made()] == [EnrollmentState(state) for state in ("failed", "paused", "waiting")]
    assert resume_enrollment(ports, tenant=desk.tenant, key=second.key, now=START).state is EnrollmentState.ACTIVE


def test_who_is_resumed_while_it_still_waits_is_called_when_its_turn_comes(desk, wire):
    schedule(desk, grouped(2))
    first, second = desk.made()
    ports = bootstrap.enrollment_action_ports()
    pause_all(ports, tenant=desk.tenant, contacts=[second.key.contact], now=START)
    assert resume_enrollment(ports, tenant=desk.tenant, key=second.key, now=START).state is EnrollmentState.WAITING
    bootstrap.table().put(enrollment_item(replace(first, state=EnrollmentState.FAILED)))
    wire.follow()

    assert desk.made()[1].state is EnrollmentState.ACTIVE
