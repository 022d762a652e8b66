"""POST /drumbeat/v1/sequences/{sequence_id}/senders"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.sequence import SenderKind
from tests.contract.scene import MISSING, everything, tenant_of
from tests.world import new_tenant

SES = {"kind": "ses", "from_email": "Ann@ACME.example", "from_name": "Ann", "daily_limit": 200, "label": "first"}
LOGIN = {"host": "smtp.acme.example", "port": 587, "username": "ann", "password": "open sesame"}
SMTP = {"kind": "smtp", "from_email": "ann@acme.example", "smtp": LOGIN}


def _create(scene, body, **changes):
    options = {"sequence_id": scene.campaign_id} | changes
    return options.pop("caller", scene.caller)("create_sender", body, group="drumbeat", **options)


def _kept(scene, answer):
    tenant = tenant_of(scene.caller)
    return bootstrap.sequences().sender(tenant, resource_number(Kind.SENDER, tenant, answer.body["id"]))


def test_a_sender_of_ses_needs_no_server_and_no_password(scene):
    answer = _create(scene, SES)

    assert answer.status == 201
    assert answer.body.pop("created_at").endswith("Z")
    assert len(answer.body.pop("id")) == 36
    assert answer.body == {
        "sequence_id": scene.campaign_id,
        "kind": "ses",
        "label": "first",
        "from_email": "Ann@acme.example",
        "from_name": "Ann",
        "daily_limit": 200,
        "smtp": None,
        "imap": None,
        "tagged_return_path": False,
        "resting_until": None,
        "trouble": None,
        "disabled_at": None,
        "disabled_reason": None,
    }


def test_it_is_kept_with_its_kind_and_joins_the_rotation(scene):
    answer = _create(scene, SES)

    assert (_kept(scene, answer).kind, _kept(scene, answer).sealed_password) == (SenderKind.SES, "")
    rotation = [entry["id"] for entry in scene.call("get_campaign").body["smtp_credentials"]]
    assert rotation == [scene.credential_id, answer.body["id"]]


def test_a_sender_with_a_server_has_its_password_sealed(scene):
    answer = _create(scene, SMTP)

    assert (answer.status, answer.body["kind"]) == (201, "smtp")
    assert answer.body["smtp"] == {"host": "smtp.acme.example", "port": 587, "username": "ann"}
    sender = _kept(scene, answer)
    opened = bootstrap.vault().open(sender.sealed_password, tenant=sender.tenant, sender=sender.number)
    assert opened == "open sesame"
    assert "open sesame" not in repr(everything())


@pytest.mark.parametrize(
    "body",
    [
        SES | {"kind": "pigeon"},
        SES | {"kind": None},
        SES | {"smtp": LOGIN},
        SMTP | {"smtp": None},
        SMTP | {"smtp": LOGIN | {"port": 0}},
        SMTP | {"smtp": LOGIN | {"password": ""}},
        SES | {"from_email": "nobody"},
        SES | {"from_email": "a@b.example\r\nBcc: c@d.example"},
        SES | {"from_name": "Ann\r\nBcc: c@d.example"},
        SES | {"daily_limit": 0},
        SES | {"daily_limit": True},
        SES | {"tenant": 2},
        {},
    ],
)
def test_what_is_no_sender_is_refused_and_nothing_is_written(scene, body):
    before = everything()

    answer = _create(scene, body)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert answer.body["errors"]
    assert everything() == before


def test_the_same_call_under_one_key_makes_one_sender(scene):
    headers = {"Idempotency-Key": "once"}

    answers = [_create(scene, SES, headers=headers) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(scene.call("get_campaign").body["smtp_credentials"]) == 2


def test_a_sequence_that_is_missing_or_another_tenant_s_is_not_found(scene):
    missing = _create(scene, SES, sequence_id=MISSING)
    foreign = _create(scene, SES, caller=new_tenant())

    assert (missing.status, missing.body) == (foreign.status, foreign.body)
    assert (missing.status, missing.body["code"]) == (404, "not_found")
