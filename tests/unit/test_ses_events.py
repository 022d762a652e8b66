"""SES's events as SES words them: what they mean, and what is not to be read means nothing and breaks nothing."""

import json
from pathlib import Path
from random import Random

import pytest

from drumbeat.adapters.ses_events import read_ses_event
from drumbeat.domain.provider_event import Fate, ProviderEvent

SAMPLE = json.loads((Path(__file__).parents[2] / "events/workers/take_ses_event.json").read_text())
ENVELOPE = json.loads(SAMPLE["Records"][0]["body"])
ID = "0100019a-example-000000"


def ses(kind, *, destination=("p1@corp.example",), token=("our-token",), region="eu-west-1", **parts):
    tags = {"ses:operation": ["SendEmail"]} | ({} if token is None else {"drumbeat": list(token)})
    mail = ENVELOPE["detail"]["mail"] | {"messageId": ID, "destination": list(destination), "tags": tags}
    return ENVELOPE | {"region": region, "detail": {"eventType": kind, "mail": mail, "a new field": [1]} | parts}


def bounce(kind, *hit, sub="General"):
    recipients = [{"emailAddress": address, "status": "5.1.1", "diagnosticCode": words} for address, words in hit]
    return ses("Bounce", bounce={"bounceType": kind, "bounceSubType": sub, "bouncedRecipients": recipients})


FATES = {
    "send": (ses("Send", send={}), Fate.TAKEN),
    "delivery": (ses("Delivery", delivery={"recipients": ["p1@corp.example"]}), Fate.TAKEN),
    "delay": (ses("DeliveryDelay", deliveryDelay={"delayType": "MailboxFull"}), Fate.WAITING),
    "permanent": (bounce("Permanent", ("p1@corp.example", "smtp; 550 no")), Fate.BOUNCED),
    "on the account's list": (bounce("Permanent", sub="OnAccountSuppressionList"), Fate.BOUNCED),
    "transient": (bounce("Transient", ("p1@corp.example", "smtp; 452 full")), Fate.SOFT_BOUNCED),
    "undetermined": (bounce("Undetermined"), Fate.DOUBTFUL),
    "of a kind to come": (bounce("Metaphysical"), Fate.DOUBTFUL),
    "complaint": (ses("Complaint", complaint={"complaintFeedbackType": "abuse"}), Fate.COMPLAINED),
    "complaint without a kind": (ses("Complaint", complaint={}), Fate.COMPLAINED),
    "complaint taken back": (ses("Complaint", complaint={"complaintFeedbackType": "not-spam"}), Fate.WAITING),
    "reject": (ses("Reject", reject={"reason": "Bad content"}), Fate.REFUSED),
    "rendering failure": (ses("Rendering Failure", failure={"errorMessage": "no such field"}), Fate.REFUSED),
}


@pytest.mark.parametrize(("event", "fate"), FATES.values(), ids=FATES)
def test_each_event_says_what_became_of_the_mail(event, fate):
    read = read_ses_event(event)

    assert read is not None
    assert (read.token, read.fate, read.message_id) == ("our-token", fate, f"<{ID}@eu-west-1.amazonses.com>")


def test_a_bounce_is_told_in_the_server_s_words_without_anybody_s_address():
    read = read_ses_event(bounce("Permanent", ("p1@corp.example", "smtp; 550 5.1.1 <p1@corp.example>: unknown\r\nx")))

    assert read == ProviderEvent(
        token="our-token",
        fate=Fate.BOUNCED,
        reason="Permanent General: smtp; 550 5.1.1 <<address>>: unknown x",
        addresses=("p1@corp.example",),
        message_id=f"<{ID}@eu-west-1.amazonses.com>",
        source="ses",
    )


def test_a_bounce_of_several_recipients_names_them_all():
    read = read_ses_event(bounce("Permanent", ("A <a@corp.example>", "550 no"), ("b@corp.example", "")))

    assert read is not None
    assert read.addresses == ("a@corp.example", "b@corp.example")


def test_a_bounce_that_names_nobody_is_about_whom_the_mail_went_to():
    read = read_ses_event(bounce("Permanent"))

    assert read is not None
    assert read.addresses == ("p1@corp.example",)


@pytest.mark.parametrize(
    "event",
    [
        ses("Open"),
        ses("Click"),
        ses("Subscription"),
        ses("A new kind"),
        ses("Send", token=None),
        ses("Send", token=()),
        ses("Send", token=("one", "two")),
        ENVELOPE | {"detail": None},
        ENVELOPE | {"detail": {}},
        ENVELOPE | {"detail": {"eventType": "Send"}},
        ENVELOPE | {"detail": {"eventType": ["Send"], "mail": {"tags": {"drumbeat": [7]}}}},
        {},
        [],
        None,
        "x",
        7,
    ],
)
def test_what_is_no_report_about_a_mail_of_ours_is_nothing(event):
    assert read_ses_event(event) is None


@pytest.mark.parametrize("given", ["", "x\r\ny", "<a>", "y" * 101, None, 7])
def test_a_message_id_that_is_none_is_not_kept(given):
    event = ses("Send")
    event["detail"]["mail"]["messageId"] = given

    read = read_ses_event(event)

    assert read is not None
    assert read.message_id is None


def test_no_event_of_twenty_thousand_mutants_breaks_anything():
    rng = Random(5)  # noqa: S311
    events = [event for event, _ in FATES.values()]

    for _ in range(20_000):
        mutant = json.loads(json.dumps(rng.choice(events)))
        for _ in range(rng.randrange(1, 4)):
            _mutate(mutant, rng)
        read = read_ses_event(mutant)
        assert read is None or isinstance(read.token, str)


def _mutate(node, rng):
    """Puts something else in the place of any one value below the node."""
    strangers = [None, 7, True, "", "x", [], {}, [None], [[]], {"x": 1}, ["a", {}], "\x00", "p@q@r"]
    while True:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not places:
            return
        place = rng.choice(places)
        if isinstance(node[place], dict | list) and node[place] and rng.random() < 0.8:
            node = node[place]
            continue
        node[place] = rng.choice(strangers)
        return
