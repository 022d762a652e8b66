"""Contract 4.4: what many contacts at once mean, rule by rule."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from tests.contract.julian.answers import (
    LIFECYCLE,
    AgentId,
    BatchId,
    Count,
    Rejected,
    SequenceId,
    Usage,
    accepted,
    errors_of,
    read,
    refused,
)  # fmt: skip
from tests.contract.julian.vendor import WEEKDAYS, Office, contact, contacts, mailbox, office
from tests.functional.outreach.bulk import worked

MONDAY_TEN = "2026-11-23T10:00:00Z"
"""Ten in London, five in New York."""


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)
    index: Count
    phone_number: str
    status: Literal["pending", "scheduled", "rejected", "failed"]
    sequence_id: SequenceId | None = None
    lifecycle_status: Literal[LIFECYCLE] | None = None  # type: ignore[valid-type]
    error: str | None = None


class Progress(BaseModel):
    """GET /batches/{batchId}: ours."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)
    batch_id: BatchId
    agent_id: AgentId
    status: Literal["scheduling", "finished", "failed"]
    total: Count
    accepted: Count
    scheduled: Count
    rejected: list[Rejected]
    contacts: list[Row]


@pytest.fixture
def by_day(stack, time):
    return office(callWindows=WEEKDAYS)


def progress(desk: Office, batch_id: str) -> Progress:
    return read(desk.ask("GET", f"/batches/{batch_id}"), Progress)


def left_nothing(desk: Office) -> bool:
    """Whether no credit is set aside."""
    return read(desk.usage(), Usage).organization.held_credits == 0


# 1. Validation is per contact.


def test_good_contacts_are_scheduled_though_others_fail(desk):
    rows = [contact(), {}, 7, contact(phoneNumber="no"), contact(timezone="Mars"), contact(), contact(account_id=1)]

    answer = desk.schedule(rows)

    assert list(errors_of(answer)) == [1, 2, 3, 4, 6]
    worked()
    assert [row.status for row in progress(desk, answer.body["batchId"]).contacts] == [
        "scheduled", "rejected", "rejected", "rejected", "rejected", "scheduled", "rejected",
    ]  # fmt: skip


def test_what_is_rejected_is_told_with_the_number_as_it_was_given(desk):
    told = accepted(desk.schedule([contact(), contact() | {"phoneNumber": "555 1234"}, {"name": "John"}]))

    assert [(row.index, row.phone_number) for row in told.rejected] == [(1, "555 1234"), (2, "")]


# 2. The whole call fails only when no row passes, the agent is misconfigured, or credits do not cover.


def test_where_no_contact_passes_the_whole_call_fails_and_says_why_of_each(desk):
    body = refused(desk.schedule([{}, contact(phoneNumber="x")]), 400, "NO_VALID_CONTACTS")

    assert [row["index"] for row in body["rejected"]] == [0, 1]
    for row in body["rejected"]:
        Rejected.model_validate(row)


def test_an_agent_that_is_off_says_so_before_it_looks_at_contacts(desk):
    desk.change(enabled=False)

    refused(desk.schedule([contact()]), 422, "AGENT_MISCONFIGURED")
    refused(desk.schedule([{}]), 422, "AGENT_MISCONFIGURED")
    desk.change(enabled=True)
    assert accepted(desk.schedule([contact()])).accepted == 1


def test_credits_have_to_cover_the_contacts_that_pass_and_no_others(desk):
    desk.allocate(3)
    rows = [*contacts(4), {}]

    body = refused(desk.schedule(rows), 402, "INSUFFICIENT_CREDITS")

    assert (body["needed"], body["available"]) == (4, 3)
    assert left_nothing(desk)
    assert accepted(desk.schedule(rows[1:])).accepted == 3
    assert refused(desk.schedule([contact()]), 402, "INSUFFICIENT_CREDITS")["available"] == 0


def test_a_call_may_cost_more_than_one_credit_or_none(desk):
    desk.allocate(5)

    assert refused(desk.hire(creditsPerCall=3).schedule(contacts(2)), 402, "INSUFFICIENT_CREDITS")["needed"] == 6
    assert accepted(desk.hire(creditsPerCall=0).schedule(contacts(20))).accepted == 20


# 3. 202 means that the upfront checks passed; sequences are created in the background.


def test_sequences_are_made_in_the_background_and_can_be_watched(desk):
    batch = accepted(desk.schedule([contact(), {}, contact()])).batch_id
    before = progress(desk, batch)

    worked()

    after = progress(desk, batch)
    assert (before.status, before.scheduled, [row.status for row in before.contacts]) == (
        "scheduling", 0, ["pending", "rejected", "pending"],
    )  # fmt: skip
    assert (after.status, after.total, after.accepted, after.scheduled) == ("finished", 3, 2, 2)
    assert (after.agent_id, after.rejected) == (desk.agent, before.rejected)
    assert [row.lifecycle_status for row in after.contacts] == ["scheduled", None, "scheduled"]
    assert len({row.sequence_id for row in after.contacts}) == 3


def test_a_batch_of_somebody_else_is_unknown(desk):
    batch = accepted(office().schedule([contact()])).batch_id

    refused(desk.ask("GET", f"/batches/{batch}"), 404, "BATCH_NOT_FOUND")


# 4. Numbers are normalized before duplicates are looked for; the first one wins.


def test_two_ways_to_spell_a_number_are_one_number_and_the_first_one_wins(desk):
    rows = [contact(phoneNumber="+15551234567"), contact(), contact(phoneNumber="+1 (555) 123-4567")]

    told = accepted(desk.schedule(rows))

    assert [(row.index, row.phone_number) for row in told.rejected] == [(2, "+1 (555) 123-4567")]
    assert accepted(desk.schedule(rows, allowDuplicates=True)).accepted == 3
    assert accepted(desk.schedule(rows, allowDuplicates=False)).accepted == 2


def test_a_contact_that_is_no_good_takes_nobody_s_place(desk):
    number = contact()["phoneNumber"]

    told = accepted(desk.schedule([contact(phoneNumber=number, name=None), contact(phoneNumber=number)]))

    assert [row.index for row in told.rejected] == [0]


def test_a_number_that_is_called_already_is_taken_again(desk):
    row = contact()

    assert [accepted(desk.schedule([row])).accepted for _ in range(2)] == [1, 1]


# 5. Hours can not be ignored here; zones are those of the row, the call, the agent.


def test_nobody_of_many_is_called_outside_the_hours(by_day):
    early = contact(scheduledAt=MONDAY_TEN)

    told = errors_of(by_day.schedule([early, contact(), early | {"bypassAllowedCallWindow": True}]))

    assert list(told) == [0, 2]
    assert "America/New_York" in told[0]


@pytest.mark.parametrize(
    ("row", "call", "agents", "is_good"),
    [
        ({"timezone": "Europe/London"}, None, "America/New_York", True),
        ({"timezone": "Europe/London"}, "America/New_York", "America/New_York", True),
        ({"timezone": "America/New_York"}, "Europe/London", "Europe/London", False),
        ({}, "Europe/London", "America/New_York", True),
        ({}, "America/New_York", "Europe/London", False),
        ({}, None, "Europe/London", True),
        # The zone of the number is not looked at, unlike for one contact.
        ({"phoneNumber": "+442079460123"}, None, "America/New_York", False),
        ({"phoneNumber": "+12125550123"}, None, "Europe/London", True),
        ({"timezone": None}, "Europe/London", "America/New_York", True),
    ],
)
def test_the_zone_is_that_of_the_row_then_of_the_call_then_the_agent_s_first(stack, time, row, call, agents, is_good):
    desk = office(callWindows=WEEKDAYS, timezones=[agents, "Asia/Tokyo"])
    fields = {} if call is None else {"timezone": call}

    answer = desk.schedule([contact(scheduledAt=MONDAY_TEN) | row, contact()], **fields)

    assert accepted(answer).accepted == 1 + is_good


# 6. The key: a replay is the first answer, and schedules nothing.


def test_the_same_key_is_the_same_call_whatever_it_asks_for(desk):
    first = desk.schedule([contact(), {}], key="monday")
    asked = [contact(), {}], contacts(5), [{}], [], "x", None

    for rows in asked:
        again = desk.schedule(rows, key="monday")
        assert (again.status, again.body) == (202, first.body)

    worked()
    assert read(desk.usage(), Usage).organization.held_credits == 1


def test_a_key_counts_for_one_agent_of_one_organization(desk):
    offices = desk, desk.hire(), office()

    batches = {accepted(one.schedule([contact()], key="monday")).batch_id for one in offices}

    assert len(batches) == 3


def test_a_call_that_failed_as_a_whole_may_be_made_again_under_its_key(desk):
    desk.allocate(0)
    refused(desk.schedule([contact()], key="monday"), 402, "INSUFFICIENT_CREDITS")
    refused(desk.schedule([{}], key="monday"), 400, "NO_VALID_CONTACTS")
    desk.allocate(1)

    assert accepted(desk.schedule([contact()], key="monday")).accepted == 1


def test_without_a_key_every_call_counts(desk):
    rows = contacts(2)

    assert accepted(desk.schedule(rows)).batch_id != accepted(desk.schedule(rows)).batch_id
    assert read(desk.usage(), Usage).organization.held_credits == 4


# 7. Groups and duplicates exclude each other (see the source document's tests); a group needs its variable.


def test_a_contact_without_the_grouping_variable_is_no_good(desk):
    told = errors_of(desk.schedule([contact(account_id="a"), contact()], groupByField="account_id"))

    assert list(told) == [1]
    assert "account_id" in told[1]


def test_contacts_that_wait_are_accepted_and_paid_for(desk):
    told = accepted(desk.schedule(contacts(5, account_id="a"), groupByField="account_id"))

    assert told.accepted == 5
    assert read(desk.usage(), Usage).organization.held_credits == 5


# The rest of a row.


def test_an_address_is_needed_where_the_agent_mails(stack, time):
    plain = office()
    mail = {"stepType": "EMAIL", "delaySeconds": 60, "subject": "Hello", "text": "Hello"}
    desk = plain.hire(steps=[{"stepType": "CALL", "delaySeconds": 0}, mail], senderId=mailbox(plain.own))

    told = errors_of(desk.schedule([contact(toEmailAddress="a@corp.example"), contact(), contact(toEmailAddress="a")]))

    assert list(told) == [1, 2]
    assert all("toEmailAddress" in text for text in told.values())


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"phoneNumberExt": "x12"}, "phoneNumberExt"), ({"phoneNumberExt": 12}, "phoneNumberExt"),
        ({"scheduledAt": "2023-11-07T05:31:56Z"}, "scheduledAt"), ({"scheduledAt": "soon"}, "scheduledAt"),
        ({"toEmailAddress": "x"}, "toEmailAddress"), ({"timezone": "Mars"}, "timezone"), ({"note": 5}, "note"),
        ({"note": "x" * 5_000}, "note"), ({"name": "x" * 5_000}, "name"),
    ],
)  # fmt: skip
def test_a_reason_names_what_is_wrong(desk, fields, word):
    told = errors_of(desk.schedule([contact(), contact(**fields)]))

    assert word in told[1]


def test_the_hour_that_is_skipped_and_the_one_that_comes_twice_are_called_in_the_hours(stack, time):
    """New York goes forward on 2027-03-14 at two and back on 2027-11-07 at two; windows hold those hours only."""
    every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    skipped = office(callWindows=[{"days": every_day, "start": "03:00", "end": "04:00"}])
    doubled = office(callWindows=[{"days": every_day, "start": "01:00", "end": "02:00"}])

    assert accepted(skipped.schedule([contact(scheduledAt="2027-03-14T02:30:00")])).accepted == 1
    assert accepted(doubled.schedule([contact(scheduledAt="2027-11-07T01:30:00")])).accepted == 1


@pytest.mark.parametrize("name", ["phone_number", "schedule_at", "Name"])
def test_a_misspelt_field_is_a_variable(desk, name):
    assert accepted(desk.schedule([contact(**{name: "x"})])).accepted == 1
