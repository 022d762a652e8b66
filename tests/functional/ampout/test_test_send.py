"""POST /campaigns/{campaign_id}/test_send"""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from drumbeat import bootstrap
from drumbeat.domain.credits import month_of
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.sequence import SenderKind
from drumbeat.domain.subscription import Subscription
from tests.contract.scene import everything, setting, tenant_of
from tests.scripted_ses import TAKEN, ScriptedSes
from tests.scripted_smtp import DROP, ScriptedServer
from tests.world import CREDENTIAL, imported, new_tenant, people, started

TEXT = "<p>Dear {{first_name}} {{last_name}} of {{company}}, you are {{email}}.</p>"
STEPS = [
    {"position": 1, "subject": "Hello {{first_name}}", "body_html": TEXT},
    {"position": 4, "subject": "Again", "body_html": "<p>x</p>", "delay_minutes": 5},
]


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def campaign_id(caller, server):
    return _campaign(caller, server)


def _campaign(caller, *servers):
    credentials = [CREDENTIAL | {"smtp_port": server.port} for server in servers]
    return started(caller, smtp_credentials=credentials, sequence_steps=STEPS)


def _test(caller, campaign_id, *emails, headers=None, **body):
    return caller("test_send", {"emails": list(emails)} | body, campaign_id=campaign_id, headers=headers)


def _mails(server):
    return [message_from_bytes(mail, policy=policy.default) for mail in server.taken]


def _statuses(answer):
    return [row["status"] for row in answer.body["results"]]


def _counted(caller):
    now = int(datetime.now(UTC).timestamp() * 1000)
    return bootstrap.subscriptions().standing(tenant_of(caller), month_of(now))[1]


def test_each_address_gets_the_first_mail_filled_in_with_a_sample(caller, server, campaign_id):
    answer = _test(caller, campaign_id, "ann@acme.example", "BOB@acme.example", "ann@acme.example")

    assert (answer.status, answer.body["sent"], _statuses(answer)) == (200, 2, ["sent"] * 3)
    assert [row["email"] for row in answer.body["results"]] == [
        "ann@acme.example",
        "BOB@acme.example",
        "ann@acme.example",
    ]
    assert sorted(mail["To"].lower() for mail in _mails(server)) == ["ann@acme.example", "bob@acme.example"]
    mail = _mails(server)[0]
    assert mail["Subject"] == "[Test] Hello Ada"
    assert (
        "Dear Ada Lovelace of Analytical Engines Ltd, you are ann@acme.example."
        in mail.get_body(("plain",)).get_content()
    )


def test_nothing_in_it_opens_or_unsubscribes_anybody(caller, server, campaign_id):
    _test(caller, campaign_id, "ann@acme.example")

    (mail,) = _mails(server)
    html = mail.get_body(("html",)).get_content()
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "https://track.example" not in server.taken[0].decode()
    assert "<img" not in html
    assert "This is a test" in html


def test_another_step_and_the_values_of_a_contact_can_be_asked_for(caller, server, campaign_id):
    made = imported(caller, [{"email": "eve@corp.example", "first_name": "Eve", "last_name": "Doe", "company": "Corp"}])
    (contact,) = caller("list_contact_import_contacts", import_id=made).body

    _test(caller, campaign_id, "ann@acme.example", contact_id=contact["id"])
    _test(caller, campaign_id, "ann@acme.example", position=4)

    first, second = _mails(server)
    assert (first["Subject"], second["Subject"]) == ("[Test] Hello Eve", "[Test] Again")
    assert "Dear Eve Doe of Corp" in first.get_body(("plain",)).get_content()
    assert (first["To"], second["To"]) == ("ann@acme.example", "ann@acme.example")


@pytest.mark.parametrize("body", [None, {}, {"emails": []}, {"emails": None}])
def test_without_addresses_it_says_so(caller, campaign_id, body):
    answer = caller("test_send", body, campaign_id=campaign_id)

    assert (answer.status, answer.body["code"]) == (422, "no_emails_provided")


def test_each_address_is_looked_at_by_itself(caller, server, campaign_id):
    caller("suppress", {"emails": ["stopped@acme.example"]}, group="drumbeat")

    answer = _test(caller, campaign_id, "nobody", 7, "stopped@acme.example", "ann@acme.example")

    assert _statuses(answer) == ["invalid_email", "invalid_email", "suppressed", "sent"]
    assert [mail["To"] for mail in _mails(server)] == ["ann@acme.example"]


def test_an_address_that_is_suppressed_during_the_dialogue_gets_nothing(caller, server, campaign_id):
    server.meanwhile("rcpt", lambda: caller("suppress", {"emails": ["ann@acme.example"]}, group="drumbeat"))

    assert _statuses(_test(caller, campaign_id, "ann@acme.example")) == ["suppressed"]
    assert server.taken == []


def test_it_counts_for_the_plan_and_for_nothing_else(caller, server, campaign_id):
    _test(caller, campaign_id, "ann@acme.example", "bob@acme.example", "nobody")

    assert _counted(caller) == 2
    assert caller("get_subscription").body["period"]["sends_count"] == 2
    assert caller("get_campaign", campaign_id=campaign_id).body["totals"]["sent"] == 0


def test_more_than_the_plan_has_left_is_refused_and_none_is_sent(caller, server, campaign_id):
    bootstrap.subscriptions().set(tenant_of(caller), Subscription("s", "S", "paid", 2))

    refused = _test(caller, campaign_id, "a@acme.example", "b@acme.example", "c@acme.example")
    taken = len(server.taken)

    assert (refused.status, refused.body["code"], taken) == (402, "plan_limit_reached", 0)
    assert _statuses(_test(caller, campaign_id, "a@acme.example", "b@acme.example")) == ["sent", "sent"]


def test_under_one_idempotency_key_it_is_sent_once(caller, server, campaign_id):
    answers = [_test(caller, campaign_id, "ann@acme.example", headers={"Idempotency-Key": "t1"}) for _ in range(3)]

    assert [answer.body for answer in answers] == [answers[0].body] * 3
    assert (len(server.taken), _counted(caller)) == (1, 1)


def test_the_first_sender_that_is_enabled_and_rested_is_taken_and_without_one_it_is_refused(caller):
    with ScriptedServer() as first, ScriptedServer() as second:
        campaign_id = _campaign(caller, first, second)
        tenant = tenant_of(caller)
        sequence = bootstrap.sequences().get(tenant, resource_number(Kind.SEQUENCE, tenant, campaign_id))
        one, two = bootstrap.sequences().senders(sequence)
        bootstrap.sequences().update_sender(replace(one, disabled_at=1))
        _test(caller, campaign_id, "ann@acme.example")
        bootstrap.sequences().update_sender(replace(two, disabled_at=1))
        refused = _test(caller, campaign_id, "ann@acme.example")

        assert (len(first.taken), len(second.taken)) == (0, 1)
        assert (refused.status, refused.body["code"]) == (422, "unprocessable")


def test_the_trouble_of_a_sender_is_told_and_it_is_not_tried_again(caller):
    with ScriptedServer({"auth": "535 5.7.8 wrong password"}) as server:
        campaign_id = _campaign(caller, server)

        answer = _test(caller, campaign_id, "a@acme.example", "b@acme.example")

        assert (answer.status, answer.body["sent"], _statuses(answer)) == (200, 0, ["failed", "failed"])
        assert "535" in answer.body["results"][0]["message"]
        assert sum(command.startswith("AUTH") for command in server.commands) == 1
        assert _counted(caller) == 0


@pytest.mark.parametrize(
    ("script", "status", "counted"),
    [
        ({"rcpt": "550 5.1.1 no such user"}, "refused", 0),
        ({"rcpt": "451 4.7.1 later"}, "failed", 0),
        ({"dot": DROP}, "unknown", 1),
    ],
)
def test_what_the_server_said_is_told_of_each_address(caller, script, status, counted):

    with ScriptedServer(script) as server:
        answer = _test(caller, _campaign(caller, server), "a@acme.example")

    assert _statuses(answer) == [status]
    assert answer.body["results"][0]["message"]
    assert _counted(caller) == counted


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"emails": "a@b.example"}, 422),
        ({"emails": ["a@b.example"] * 11}, 422),
        ({"emails": ["a@b.example"], "position": 2}, 422),
        ({"emails": ["a@b.example"], "position": 0}, 422),
        ({"emails": ["a@b.example"], "contact_id": "nobody"}, 404),
        ({"emails": ["a@b.example"], "contact_id": "00000000-0000-4000-8000-000000000000"}, 404),
    ],
)
def test_what_can_not_be_done_is_refused_and_nothing_is_sent(caller, server, campaign_id, body, status):
    before = everything()

    answer = caller("test_send", body, campaign_id=campaign_id)

    assert (answer.status, server.taken) == (status, [])
    assert everything() == before


def test_another_tenant_s_campaign_is_not_there(caller, server, campaign_id):
    answer = _test(new_tenant(), campaign_id, "ann@acme.example")

    assert (answer.status, answer.body["code"], server.taken) == (404, "campaign_not_found", [])


def test_a_contact_that_is_enrolled_is_none_the_wiser(caller, server, campaign_id):
    made = imported(caller, people(1))
    caller("enroll", {"contact_import_id": made}, campaign_id=campaign_id)
    before = caller("list_enrollments", campaign_id=campaign_id).body

    _test(caller, campaign_id, "p0@corp.example")

    assert caller("list_enrollments", campaign_id=campaign_id).body == before


def test_a_sender_that_sends_through_ses_is_tried_out_there(caller, server, campaign_id):
    (sender,) = bootstrap.sequences().all_senders(tenant_of(caller))
    bootstrap.sequences().update_sender(replace(sender, kind=SenderKind.SES))

    with ScriptedSes(TAKEN) as ses, setting(AWS_ENDPOINT_URL_SESV2=ses.url, SES_CONFIGURATION_SET="drumbeat-events"):
        answer = _test(caller, campaign_id, "ann@acme.example")

    assert _statuses(answer) == ["sent"]
    assert [message_from_bytes(mail)["To"] for mail in ses.taken] == ["ann@acme.example"]
    assert server.connections == 0
