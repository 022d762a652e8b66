"""Steps that the tenant's app does, from the timer to the app and back: asked once, done once, mailed once."""

import json
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.enrollment import Awaits, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import DraftStrategy, Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR
from tests.scripted_web import ScriptedWebServer
from tests.stage import SEQUENCE, START, TENANT, person
from tests.world import Caller

APP, MAILBOX = 7, 8
OPERATIONS = {
    "done": "complete_step", "draft": "deliver_draft", "failed": "fail_step", "accepted": "accept_invite",
    "replied": "record_reply",
}  # fmt: skip
MAIL = Step(1, "Hello", "<p>Hi</p>", 0)
INVITE = Step(2, "", "", 0, kind=StepKind.LINKEDIN_CONNECT, text="Hi {{first_name}}")
DRAFTED = Step(1, "Our idea", "", 0, draft=DraftStrategy.AI, prompt_hint="be brief")
REFUSAL = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
TAKEN = b"HTTP/1.1 204 Fine\r\n\r\n"


@pytest.fixture
def app():
    with ScriptedWebServer([TAKEN]) as running:
        yield running


@pytest.fixture
def play(stage, server, app):
    """Enrolls one person in a cadence of these steps, with an inbox and an app."""

    def begin(*steps):
        table, seal = bootstrap.table(), bootstrap.vault().seal
        cadence = Sequence(
            TENANT, SEQUENCE, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, steps, (), START,
            connector=APP, mailboxes=(MAILBOX,),
        )  # fmt: skip
        secret, password = seal("whsec_1", tenant=TENANT, sender=APP), seal("x", tenant=TENANT, sender=MAILBOX)
        table.put(sequence_item(cadence))
        kind = SenderKind.CONNECTOR
        table.put(sender_item(Sender(TENANT, APP, None, None, app.url(), 0, "", secret, "", "", 0, START, kind=kind)))
        inbox = TENANT, MAILBOX, None, None, "127.0.0.1", server.port, "ann", password, "Ann", "ann@acme.example"
        table.put(sender_item(Sender(*inbox, 50, START)))
        bootstrap.contacts().add([person(1)])
        key = EnrollmentKey(SEQUENCE, 1)
        made = new_enrollment(TENANT, key, batch_number=1, batch_tag="t", now=START - HOUR, bound_to=MAILBOX)
        lead = Lead("crm-1", "Jane Doe", "https://www.linkedin.com/in/jane/")
        table.put(enrollment_item(replace(made, lead=lead)))
        bootstrap.lanes().wake(TENANT, [MAILBOX], stage.now, serves=SEQUENCE)

    return begin


def said(app, place=-1):
    return json.loads(app.asked[place].body)


def answers(request, answer, body=None):
    """What the app is told when it answers a request."""
    token = json.loads(request.body)["callbacks"][answer].split("/")[-2]
    return Caller()(OPERATIONS[answer], body, group="drumbeat", token=token).body


def test_the_app_does_its_step_between_two_mails(stage, server, app, play):
    play(MAIL, INVITE, replace(MAIL, position=3, subject="Again"))
    stage.run(minutes=3)
    assert stage.enrollment().awaits is Awaits.STEP
    assert (len(server.taken), len(app.asked)) == (1, 1)
    assert (said(app)["renderedText"], said(app)["lead"]["name"]) == ("Hi Jane", "Jane Doe")

    assert answers(app.asked[0], "done") == {"changed": True}
    stage.run(minutes=3)

    assert (len(server.taken), len(app.asked)) == (2, 1)
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_an_app_that_answers_before_it_says_that_it_heard_is_believed(stage, server, app, play):
    play(INVITE, replace(MAIL, position=2))
    told = []
    app.meanwhile = lambda request: told.append(answers(request, "done", {"channel_urn": "urn:li:c:1"}))

    stage.run(minutes=3, copies=2)

    assert told == [{"changed": True}]
    assert (len(server.taken), len(app.asked)) == (1, 1)
    assert (stage.enrollment().state, stage.enrollment().channel_urn) == (EnrollmentState.FINISHED, "urn:li:c:1")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_draft_leaves_as_it_was_written(stage, server, app, play, at_once):
    play(DRAFTED)
    words = {"text": "Hi Jane,\n1 < 2 {{first_name}}", "subject": "For you"}
    if at_once:
        app.meanwhile = lambda request: answers(request, "draft", words)
    stage.run(minutes=2)
    if not at_once:
        assert answers(app.asked[0], "draft", words) == {"changed": True}
        stage.run(minutes=1)

    (raw,) = server.taken
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"] == "For you"
    assert "1 &lt; 2 {{first_name}}" in mail.get_body(("html",)).get_content()
    assert said(app)["promptHint"] == "be brief"
    assert len(app.asked) == 1


def test_the_hint_of_a_request_that_comes_again_when_the_draft_is_there_sends_no_mail(stage, server, app, play):
    """Its slot counts for no cap and no gap."""
    play(DRAFTED)
    hints = stage.hinted()
    stage.work(hints)
    answers(app.asked[0], "draft", {"text": "Hi"})

    assert stage.work(hints) == []

    assert (server.taken, stage.enrollment().owner) == ([], None)
    stage.run(minutes=1)
    assert len(server.taken) == 1


def test_an_app_that_refuses_is_asked_the_same_again_later(stage, app, play):
    play(INVITE)
    app._answers = [REFUSAL, TAKEN]

    stage.run(minutes=10)

    assert [said(app, place)["id"] for place in (0, 1)] == [said(app, 0)["id"]] * 2
    assert app.asked[0].body.replace(said(app, 0)["deadline"].encode(), b"") == app.asked[1].body.replace(
        said(app, 1)["deadline"].encode(), b""
    )
    assert answers(app.asked[0], "done") == {"changed": True}


def test_what_the_app_does_not_answer_for_is_parked_and_never_asked_for_twice(stage, app, play):
    play(INVITE, MAIL)
    stage.run(minutes=2)
    stage.now += DAY

    stage.run(minutes=3)

    assert stage.enrollment().state is EnrollmentState.PARKED
    assert len(app.asked) == 1
    assert answers(app.asked[0], "done")["code"] == "late"


def test_a_lead_who_replies_gets_nothing_more(stage, server, app, play):
    play(INVITE, MAIL)
    stage.run(minutes=2)

    assert answers(app.asked[0], "replied") == {"changed": True}
    stage.run(minutes=3)
    stage.now += DAY
    stage.run(minutes=3)

    assert stage.enrollment().state is EnrollmentState.REPLIED
    assert (server.taken, len(app.asked)) == ([], 1)


def test_the_acceptance_lets_the_message_out_at_once(stage, app, play):
    message = Step(2, "", "", 0, kind=StepKind.LINKEDIN_MESSAGE, text="Hi", condition="after_accept")
    play(INVITE, message)
    app.meanwhile = lambda request: answers(request, "done")
    stage.run(minutes=4)
    assert (stage.enrollment().awaits, len(app.asked)) == (Awaits.ACCEPT, 1)

    assert answers(app.asked[0], "accepted") == {"changed": True}
    stage.run(minutes=2)

    assert [said(app, place)["stepKind"] for place in range(2)] == ["linkedin_connect", "linkedin_message"]
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_a_step_that_the_app_cannot_do_ends_it(stage, app, play):
    play(INVITE, MAIL)
    app.meanwhile = lambda request: answers(request, "failed", {"reason": "no such profile", "retry": False})

    stage.run(minutes=3)

    assert (stage.enrollment().state, stage.enrollment().exit_reason) == (EnrollmentState.FAILED, "no such profile")
