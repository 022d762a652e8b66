"""Mails of a sender of kind ses: accepted once, in doubt once, and settled by what SES reports with our token."""

import json
from dataclasses import replace
from email import message_from_bytes

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.config import settings
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.sequence import SenderKind
from functions.workers import take_ses_event
from tests.scripted_ses import DROPPED, MESSAGE_ID, TAKEN, ScriptedSes, refusal
from tests.scripted_smtp import ScriptedServer
from tests.stage import TENANT, Stage
from tests.world import Context


@pytest.fixture
def stage(aws, monkeypatch):
    """A sequence whose only sender sends through SES; nothing ever comes to the mail server."""
    stage = Stage(monkeypatch)
    with ScriptedServer() as server:
        stage.open([server])
        sender = bootstrap.sequences().sender(TENANT, 1)
        bootstrap.table().put(sender_item(replace(sender, kind=SenderKind.SES)))
        yield stage
        assert server.connections == 0


@pytest.fixture
def through(monkeypatch):
    """SES with a script, and a stack that is set up for it."""
    running = []

    def made(*script):
        server = ScriptedSes(*script).__enter__()
        running.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", server.url)
        monkeypatch.setenv("SES_CONFIGURATION_SET", "drumbeat-events")
        settings.cache_clear()
        return server

    yield made
    for server in running:
        server.__exit__()


def report(ses, kind):
    """SES reports on the first mail that it was given, with the tag that came with it; what has to come again."""
    (tag,) = ses.requests[0]["EmailTags"]
    mail = {"messageId": MESSAGE_ID, "tags": {tag["Name"]: [tag["Value"]]}}
    event = {"source": "aws.ses", "region": "us-east-1", "detail": {"eventType": kind, "mail": mail}}
    answer = take_ses_event.handler({"Records": [{"messageId": "1", "body": json.dumps(event)}]}, Context())
    return answer["batchItemFailures"]


def test_both_steps_leave_once_and_the_second_is_threaded_under_the_id_that_ses_gave(stage, through):
    ses = through(TAKEN)

    stage.run(minutes=20, copies=2)

    first, second = (message_from_bytes(mail) for mail in ses.taken)
    assert second["In-Reply-To"] == second["References"] == f"<{MESSAGE_ID}@email.amazonses.com>"
    assert first["In-Reply-To"] is None
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_a_mail_in_doubt_is_parked_and_the_report_that_comes_with_our_token_settles_it(stage, through):
    ses = through(DROPPED, TAKEN)
    stage.run(minutes=10)
    assert (stage.enrollment().state, len(ses.taken)) == (EnrollmentState.PARKED, 1)

    assert report(ses, "Delivery") == []

    assert (stage.enrollment().state, stage.enrollment().step) == (EnrollmentState.ACTIVE, 1)
    stage.run(minutes=20)
    assert (len(ses.taken), stage.enrollment().state) == (2, EnrollmentState.FINISHED)


def test_a_complaint_about_a_relinked_mail_stops_who_got_it(stage, through):
    ses = through(TAKEN)
    other = replace(bootstrap.contacts().get(TENANT, 1), number=7, email="new@corp.example")
    bootstrap.contacts().add([other])
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(), relinked_to=7)))
    stage.run(minutes=3)

    report(ses, "Complaint")

    assert bootstrap.contacts().get(TENANT, 7).unsubscribed_at == stage.now
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at is None


def test_a_sender_that_ses_slows_down_rests_and_its_contact_loses_nothing(stage, through):
    ses = through(refusal(429, "TooManyRequestsException"), TAKEN)

    stage.run(minutes=3)
    sender = bootstrap.sequences().sender(TENANT, 1)
    assert (ses.begun, sender.disabled_at) == (1, None)
    assert sender.resting_until > stage.now
    assert sender.trouble == "TooManyRequestsException: no"

    stage.run(minutes=30)
    assert (len(ses.taken), stage.enrollment().attempts) == (2, 0)
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_a_stack_without_ses_sends_nothing_and_says_so(stage):
    stage.run(minutes=3)

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert bootstrap.sequences().sender(TENANT, 1).trouble == "this stack does not send through SES"
