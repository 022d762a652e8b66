"""What a worker does about steps that are no mails of their own text: the tenant's app is asked, waits are folded."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.contact_items import contact_item
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.domain.delivery import FIRST_RETRY, GIVE_UP_AFTER
from drumbeat.domain.enrollment import Awaits, EnrollmentState, Lead
from drumbeat.domain.sequence import StepCondition, StepKind
from drumbeat.domain.step_move import (
    ANSWERS_WITHIN,
    LOOK_AGAIN,
    MOST_DRAFT_REQUESTS,
    NO_ADDRESS,
    NO_APP,
    NO_DRAFT,
    NO_INBOX,
    NO_PROFILE,
    NOT_ACCEPTED_YET,
    STEP_GONE,
)
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.webhook import Posted
from tests.cadence_stage import (
    AFTER_ACCEPT,
    APP,
    CONNECT,
    DRAFTED,
    MAIL,
    WAIT,
    answer,
    open_cadence,
    put,
    request_in,
    wake,
)
from tests.scripted_smtp import ScriptedServer
from tests.scripted_web import GOOD, ScriptedWebServer
from tests.stage import START, TENANT, Stage, recipients

BAD = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def app() -> Iterator[ScriptedWebServer]:
    """A tenant's app that takes every request."""
    with ScriptedWebServer() as running:
        yield running


def later(stage: Stage, duration: int) -> None:
    """Time passes, and then a worker does what is due."""
    stage.now += duration
    stage.run(minutes=2)


def body_of(mail: bytes, kind: str) -> str:
    part = message_from_bytes(mail, policy=default).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_cadence_runs_from_its_first_mail_over_a_wait_and_linkedin_to_a_drafted_mail(stage, server, app):
    open_cadence(stage, (MAIL, WAIT, CONNECT, DRAFTED), mail_port=server.port, app_url=app.url())

    stage.run(minutes=2)
    assert recipients(server) == ["p1@corp.example"]
    sent = stage.enrollment()
    assert (sent.step, sent.due - sent.last_sent_at) == (2, 40 * MINUTE)

    stage.run(minutes=43)
    (asked,) = app.asked
    assert request_in(asked)["stepKind"] == "linkedin_connect"
    assert request_in(asked)["renderedText"] == "Hi Jane van Dyk"
    assert answer(asked, "done").body == {"changed": True}

    stage.run(minutes=13)
    assert request_in(app.asked[1])["type"] == "cadence.step.draft.requested"
    assert answer(app.asked[1], "draft", {"text": "{{email}} & I", "subject": "You"}).body == {"changed": True}

    stage.run(minutes=3)
    assert (len(server.taken), len(app.asked)) == (2, 2)
    mail = message_from_bytes(server.taken[1])
    assert mail["Subject"] == "You"
    assert mail["In-Reply-To"] == message_from_bytes(server.taken[0])["Message-ID"]
    assert "{{email}} &amp; I" in body_of(server.taken[1], "html")
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_text_of_a_step_reads_in_the_mail_as_it_was_written_and_names_the_lead(stage, server):
    open_cadence(stage, (MAIL,), mail_port=server.port)

    stage.run(minutes=2)

    assert message_from_bytes(server.taken[0])["Subject"] == "Hello Jane"
    assert "<p>Dear Jane,</p><p>1 &lt; 2<br>Bye</p>" in body_of(server.taken[0], "html")
    assert body_of(server.taken[0], "plain").startswith("Dear Jane,\r\n\r\n1 < 2\r\nBye\r\n")


def test_a_request_is_open_before_the_app_hears_of_it(stage, app, monkeypatch):
    """So that it may answer at once; the worker's claim is over then, and nothing of the answer is lost."""
    open_cadence(stage, (CONNECT, DRAFTED), app_url=app.url(), bound_to=APP)
    messages, answers, posted = stage.hinted(), [], Webhooks.post

    def post(self: Webhooks, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        outcome = posted(self, url, body, headers)
        answers.append(answer(app.asked[-1], "done").body)
        return outcome

    monkeypatch.setattr(Webhooks, "post", post)
    stage.work(messages)

    enrollment = stage.enrollment()
    assert answers == [{"changed": True}]
    assert (enrollment.step, enrollment.awaits, enrollment.owner) == (1, None, None)


def test_an_app_that_refuses_is_asked_the_same_again_later_and_given_up_after_three_days(stage):
    with ScriptedWebServer([BAD]) as app:
        open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)

        stage.run(minutes=1)
        first = stage.enrollment()
        assert (first.state, first.awaits) == (EnrollmentState.ACTIVE, None)
        assert first.due == first.put_off_since + FIRST_RETRY
        assert "500" in (first.remark or "")
        while stage.enrollment().state is EnrollmentState.ACTIVE:
            stage.now = max(stage.now, stage.enrollment().due)
            stage.run(minutes=2)

        assert len({request_in(asked)["id"] for asked in app.asked}) == 1
        assert 20 < len(app.asked) < 40
        assert GIVE_UP_AFTER - 5 * HOUR < stage.now - first.put_off_since < GIVE_UP_AFTER + HOUR
    ended = stage.enrollment()
    assert (ended.state, ended.bounced_at) == (EnrollmentState.FAILED, None)
    assert "gave up" in (ended.exit_reason or "")


def test_a_draft_that_does_not_come_is_asked_for_anew_and_given_up_after_the_seventh_request(stage, app, server):
    open_cadence(stage, (DRAFTED,), mail_port=server.port, app_url=app.url())

    stage.run(minutes=2)
    old = app.asked[0]
    later(stage, ANSWERS_WITHIN)
    assert answer(old, "draft", {"text": "late"}).status == 409
    for _ in range(MOST_DRAFT_REQUESTS):
        later(stage, ANSWERS_WITHIN)

    assert len({request_in(asked)["id"] for asked in app.asked}) == MOST_DRAFT_REQUESTS
    assert (stage.enrollment().state, stage.enrollment().exit_reason) == (EnrollmentState.FAILED, NO_DRAFT)
    assert server.taken == []


def test_a_step_that_the_app_is_silent_about_is_parked_and_never_asked_for_again_by_itself(stage, app):
    open_cadence(stage, (CONNECT, DRAFTED), app_url=app.url(), bound_to=APP)

    stage.run(minutes=2)
    later(stage, ANSWERS_WITHIN)
    later(stage, 3 * DAY)

    assert len(app.asked) == 1
    assert (stage.enrollment().state, stage.enrollment().awaits) == (EnrollmentState.PARKED, Awaits.STEP)
    assert answer(app.asked[0], "done").status == 409


MISSING = {
    "an address": ((MAIL,), {}, {"relinked_to": 0}, NO_ADDRESS),
    "an inbox": ((MAIL,), {"bound_to": APP}, {}, NO_INBOX),
    "a profile": ((CONNECT,), {"bound_to": APP, "lead": Lead("crm-1")}, {}, NO_PROFILE),
    "an app to ask for a step": ((CONNECT,), {"bound_to": APP}, {}, NO_APP),
    "an app to ask for a draft": ((DRAFTED,), {}, {}, NO_APP),
}


@pytest.mark.parametrize("what", MISSING)
def test_what_lacks_something_says_so_daily_and_stays_to_be_repaired(stage, server, what):
    steps, scene, enrollment, remark = MISSING[what]
    open_cadence(stage, steps, mail_port=server.port, **scene)
    put(stage, **enrollment)

    stage.run(minutes=1)
    lacking = stage.enrollment()
    later(stage, LOOK_AGAIN)

    assert (lacking.state, lacking.awaits, lacking.remark) == (EnrollmentState.ACTIVE, None, remark)
    assert stage.enrollment().due >= lacking.due + LOOK_AGAIN
    assert LOOK_AGAIN <= lacking.due - START < LOOK_AGAIN + MINUTE
    assert (server.taken, stage.enrollment().step) == ([], 0)


def test_what_was_repaired_leaves_at_the_next_tick(stage, server):
    open_cadence(stage, (MAIL,), mail_port=server.port)
    put(stage, relinked_to=0)
    stage.run(minutes=2)
    bootstrap.contacts().add([replace(bootstrap.contacts().get(TENANT, 1), number=7, email="new@corp.example")])

    put(stage, relinked_to=7, due=stage.now, awaits=None)
    stage.run(minutes=2)

    assert recipients(server) == ["new@corp.example"]
    assert (stage.enrollment().state, stage.enrollment().remark) == (EnrollmentState.FINISHED, None)


def test_a_relinked_enrollment_heeds_who_is_mailed_not_who_was_enrolled(stage, server):
    open_cadence(stage, (MAIL,), mail_port=server.port)
    bootstrap.contacts().add([replace(bootstrap.contacts().get(TENANT, 1), number=7, email="new@corp.example")])
    bootstrap.signals().suppress(TENANT, 7, stage.now)

    put(stage, relinked_to=7)
    stage.run(minutes=2)

    assert server.taken == []
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_a_message_after_the_invitation_waits_for_its_acceptance(stage, app):
    open_cadence(stage, (CONNECT, AFTER_ACCEPT), app_url=app.url(), bound_to=APP)
    stage.run(minutes=2)
    answer(app.asked[0], "done")

    stage.run(minutes=12)
    waiting = stage.enrollment()
    later(stage, LOOK_AGAIN)
    assert (waiting.awaits, waiting.remark) == (Awaits.ACCEPT, NOT_ACCEPTED_YET)
    assert len(app.asked) == 1

    answer(app.asked[0], "accepted")
    stage.run(minutes=2)

    assert request_in(app.asked[1])["stepKind"] == "linkedin_message"


@pytest.mark.parametrize("condition", [StepCondition.NEVER_REPLIED, StepCondition.NO_REPLY_TO_PREV])
def test_a_step_that_a_reply_forbids_is_passed_over_with_a_remark(stage, server, app, condition):
    steps = (CONNECT, replace(MAIL, condition=condition, delay_minutes=5), replace(MAIL, delay_minutes=5))
    open_cadence(stage, steps, mail_port=server.port, app_url=app.url(), exit_on_reply=False)
    stage.run(minutes=2)
    answer(app.asked[0], "done")
    answer(app.asked[0], "replied")

    stage.run(minutes=8)
    passed = stage.enrollment()
    stage.run(minutes=8)

    assert (passed.step, passed.remark) == (2, "step 2 was passed over: the lead has replied")
    assert len(server.taken) == 1
    assert (stage.enrollment().state, stage.enrollment().remark) == (EnrollmentState.FINISHED, None)


def test_a_list_that_became_shorter_ends_with_a_reason(stage, app):
    open_cadence(stage, (WAIT, CONNECT), app_url=app.url(), bound_to=APP)
    put(stage, step=1, awaits=Awaits.STEP, asked=1, due=stage.now, timed=False)
    stage.change(steps=(WAIT,))

    stage.run(minutes=2)

    ended = stage.enrollment()
    assert (ended.state, ended.exit_reason, ended.awaits) == (EnrollmentState.FINISHED, STEP_GONE, None)


def test_a_draft_that_is_no_longer_wanted_gives_way_to_the_step_as_it_is_now(stage, server, app):
    open_cadence(stage, (DRAFTED,), mail_port=server.port, app_url=app.url())
    stage.run(minutes=2)
    stage.change(steps=(MAIL,))

    later(stage, ANSWERS_WITHIN)
    stage.run(minutes=2)

    assert (len(app.asked), len(server.taken)) == (1, 1)


def test_who_unsubscribed_is_asked_for_nothing_any_more(stage, app):
    open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
    bootstrap.signals().suppress(TENANT, 1, stage.now)

    stage.run(minutes=2)

    assert app.asked == []
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_a_suppressed_address_stops_a_request_too(stage, app):
    """The contact itself is not marked: only the last look before the request shows it."""
    open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
    bootstrap.signals().suppress_address(TENANT, "p1@corp.example", stage.now)

    stage.run(minutes=2)

    assert (app.asked, stage.enrollment().state) == ([], EnrollmentState.UNSUBSCRIBED)


@pytest.mark.parametrize("how", ["contact", "address"])
def test_a_cadence_that_goes_on_without_mails_passes_them_over(stage, server, app, how):
    steps = (MAIL, replace(CONNECT, delay_minutes=1))
    open_cadence(stage, steps, mail_port=server.port, app_url=app.url(), exit_on_unsubscribe=False)
    if how == "contact":
        contact = bootstrap.contacts().get(TENANT, 1)
        bootstrap.table().put(contact_item(replace(contact, unsubscribed_at=stage.now)))
    else:
        bootstrap.signals().suppress_address(TENANT, "p1@corp.example", stage.now)

    stage.run(minutes=5)

    assert (server.taken, len(app.asked)) == ([], 1)
    assert stage.enrollment().awaits is Awaits.STEP


def test_an_answer_that_comes_while_it_is_paused_is_noted_and_it_stays_paused(stage, app):
    open_cadence(stage, (CONNECT, replace(CONNECT, kind=StepKind.LINKEDIN_MESSAGE)), app_url=app.url(), bound_to=APP)
    stage.run(minutes=2)
    put(stage, state=EnrollmentState.PAUSED, paused_at=stage.now)

    answer(app.asked[0], "done")
    stage.run(minutes=20)

    found = stage.enrollment()
    assert (found.state, found.step, found.awaits, len(app.asked)) == (EnrollmentState.PAUSED, 1, None, 1)


def test_a_request_costs_two_reads_and_three_writes_and_a_look_for_stops(stage, app):
    open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
    messages = stage.hinted()
    aws.ledger.clear()

    stage.work(messages)

    assert (len(app.asked), aws.ledger.datastore_requests()) == (1, 6)


def test_an_app_that_answers_only_after_a_while_is_asked_once(stage):
    """Nobody knows whether it heard: it has until the deadline to say so."""
    with ScriptedWebServer([GOOD.replace(b"200 OK", b"504 Slow")]) as app:
        open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
        stage.run(minutes=30)
        assert len(app.asked) == 1
    assert stage.enrollment().awaits is Awaits.STEP
    assert "504" in (stage.enrollment().remark or "")


def test_an_error_of_ours_before_the_request_leaves_nothing_awaited(stage, app):
    open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
    messages = stage.hinted()
    broken = replace(bootstrap.sequences().sender(TENANT, APP), sealed_password="bm9uc2Vuc2U=")
    bootstrap.sequences().update_sender(broken)

    assert len(stage.work(messages)) == 1

    enrollment = stage.enrollment()
    assert (app.asked, enrollment.awaits, enrollment.asked, enrollment.owner) == ([], None, 0, None)
    wake(stage)


def test_mail_servers_are_not_asked_for_what_is_no_mail(stage, app):
    with ScriptedServer() as server:
        open_cadence(stage, (CONNECT,), mail_port=server.port, app_url=app.url())
        stage.run(minutes=3)
        assert (server.taken, len(app.asked)) == ([], 1)
