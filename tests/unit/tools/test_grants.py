"""A grant lets pass what IAM would: the action, on the resource, where the condition holds for all that is seen."""

import pytest

from tools.grants import CONDITIONS, Call, Grant, granted_by, is_fulfilled, narrowest, without_the_covered

USED = Grant("dynamodb:UpdateItem", "Table", "last use of a key")
COUNTED = Grant("dynamodb:UpdateItem", "Table", "calls of a key")
UPDATE = Grant("dynamodb:UpdateItem", "Table")


def update(*attributes, resource="Table"):
    return Call("dynamodb:UpdateItem", resource, {"dynamodb:Attributes": frozenset(attributes)} if attributes else {})


def sealing(**context):
    seen = {f"kms:EncryptionContext:{key}": frozenset({value}) for key, value in context.items()}
    return Call("kms:Encrypt", "SenderKey", seen | {"kms:EncryptionContextKeys": frozenset(context)})


def test_a_grant_is_for_one_action_on_one_resource():
    grant = Grant("dynamodb:Query", "Table/index/queue")

    assert grant.allows(Call("dynamodb:Query", "Table/index/queue"))
    assert not grant.allows(Call("dynamodb:Query", "Table"))
    assert not grant.allows(Call("dynamodb:GetItem", "Table/index/queue"))


@pytest.mark.parametrize(
    ("grant", "call", "passes"),
    [
        (USED, update("PK", "SK", "last_used_at"), True),
        (USED, update("PK", "SK", "last_used_at", "digest"), False),
        (USED, update(), False),
        (COUNTED, update("PK", "SK", "calls0", "calls59", "expires_at"), True),
        (COUNTED, update("PK", "SK", "scalls"), False),
        (UPDATE, update("PK", "SK", "digest"), True),
        (UPDATE, update(), True),
    ],
)
def test_an_update_is_let_pass_by_what_it_names(grant, call, passes):
    assert grant.allows(call) == passes


@pytest.mark.parametrize(
    ("context", "passes"),
    [
        ({"tenant": "1", "sender": "2"}, True),
        ({"tenant": "1"}, False),
        ({"tenant": "1", "sender": "2", "purpose": "x"}, False),
        ({}, False),
    ],
)
def test_a_secret_is_sealed_for_a_tenant_and_a_sender(context, passes):
    assert Grant("kms:Encrypt", "SenderKey", "tenant and sender").allows(sealing(**context)) == passes


def test_the_least_that_lets_a_call_pass_is_what_it_needs():
    assert narrowest(update("PK", "SK", "last_used_at")) == USED
    assert narrowest(update("PK", "SK", "calls7", "expires_at")) == COUNTED
    assert narrowest(update("PK", "SK", "name")) == UPDATE
    assert narrowest(Call("dynamodb:GetItem", "Table")) == Grant("dynamodb:GetItem", "Table")


def test_who_may_do_it_anyway_needs_no_grant_under_a_condition():
    query = Grant("dynamodb:Query", "Table")

    assert without_the_covered({USED, COUNTED, query}) == {USED, COUNTED, query}
    assert without_the_covered({USED, COUNTED, query, UPDATE}) == {query, UPDATE}


def test_statements_grant_each_action_on_their_resource():
    statement = {
        "Effect": "Allow",
        "Action": ["dynamodb:Query", "dynamodb:GetItem"],
        "Resource": {"Fn::GetAtt": ["Table", "Arn"]},
    }

    assert set(granted_by([statement])) == {Grant("dynamodb:Query", "Table"), Grant("dynamodb:GetItem", "Table")}


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"NotAction": ["dynamodb:Scan"]},
        {"Resource": "arn:aws:dynamodb:*:*:table/*"},
        {"Condition": {"Null": {"dynamodb:Attributes": "true"}}},
    ],
)
def test_statements_of_another_make_are_not_guessed_at(changes):
    statement = {"Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}

    with pytest.raises(ValueError, match=r"."):
        list(granted_by([statement | changes]))


def test_an_operator_that_we_do_not_use_is_not_guessed_at():
    with pytest.raises(NotImplementedError):
        is_fulfilled({"StringNotLike": {"dynamodb:Attributes": "a*"}}, {})


def test_every_condition_refuses_a_call_that_shows_nothing():
    assert not [name for name, condition in CONDITIONS.items() if is_fulfilled(condition, {})]
