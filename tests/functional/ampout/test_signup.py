"""POST /signup"""

from tests.contract.scene import everything, setting
from tests.world import Caller

GOOD = {"email": "Ann@Acme.Example", "name": "Acme"}


def test_a_new_account_can_work_with_its_key_at_once(stack):
    answer = Caller()("signup", GOOD)

    assert answer.status == 201
    assert Caller(answer.body["api_key"]["plaintext"])("list_campaigns").body == []
    assert answer.body["account"]["email"] == "Ann@acme.example"


def test_the_key_is_shown_once_and_kept_nowhere(stack):
    with setting(SIGNUP_LIMIT_PER_HOUR="99"):
        key = Caller()("signup", GOOD).body["api_key"]["plaintext"]

    assert key not in repr(everything())


def test_two_sign_ups_are_two_accounts_that_share_nothing(stack):
    with setting(SIGNUP_LIMIT_PER_HOUR="99"):
        one, two = (Caller(Caller()("signup", GOOD).body["api_key"]["plaintext"]) for _ in range(2))
    one("create_outreach", {"outreach": {"name": "mine"}})

    assert two("list_outreaches").body == []


def test_a_closed_sign_up_makes_nothing(stack):
    before = everything()

    with setting(SIGNUP_ENABLED="false"):
        answer = Caller()("signup", GOOD)

    assert (answer.status, answer.body["code"]) == (403, "signup_closed")
    assert everything() == before


def test_an_address_that_signs_up_too_often_is_told_when_to_come_back(stack):
    with setting(SIGNUP_LIMIT_PER_HOUR="0"):
        answer = Caller()("signup", GOOD)

    assert (answer.status, answer.body["code"]) == (429, "rate_limited")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_no_key_is_needed_and_a_bad_one_does_no_harm(stack):
    with setting(SIGNUP_LIMIT_PER_HOUR="99"):
        answer = Caller("ak_live_nonsense")("signup", GOOD)

    assert answer.status == 201


def test_every_field_at_fault_is_named(stack):
    answer = Caller()("signup", {"email": "nobody", "name": " "})

    assert answer.status == 422
    assert [error["field"] for error in answer.body["details"]["errors"]] == ["email", "name"]
