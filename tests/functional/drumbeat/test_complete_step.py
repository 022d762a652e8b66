"""POST /drumbeat/v1/connector/{token}/done"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.answers import AnswerStore
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.domain.delivery import LEASE
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.hint import Hint
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.token import open_token, unsubscribe_token
from tests.asked_about import KEY
from tests.connecting import CADENCE, INVITE, MAILBOX, Conversation, changed
from tests.faults import Crash, fault
from tests.world import Caller

FORGED = [
    "", "x", "AQ", "A" * 66, "%00", "../done", "é", "a" * 5000,
]  # fmt: skip


@pytest.fixture
def asked(talk):
    talk.begin()
    return talk


def test_a_step_that_is_done_leads_to_the_next_one_after_its_delay(asked):
    assert changed(asked.say("complete_step"))

    found = asked.enrollment()
    assert (found.step, found.awaits, found.state) == (1, None, EnrollmentState.ACTIVE)
    assert (found.due, found.last_sent_at, found.sent_at) == (asked.now + 60 * MINUTE, asked.now, asked.now)


def test_the_lane_is_awake_then(asked):
    asked.say("complete_step")

    assert asked.awake() == [MAILBOX]


def test_the_last_step_finishes_it(talk):
    talk.begin(cadence=replace(CADENCE, steps=(INVITE,)))

    assert changed(talk.say("complete_step"))
    assert talk.enrollment().state is EnrollmentState.FINISHED
    assert talk.awake() == []


def test_where_the_lead_is_is_kept_when_it_is_first_told(asked):
    asked.say("complete_step", {"channel_urn": "urn:li:c:1", "profile_urn": "urn:li:p:1"})
    asked.change(step=0, awaits=Awaits.STEP, asked=4, due=asked.now + DAY)
    asked.say("complete_step", {"channel_urn": "urn:li:c:2", "profile_urn": "urn:li:p:2"})

    found = asked.enrollment()
    assert (found.channel_urn, found.lead.profile_urn) == ("urn:li:c:1", "urn:li:p:1")
    assert found.lead.name == "Jane Doe"


def test_what_is_done_twice_counts_once(asked):
    token = asked.token()
    asked.say("complete_step", token=token)
    before = asked.enrollment()
    asked.now += HOUR

    assert not changed(asked.say("complete_step", token=token))
    assert asked.enrollment() == before


@pytest.mark.parametrize("fields", [{"asked": 4}, {"epoch": 1}, {"awaits": None}, {"awaits": Awaits.DRAFT}])
def test_what_nobody_waits_for_is_late(asked, fields):
    token = asked.token()
    asked.change(**fields)
    before = asked.enrollment()

    late = asked.say("complete_step", token=token)

    assert (late.status, late.body["code"]) == (409, "late")
    assert asked.enrollment() == before


def test_after_the_deadline_it_is_late(asked):
    asked.now = asked.enrollment().due + 1

    assert asked.say("complete_step").status == 409


def test_once_it_is_parked_it_is_late(asked):
    """Somebody decides then; nothing is decided behind their back."""
    asked.change(state=EnrollmentState.PARKED, parked_at=asked.now)

    assert asked.say("complete_step").status == 409


def test_a_paused_one_goes_on_and_stays_paused(asked):
    asked.change(state=EnrollmentState.PAUSED, paused_at=1)

    assert changed(asked.say("complete_step"))
    assert (asked.enrollment().state, asked.enrollment().step) == (EnrollmentState.PAUSED, 1)


@pytest.mark.parametrize("state", ["finished", "replied", "bounced", "unsubscribed", "removed", "failed"])
def test_for_one_that_is_over_it_is_late(asked, state):
    asked.change(state=EnrollmentState(state))

    assert asked.say("complete_step").status == 409
    assert asked.enrollment().step == 0


def test_for_one_that_was_deleted_there_is_nothing(asked):
    token = asked.token()
    asked.change(state=EnrollmentState.DELETED)

    assert asked.say("complete_step", token=token).status == 404


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_answer_finds_nothing_and_changes_nothing(asked, token):
    before = asked.enrollment()

    assert asked.say("complete_step", token=token).status == 404
    assert asked.enrollment() == before


@pytest.mark.parametrize("operation", ["deliver_draft", "complete_step", "fail_step", "accept_invite", "record_reply"])
def test_no_link_of_a_mail_is_an_answer(asked, operation):
    """A recipient holds tokens of the same secret."""
    keys = bootstrap.token_keys()
    links = open_token(keys, asked.tenant, KEY, 0, 1), unsubscribe_token(keys, asked.tenant, 1)
    before = asked.enrollment()

    assert [asked.say(operation, token=link).status for link in links] == [404, 404]
    assert asked.enrollment() == before


def test_a_token_of_another_tenant_s_enrollment_touches_nobody_else(asked):
    assert asked.say("complete_step", token=asked.token(tenant=2)).status == 404


def test_an_answer_that_overtakes_the_settlement_of_the_request_counts(asked):
    """Whoever asked still has its claim: what it settles afterwards is refused, as the claim is gone."""
    asked.change(owner="worker", lease=asked.now + LEASE)

    assert changed(asked.say("complete_step"))
    assert (asked.enrollment().owner, asked.enrollment().lease) == (None, None)


def test_a_claim_at_the_deadline_that_comes_between_look_and_write_settles_nothing(asked, monkeypatch):
    """The deadline is the last instant of the answer and the first of the claim: whoever writes last must see it."""
    asked.now = asked.enrollment().due
    look = bootstrap.enrollments().get
    hint = Hint(tenant=asked.tenant, enrollment=KEY, sender=MAILBOX, step=0, epoch=0, at=asked.now, bound=True)
    attempts = AttemptStore(bootstrap.table())

    def claimed_meanwhile(*whose):
        found = look(*whose)
        attempts.claim([hint], owner="worker", now=asked.now, lease=LEASE)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(type(bootstrap.enrollments()), "get", lambda _, *whose: claimed_meanwhile(*whose))
        assert changed(asked.say("complete_step"))

    assert (asked.enrollment().owner, asked.enrollment().step) == (None, 1)


def test_of_two_answers_at_the_same_time_one_counts(asked, monkeypatch):
    token, look = asked.token(), bootstrap.enrollments().get

    def answered_meanwhile(*whose):
        found = look(*whose)
        again.undo()
        assert changed(asked.say("fail_step", token=token))
        return found

    with monkeypatch.context() as again:
        again.setattr(type(bootstrap.enrollments()), "get", lambda _, *whose: answered_meanwhile(*whose))
        assert asked.say("complete_step", token=token).status == 409

    assert (asked.enrollment().state, asked.enrollment().step) == (EnrollmentState.FAILED, 0)


def test_a_stop_between_look_and_write_stands(asked, monkeypatch):
    token, look = asked.token(), bootstrap.enrollments().get

    def stopped_meanwhile(*whose):
        found = look(*whose)
        again.undo()
        bootstrap.signals().take_out(found, EnrollmentState.UNSUBSCRIBED, asked.now)
        return found

    with monkeypatch.context() as again:
        again.setattr(type(bootstrap.enrollments()), "get", lambda _, *whose: stopped_meanwhile(*whose))
        assert asked.say("complete_step", token=token).status == 409

    assert (asked.enrollment().state, asked.enrollment().step) == (EnrollmentState.UNSUBSCRIBED, 0)


@pytest.mark.parametrize("body", [{"channel_urn": ""}, {"profile_urn": 1}, {"channelUrn": "x"}, []])
def test_what_is_no_answer_is_refused(asked, body):
    assert asked.say("complete_step", body).status in {400, 422}
    assert asked.enrollment().awaits is Awaits.STEP


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 6))
def test_an_answer_that_dies_is_finished_by_the_next(asked, call, after):
    token = asked.token()
    with fault(call, after=after), pytest.raises(Crash):
        asked.say("complete_step", token=token)
    asked.now += MINUTE

    asked.say("complete_step", token=token)

    found = asked.enrollment()
    assert (found.step, found.awaits) == (1, None)
    assert asked.awake() != []


def test_a_lost_acknowledgement_is_no_second_answer(asked, monkeypatch):
    """The store wrote it and its client asks again: what it finds is its own."""
    take = AnswerStore.take
    monkeypatch.setattr(AnswerStore, "take", lambda *args: take(*args) and False)

    assert changed(asked.say("complete_step"))
    assert asked.enrollment().step == 1


def test_answers_to_two_requests_never_meet_under_one_idempotency_key(asked):
    other = Conversation()
    other.begin()
    keyed = {"Idempotency-Key": "1"}

    answers = [
        Caller()("complete_step", group="drumbeat", headers=keyed, token=talk.token()) for talk in (asked, other)
    ]

    assert [(answer.status, answer.body) for answer in answers] == [(200, {"changed": True})] * 2
    assert [talk.enrollment().step for talk in (asked, other)] == [1, 1]
