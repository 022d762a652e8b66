"""What SES reports through SNS is noted once the message has proven to be of a topic of ours; nothing else writes."""

import json
from typing import Any

import pytest

from drumbeat import bootstrap, bootstrap_hooks
from drumbeat.adapters import aws
from drumbeat.adapters.sns import SnsMessages
from drumbeat.adapters.webhooks import Unreachable
from drumbeat.config import settings
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import DAY, HOUR, iso
from functions.tracking import take_sns
from tests.contract.scene import everything
from tests.faults import dies
from tests.reporting import ADDRESS, elsewhere, sent, suppression, token
from tests.sns_signer import CERTIFICATE_URL, TOPIC, SnsOffice
from tests.stage import START, Stage
from tests.world import Context, api_event


@pytest.fixture(scope="module")
def certified() -> SnsOffice:
    return SnsOffice(START)


@pytest.fixture
def office(certified):
    certified.fetched.clear()
    return certified


@pytest.fixture
def stage(aws, monkeypatch, server, office):
    monkeypatch.setenv("SNS_TOPIC_ARNS", TOPIC)
    settings.cache_clear()
    messages = SnsMessages(settings().sns_topics, office.fetch, office.roots)
    monkeypatch.setattr(bootstrap_hooks, "_sns_messages", lambda: messages)
    return sent(Stage(monkeypatch), server)


def report(kind: str, *, name: str = "notificationType", **parts: Any) -> str:
    mail = {"messageId": "0102-000000", "destination": [ADDRESS], "tags": {"drumbeat": [token()]}}
    return json.dumps({name: kind, "mail": mail} | parts)


def bounce(kind: str = "Permanent", **options: Any) -> str:
    hit = [{"emailAddress": ADDRESS, "diagnosticCode": "smtp; 550 5.1.1 no"}]
    return report("Bounce", bounce={"bounceType": kind, "bouncedRecipients": hit}, **options)


def call(said: Any) -> dict[str, Any]:
    body = said if isinstance(said, str) else json.dumps(said)
    return take_sns.handler(api_event("POST", raw=body, headers={"Content-Type": "text/plain"}), Context())


def confirmations() -> int:
    return aws.ledger.requests["sns.ConfirmSubscription"]


def nothing_is_written(said: Any, status: int = 403) -> dict[str, Any]:
    bootstrap.token_keys()
    before = everything()

    answer = call(said)

    assert (answer["statusCode"], answer["body"]) == (status, "")
    assert everything() == before
    assert confirmations() == 0
    return answer


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("name", ["notificationType", "eventType"])
def test_a_bounce_for_good_ends_all_mail(stage, office, name, version):
    assert call(office.message(bounce(name=name), version=version))["statusCode"] == 200

    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert set(stage.enrollment().marks) == {"b0.1"}
    assert suppression() is not None
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED


def test_a_complaint_about_a_mail_that_went_by_smtp_is_found_by_its_header(stage, office):
    mail = {"messageId": "0102", "headers": [{"name": "X-Drumbeat-Feedback", "value": token()}]}

    call(office.message(json.dumps({"notificationType": "Complaint", "mail": mail, "complaint": {}})))

    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


@pytest.mark.parametrize(
    "text", ["", "hello", "[]", "[" * 50_000, '{"notificationType":"AmazonSnsSubscriptionSucceeded"}']
)
def test_a_genuine_message_without_a_report_changes_nothing(stage, office, text):
    nothing_is_written(office.message(text), 200)


def test_a_report_that_comes_forty_six_times_is_one_transition(stage, office):
    said = office.message(bounce())
    call(said)
    once = stage.enrollment()
    for _ in range(45):
        call(said)

    assert (stage.enrollment(), stage.enrollment().marks) == (once, once.marks)
    assert office.fetched == [CERTIFICATE_URL]


def test_a_subscription_to_a_topic_of_ours_is_confirmed_by_the_api_and_no_url_is_called(stage, office):
    topic = aws.client("sns", "eu-west-1").create_topic(Name="bounces")["TopicArn"]
    assert topic == TOPIC

    answer = call(
        office.message("You have chosen", kind="SubscriptionConfirmation", SubscribeURL="https://evil.example")
    )

    assert answer["statusCode"] == 200
    assert confirmations() == 1
    assert office.fetched == [CERTIFICATE_URL]


def test_an_end_of_a_subscription_is_left_at_that(stage, office):
    nothing_is_written(office.message("You have chosen", kind="UnsubscribeConfirmation"), 200)


REFUSED = {
    "another topic": lambda office: office.message(bounce(), TopicArn=f"{TOPIC}2"),
    "a subscription to another topic": lambda office: office.message(
        "x", kind="SubscriptionConfirmation", TopicArn=f"{TOPIC}2"
    ),
    "tampered text": lambda office: office.message("{}") | {"Message": bounce()},
    "tampered token": lambda office: office.message("x", kind="SubscriptionConfirmation") | {"Token": "y"},
    "stale": lambda office: office.message(bounce(), Timestamp=iso(START - 2 * HOUR)),
    "of tomorrow": lambda office: office.message(bounce(), Timestamp=iso(START + DAY)),
    "signed elsewhere": lambda office: office.message(
        bounce(), SigningCertURL=CERTIFICATE_URL.replace("amazonaws.com", "amazonaws.com.evil.example")
    ),
    "no signature": lambda office: office.message(bounce()) | {"Signature": ""},
    "no message": lambda _: "{}",
    "nothing": lambda _: "",
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED)
def test_what_is_not_genuine_is_refused_without_a_write(stage, office, made):
    nothing_is_written(made(office))


def test_without_topics_nobody_gets_in(aws, monkeypatch, server, office):
    """The way it is unless the operator names topics: the production reader, which would have to fetch to believe."""
    bootstrap_hooks._sns_messages.cache_clear()
    sent(Stage(monkeypatch), server)

    nothing_is_written(office.message(bounce()))
    bootstrap_hooks._sns_messages.cache_clear()


def test_a_certificate_that_can_t_be_had_now_makes_sns_come_again(stage, office, monkeypatch):
    def down(_: str) -> bytes:
        raise Unreachable("no answer")

    messages = SnsMessages(settings().sns_topics, down, office.roots)
    monkeypatch.setattr(bootstrap_hooks, "_sns_messages", lambda: messages)

    assert "Retry-After" in nothing_is_written(office.message(bounce()), 503)["headers"]


def test_what_is_too_large_is_not_read(stage):
    nothing_is_written("x" * (1024 * 1024 + 1), 413)


def test_a_report_that_dies_is_finished_when_it_comes_again(stage, office):
    said = office.message(bounce())
    bootstrap.token_keys()
    at = 1
    while dies(lambda: call(said), at, after=at % 2 == 0):
        at += 1

    assert at > 8
    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert suppression() is not None
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED
