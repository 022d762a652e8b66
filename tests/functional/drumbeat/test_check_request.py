"""GET /drumbeat/v1/connector/{token}: a dialler asks right before it dials."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.callees import callee_of
from drumbeat.domain.cancellation import Cancellation, variable_digest
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.token import open_token, unsubscribe_token
from tests.asked_about import KEY
from tests.connecting import Conversation
from tests.diallers import CALLER, Calling

FORGED = ["", "x", "AQ", "A" * 66, "%00", "../done", "é", "a" * 5000]


def hours(first: int, last: int) -> Hours:
    """Every day from one full hour to another, UTC. It is nine, and the call was asked for at eight."""
    return Hours(((Span(first * 60, last * 60),),) * 7, "UTC")


@pytest.fixture
def asked(calling):
    calling.begin()
    return calling


def state(asked: Calling | Conversation, token: str | None = None) -> str:
    answer = asked.say("check_request", token=token)
    assert answer.status == 200, answer
    assert answer.body == {"open": answer.body["state"] == "open", "state": answer.body["state"]}
    return str(answer.body["state"])


def test_a_request_that_waits_for_its_result_is_open(asked):
    answer = asked.say("check_request")

    assert (answer.status, answer.body) == (200, {"open": True, "state": "open"})


def test_a_look_reads_five_items_and_writes_nothing(asked):
    token = asked.token()
    aws.ledger.clear()
    state(asked, token)

    assert dict(aws.ledger.requests) == {"dynamodb.GetItem": 4, "dynamodb.BatchGetItem": 1}


def test_what_was_cancelled_must_not_be_dialled(asked):
    token = asked.token()
    asked.change(state=EnrollmentState.FINISHED, finished_at=asked.now)

    assert state(asked, token) == "over"


def test_what_a_cancellation_has_not_come_to_end_yet_must_not_be_dialled(asked):
    token = asked.token()
    enrollment = bootstrap.enrollments().get(asked.tenant, KEY)
    (variables,) = [callee_of(bootstrap.table().get(keys.callee(asked.tenant, KEY))).variables]
    digest = variable_digest(*next(iter(variables.items())))
    bootstrap.references().cancel(asked.tenant, digest, Cancellation(enrollment.created_at, None))

    assert state(asked, token) == "over"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": EnrollmentState.UNSUBSCRIBED}, "over"),
        ({"state": EnrollmentState.REMOVED}, "over"),
        ({"state": EnrollmentState.FAILED, "awaits": None}, "over"),
        ({"state": EnrollmentState.WAITING, "awaits": None}, "over"),
        ({"state": EnrollmentState.PAUSED}, "paused"),
        ({"state": EnrollmentState.PARKED}, "expired"),
        ({"awaits": None}, "answered"),
        ({"asked": 2}, "answered"),
        ({"epoch": 1}, "answered"),
        ({"step": 1}, "answered"),
        ({"state": EnrollmentState.PARKED, "asked": 2}, "over"),
    ],
)
def test_each_state_has_its_word(asked, changes, expected):
    token = asked.token()
    asked.change(**changes)

    assert state(asked, token) == expected


def test_the_deadline_itself_is_in_time(asked):
    asked.now = asked.enrollment().due
    assert state(asked) == "open"

    asked.now += 1
    assert state(asked) == "expired"


def test_who_has_unsubscribed_meanwhile_must_not_be_dialled(asked):
    bootstrap.signals().suppress(asked.tenant, 1, asked.now)

    assert state(asked) == "over"


def test_who_has_been_deleted_must_not_be_dialled(asked):
    (contact,) = bootstrap.contacts().get_some(asked.tenant, [1]).values()
    bootstrap.contacts().remove([contact])

    assert state(asked) == "over"


def test_an_agent_that_was_switched_off_dials_nobody(asked):
    asked.change_agent(status=SequenceStatus.PAUSED)

    assert state(asked) == "paused"


def test_hours_that_have_closed_since_are_heeded(calling):
    calling.begin(agent=replace(CALLER, hours=hours(6, 12)), zone=None)
    assert state(calling) == "open"

    calling.now += 4 * HOUR
    assert state(calling) == "outside_hours"


def test_who_was_asked_for_outside_of_the_hours_may_be_called_at_any_time(calling):
    calling.begin(agent=replace(CALLER, hours=hours(9, 12)), zone=None)

    assert state(calling) == "open"
    calling.now += 10 * HOUR
    assert state(calling) == "open"


def test_what_lacks_its_enrollment_or_agent_is_missing(asked):
    assert asked.say("check_request", token=asked.token(enrollment=replace(KEY, contact=2))).status == 404
    assert asked.say("check_request", token=asked.token(tenant=2)).status == 404
    token = asked.token()
    asked.change(state=EnrollmentState.DELETED)
    assert asked.say("check_request", token=token).status == 404


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_token_finds_nothing(asked, token):
    answer = asked.say("check_request", token=token)

    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_no_link_of_a_mail_tells_anything(asked):
    keys = bootstrap.token_keys()
    links = open_token(keys, asked.tenant, KEY, 0, 1), unsubscribe_token(keys, asked.tenant, 1)

    assert [asked.say("check_request", token=link).status for link in links] == [404, 404]


@pytest.mark.parametrize(("awaits", "expected"), [(Awaits.STEP, "open"), (Awaits.DRAFT, "open")])
def test_other_requests_can_be_looked_at_too(talk, awaits, expected):
    talk.begin(awaits)

    assert state(talk) == expected
    talk.change(due=talk.now - MINUTE)
    assert state(talk) == "expired"
