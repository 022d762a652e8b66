"""GET /api/v2/users/{id}"""

import pytest

from tests.functional.outreach.test_create_user import ADA, create


@pytest.fixture
def ada(call):
    return create(call, ADA).body["data"]


def test_a_user_is_shown_with_the_fields_that_are_wanted(call, ada):
    answer = call("get_user", id=str(ada["id"]), query={"fields[user]": "email,firstName", "fields[account]": "name"})

    assert answer.status == 200
    assert answer.body["data"]["attributes"] == {"email": "Ada@acme.example", "firstName": "Ada"}


def test_it_says_what_the_key_may_do_with_it_when_asked(call, ada):
    answer = call("get_user", id=str(ada["id"]), query={"provideAuthorizationMeta": "true"})

    assert answer.body["data"]["meta"] == {"canWrite": True, "canDelete": True}


@pytest.mark.parametrize("spelled", ["999", "0", "x", "-1", "1.0", "٣", "9" * 40])
def test_no_such_user_is_not_found(call, spelled):
    answer = call("get_user", id=spelled)

    assert (answer.status, answer.body["errors"][0]["id"]) == (404, "resourceNotFound")


def test_another_tenant_s_is_not_found_either(call, other, ada):
    missing, foreign = call("get_user", id="2"), other("get_user", id="1")

    assert (foreign.status, foreign.body["errors"][0]["detail"]) == (404, "Could not find 'user' with ID '1'.")
    assert (missing.status, missing.body["errors"][0]["detail"]) == (404, "Could not find 'user' with ID '2'.")


@pytest.mark.parametrize("parameter", ["filter[email]", "page[size]", "sort", "fields", "nonsense"])
def test_what_only_lists_take_is_refused(call, ada, parameter):
    answer = call("get_user", id=str(ada["id"]), query={parameter: "1"})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"parameter": parameter})


def test_what_cannot_be_included_is_refused(call, ada):
    answer = call("get_user", id=str(ada["id"]), query={"include": "role"})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"parameter": "include"})
