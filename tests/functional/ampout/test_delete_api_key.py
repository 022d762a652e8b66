"""DELETE /api_keys/{key_id}"""

from drumbeat import bootstrap
from drumbeat.domain.tenant import tenant_of_key
from drumbeat.entrypoints import keys
from tests.world import Caller, new_tenant


def test_a_revoked_key_opens_nothing_any_more(caller):
    spare = caller("create_api_key", {}).body

    answer = caller("delete_api_key", key_id=spare["id"])
    keys.forget()  # another container, or a minute later

    assert answer.status == 204
    assert Caller(spare["plaintext"])("list_campaigns").status == 401


def test_the_last_key_cannot_be_revoked(caller):
    (only,) = caller("list_api_keys").body

    answer = caller("delete_api_key", key_id=only["id"])

    assert (answer.status, answer.body["code"]) == (422, "cannot_revoke_last_key")
    keys.forget()
    assert caller("list_campaigns").status == 200


def test_a_key_may_revoke_itself_while_there_is_another(caller):
    (mine,) = caller("list_api_keys").body
    other = Caller(caller("create_api_key", {}).body["plaintext"])

    assert caller("delete_api_key", key_id=mine["id"]).status == 204
    keys.forget()

    assert caller("list_campaigns").status == 401
    assert other("list_campaigns").status == 200


def test_revoking_twice_says_that_there_is_no_such_key(caller):
    spare = caller("create_api_key", {}).body["id"]
    caller("create_api_key", {})
    caller("delete_api_key", key_id=spare)

    answer = caller("delete_api_key", key_id=spare)

    assert (answer.status, answer.body["code"]) == (404, "api_key_not_found")


def test_the_key_of_another_tenant_is_out_of_reach(caller):
    stranger = new_tenant()
    theirs = stranger("create_api_key", {}).body["id"]

    assert caller("delete_api_key", key_id=theirs).status == 404
    assert len(stranger("list_api_keys").body) == 2


def test_two_keys_that_revoke_each_other_at_once_leave_one(caller):
    caller("create_api_key", {})
    store = bootstrap.tenants()
    one, other = store.keys_of(tenant_of_key(caller.key))

    assert store.remove_key(one, keep=other)
    assert not store.remove_key(other, keep=one)

    assert [key.number for key in store.keys_of(other.tenant)] == [other.number]
