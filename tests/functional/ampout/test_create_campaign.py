"""POST /campaigns"""

import pytest

from tests.contract.scene import everything
from tests.world import CREDENTIAL, campaign

STEP = {"position": 1, "subject": "Hello", "body_html": "<p>Hi</p>"}


def _shown(caller, **changes):
    made = caller("create_campaign", campaign(**changes))
    assert made.status == 201, made
    return caller("get_campaign", campaign_id=made.body["id"]).body


def test_a_new_campaign_waits(caller):
    answer = caller("create_campaign", campaign())

    assert answer.body == {"id": answer.body["id"], "status": "pending"}
    assert caller("list_campaigns").body[0]["id"] == answer.body["id"]


def test_what_was_asked_for_is_what_is_kept(caller):
    wanted = {
        "name": "Spring",
        "min_wait_seconds": 5,
        "max_wait_seconds": 6,
        "verify_email_mx": True,
        "bounce_rate_threshold": 2.5,
        "sequence_steps": [STEP | {"delay_minutes": 0}, STEP | {"position": 2, "delay_minutes": 4320}],
    }

    shown = _shown(caller, **wanted)

    assert {name: shown[name] for name in wanted} == wanted
    assert shown["smtp_credentials"][0]["smtp_host"] == CREDENTIAL["smtp_host"]


def test_steps_go_by_their_position_and_else_by_their_place(caller):
    steps = [STEP | {"position": 3, "subject": "third"}, STEP | {"position": 1, "subject": "first"}]
    unnumbered = [{"subject": subject, "body_html": "x"} for subject in ("one", "two")]

    assert [step["subject"] for step in _shown(caller, sequence_steps=steps)["sequence_steps"]] == ["first", "third"]
    assert [step["position"] for step in _shown(caller, sequence_steps=unnumbered)["sequence_steps"]] == [1, 2]


def test_a_credential_without_from_fields_sends_as_its_user(caller):
    bare = {name: CREDENTIAL[name] for name in ("smtp_host", "smtp_port", "smtp_username", "smtp_password")}

    (credential,) = _shown(caller, smtp_credentials=[bare])["smtp_credentials"]

    assert credential["from_email"] == CREDENTIAL["smtp_username"]


def test_passwords_are_kept_sealed(caller):
    imap = {"imap_host": "imap.acme.example", "imap_port": 993, "imap_username": "ann", "imap_password": "imap-hunter3"}

    _shown(caller, smtp_credentials=[CREDENTIAL | imap])

    assert "hunter2" not in repr(everything())
    assert "hunter3" not in repr(everything())


def test_a_threshold_is_kept_in_millionths(caller):
    assert _shown(caller, bounce_rate_threshold=1e-300)["bounce_rate_threshold"] == 0.0
    assert _shown(caller, bounce_rate_threshold="2.50")["bounce_rate_threshold"] == 2.5


def test_a_long_wait_alone_pulls_the_longest_wait_along(caller):
    assert _shown(caller, min_wait_seconds=900)["max_wait_seconds"] == 900


BAD = [
    ({"name": ""}, "campaign.name"),
    ({"smtp_credentials": []}, "campaign.smtp_credentials"),
    ({"smtp_credentials": None}, "campaign.smtp_credentials"),
    ({"smtp_credentials": [CREDENTIAL] * 51}, "campaign.smtp_credentials"),
    ({"smtp_credentials": [CREDENTIAL | {"smtp_port": 65_536}]}, "campaign.smtp_credentials.0.smtp_port"),
    ({"smtp_credentials": [CREDENTIAL | {"smtp_host": "a b"}]}, "campaign.smtp_credentials.0.smtp_host"),
    ({"smtp_credentials": [CREDENTIAL | {"smtp_password": ""}]}, "campaign.smtp_credentials.0.smtp_password"),
    ({"smtp_credentials": [CREDENTIAL | {"from_email": "a\r\nb"}]}, "campaign.smtp_credentials.0.from_email"),
    ({"smtp_credentials": [CREDENTIAL | {"from_name": "a\r\nBcc: x"}]}, "campaign.smtp_credentials.0.from_name"),
    ({"smtp_credentials": [CREDENTIAL | {"daily_limit": 0}]}, "campaign.smtp_credentials.0.daily_limit"),
    ({"smtp_credentials": [CREDENTIAL | {"imap_host": "imap.acme.example"}]}, "campaign.smtp_credentials.0"),
    ({"sequence_steps": []}, "campaign.sequence_steps"),
    ({"sequence_steps": [STEP] * 51}, "campaign.sequence_steps"),
    ({"sequence_steps": [STEP, STEP]}, "campaign"),
    ({"sequence_steps": [STEP | {"subject": ""}]}, "campaign.sequence_steps.0.subject"),
    ({"sequence_steps": [STEP | {"subject": "a\r\nBcc: x@y.example"}]}, "campaign.sequence_steps.0.subject"),
    ({"sequence_steps": [STEP | {"subject": "{{password}}"}]}, "campaign.sequence_steps.0.subject"),
    ({"sequence_steps": [STEP | {"body_html": "{{first_name.__class__}}"}]}, "campaign.sequence_steps.0.body_html"),
    ({"sequence_steps": [STEP | {"body_html": "nul \u0000"}]}, "campaign.sequence_steps.0.body_html"),
    ({"sequence_steps": [STEP | {"body_html": "x" * 100_001}]}, "campaign.sequence_steps.0.body_html"),
    ({"sequence_steps": [STEP | {"position": n, "body_html": "x" * 99_000} for n in (1, 2, 3, 4)]}, "campaign"),
    ({"sequence_steps": [STEP | {"delay_minutes": -1}]}, "campaign.sequence_steps.0.delay_minutes"),
    ({"min_wait_seconds": -1}, "campaign.min_wait_seconds"),
    ({"min_wait_seconds": 10, "max_wait_seconds": 9}, "campaign"),
    ({"bounce_rate_threshold": "nan"}, "campaign.bounce_rate_threshold"),
    ({"bounce_rate_threshold": 101}, "campaign.bounce_rate_threshold"),
]


@pytest.mark.parametrize(("changes", "field"), BAD, ids=[f"{field}-{n}" for n, (_, field) in enumerate(BAD)])
def test_what_makes_no_sense_is_named_and_nothing_is_made(caller, changes, field):
    caller("list_campaigns")
    before = everything()

    answer = caller("create_campaign", campaign(**changes))

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert field in [error["field"] for error in answer.body["details"]["errors"]]
    assert everything() == before


def test_what_is_not_the_caller_s_to_set_is_ignored(caller):
    shown = _shown(caller, status="active", id="x", tenant=1, senders=[9])

    assert shown["status"] == "pending"
    assert len(shown["smtp_credentials"]) == 1
