"""POST /campaigns/{campaign_id}/smtp_credentials"""

import pytest

from tests.contract.scene import everything
from tests.world import CREDENTIAL


def test_the_new_credential_joins_the_rotation(scene):
    answer = scene.call("create_smtp_credential", body={"smtp_credential": CREDENTIAL | {"label": "second"}})

    assert (answer.status, answer.body["label"]) == (201, "second")
    rotation = [entry["id"] for entry in scene.call("get_campaign").body["smtp_credentials"]]
    assert rotation == [scene.credential_id, answer.body["id"]]


def test_its_password_is_kept_sealed(scene):
    scene.call("create_smtp_credential", body={"smtp_credential": CREDENTIAL | {"smtp_password": "open sesame"}})

    assert "open sesame" not in repr(everything())


@pytest.mark.parametrize("imap", [("imap_host",), ("imap_host", "imap_port", "imap_username")])
def test_the_four_imap_fields_go_together(scene, imap):
    given = {"imap_host": "imap.acme.example", "imap_port": 993, "imap_username": "ann", "imap_password": "x"}
    before = everything()

    answer = scene.call(
        "create_smtp_credential", body={"smtp_credential": CREDENTIAL | {name: given[name] for name in imap}}
    )

    assert answer.status == 422
    assert "imap_password" in answer.body["message"]
    assert everything() == before


def test_other_campaigns_are_not_touched(scene):
    other = scene.call("create_campaign").body["id"]

    scene.call("create_smtp_credential")

    assert len(scene.call("get_campaign", campaign_id=other).body["smtp_credentials"]) == 1
