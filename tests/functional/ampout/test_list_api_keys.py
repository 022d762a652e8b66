"""GET /api_keys"""

from drumbeat.entrypoints import keys
from tests.contract.scene import is_instant
from tests.world import Caller


def test_keys_are_listed_oldest_first_without_their_text(caller):
    made = caller("create_api_key", {"label": "second"}).body

    listed = caller("list_api_keys").body

    assert [key["label"] for key in listed] == [None, "second"]
    assert made["plaintext"].startswith(listed[1]["prefix"])
    assert "plaintext" not in listed[0]
    assert caller.key not in repr(listed)


def test_a_key_shows_when_it_was_last_used(caller):
    spare = caller("create_api_key", {}).body
    assert caller("list_api_keys").body[1]["last_used_at"] is None

    Caller(spare["plaintext"])("list_campaigns")

    assert is_instant(caller("list_api_keys").body[1]["last_used_at"])


def test_a_revoked_key_is_not_listed(caller):
    spare = caller("create_api_key", {}).body
    caller("delete_api_key", key_id=spare["id"])
    keys.forget()

    assert len(caller("list_api_keys").body) == 1
