"""PATCH /campaigns/{campaign_id}/smtp_credentials/{credential_id}"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from tests.contract.scene import everything, tenant_of

IMAP = {"imap_host": "imap.acme.example", "imap_port": 993, "imap_username": "ann", "imap_password": "first"}


def _update(scene, **changes):
    return scene.call("update_smtp_credential", body={"smtp_credential": changes})


def _kept(scene):
    tenant = tenant_of(scene.caller)
    return bootstrap.sequences().sender(tenant, resource_number(Kind.SENDER, tenant, scene.credential_id))


def _opened(sealed, sender):
    return bootstrap.vault().open(sealed, tenant=sender.tenant, sender=sender.number)


def test_what_is_named_changes_and_the_rest_stays(scene):
    before = _kept(scene)

    answer = _update(scene, daily_limit=7, smtp_port=465, label=None)

    assert (answer.status, answer.body["daily_limit"], answer.body["smtp_port"]) == (200, 7, 465)
    after = _kept(scene)
    assert (after.daily_limit, after.port) == (7, 465)
    assert (after.host, after.username, after.sealed_password) == (before.host, before.username, before.sealed_password)


def test_a_new_password_is_sealed_for_this_credential(scene):
    _update(scene, smtp_password="open sesame")

    sender = _kept(scene)
    assert _opened(sender.sealed_password, sender) == "open sesame"
    assert "open sesame" not in repr(everything())


def test_one_imap_field_can_change_once_all_are_there(scene):
    _update(scene, **IMAP)

    answer = _update(scene, imap_password="second")

    assert answer.status == 200
    sender = _kept(scene)
    assert (sender.imap.host, sender.imap.port) == (IMAP["imap_host"], IMAP["imap_port"])
    assert _opened(sender.imap.sealed_password, sender) == "second"


def test_an_imap_host_can_change_without_saying_the_password_again(scene):
    _update(scene, **IMAP)

    _update(scene, imap_host="mail.acme.example")

    sender = _kept(scene)
    assert sender.imap.host == "mail.acme.example"
    assert _opened(sender.imap.sealed_password, sender) == "first"


def test_nulls_turn_reply_detection_off(scene):
    _update(scene, **IMAP)

    answer = _update(scene, **dict.fromkeys(IMAP))

    assert answer.status == 200
    assert _kept(scene).imap is None


@pytest.mark.parametrize("name", IMAP)
def test_a_null_where_there_is_no_imap_access_changes_nothing(scene, name):
    assert _update(scene, **{name: None}).status == 200
    assert _kept(scene).imap is None


def test_a_part_of_imap_access_is_refused(scene):
    before = everything()

    answer = _update(scene, imap_host="imap.acme.example")

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert everything() == before


@pytest.mark.parametrize(
    "changes",
    [{"smtp_host": ""}, {"smtp_host": None}, {"smtp_port": 0}, {"smtp_password": ""}, {"daily_limit": 0},
     {"from_email": "nobody"}, {"from_name": None}, {"smtp_username": "a\nb"}],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused_and_nothing_changes(scene, changes):
    before = everything()

    answer = _update(scene, label="changed", **changes)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert everything() == before


def test_a_credential_of_another_campaign_is_not_found_there(scene):
    other = scene.call("create_campaign").body["id"]

    answer = scene.call("update_smtp_credential", campaign_id=other)

    assert (answer.status, answer.body["code"]) == (404, "smtp_credential_not_found")


def test_disabling_is_not_the_caller_s_to_set(scene):
    assert _update(scene, disabled_at="2020-01-01T00:00:00Z", id="x").body["disabled_at"] is None


@pytest.fixture
def ses_id(scene):
    """A sender of the other kind in the same campaign."""
    body = {"kind": "ses", "from_email": "ann@acme.example", "label": "first"}
    return scene.caller("create_sender", body, group="drumbeat", sequence_id=scene.campaign_id).body["id"]


def test_a_sender_without_a_server_is_shown_without_one_and_changes_in_what_it_has(scene, ses_id):
    body = {"smtp_credential": {"label": "second", "daily_limit": 7}}

    answer = scene.call("update_smtp_credential", body=body, credential_id=ses_id)

    assert answer.status == 200
    assert (answer.body["label"], answer.body["daily_limit"]) == ("second", 7)
    assert (answer.body["smtp_host"], answer.body["smtp_port"]) == (None, None)
    assert scene.call("get_campaign").body["smtp_credentials"][1] == answer.body


@pytest.mark.parametrize(
    "change", [{"smtp_host": "smtp.acme.example"}, {"smtp_port": 25}, {"smtp_username": "x"}, {"smtp_password": "x"}]
)
def test_a_sender_without_a_server_is_given_none(scene, ses_id, change):
    before = everything()

    answer = scene.call("update_smtp_credential", body={"smtp_credential": change}, credential_id=ses_id)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert everything() == before


def test_a_sender_without_a_server_can_be_switched_on_and_deleted(scene, ses_id):
    assert scene.call("reenable_smtp_credential", credential_id=ses_id).status == 200
    assert scene.call("delete_smtp_credential", credential_id=ses_id).status == 204
