"""What the entry does for every call: a key's use is noted, its calls are counted, what failed may be tried again.

Every function is called in a container of its own, as its role has to grant each of these by itself.
"""

import importlib
from collections.abc import Iterator

import pytest

from drumbeat.domain.call_meter import TELL_EVERY
from drumbeat.entrypoints.endpoint import Endpoint
from tests import world
from tests.contract.scene import empty_stack
from tests.memory.store import Store
from tools.template import Function, api_functions

ASKED = [function for function in api_functions() if not function.name.startswith("tracking/")]


def endpoint_of(function: Function) -> Endpoint:
    return importlib.import_module(f"functions.{function.name.replace('/', '.')}").handler.endpoint


KEYED = [function for function in ASKED if endpoint_of(function).scope is not None]
MUTATING = [function for function in ASKED if function.route.method not in {"GET", "HEAD"}]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with empty_stack() as store:
        yield store


def called(function: Function, caller: world.Caller, **headers: str) -> int:
    """The status that the function answers its sample with, sent with the caller's key."""
    group = function.name.split("/")[0]
    sent = {"Content-Type": "application/vnd.api+json", **world.presented(caller.key, group), **headers}
    handler = importlib.import_module(f"functions.{function.name.replace('/', '.')}").handler
    return handler({**function.sample, "headers": sent}, world.Context())["statusCode"]


def fresh_container() -> None:
    world.keys.forget()
    world.call_budget.budget.forget()
    world.bootstrap.token_keys.cache_clear()


def notes(store: Store) -> tuple[int, int]:
    """On how many keys it stands when they were used last, and how many calls were counted."""
    items = store.items("Table")
    counted = (int(value["N"]) for item in items for name, value in item.items() if name.startswith("calls"))
    return sum("last_used_at" in item for item in items), sum(counted)


@pytest.mark.parametrize("function", KEYED, ids=lambda function: function.name)
def test_the_use_of_a_key_is_noted_and_its_calls_are_counted(store: Store, function: Function):
    """Also of a key that reaches nothing: what it asks for is refused."""
    for_operators = endpoint_of(function).for_operators
    caller = world.operator() if for_operators else world.with_scopes(world.new_tenant())
    fresh_container()
    used, counted = notes(store)

    statuses = {called(function, caller) for _ in range(TELL_EVERY)}

    assert notes(store) == (used + 1, counted + TELL_EVERY - 1)
    assert statuses == {403} or for_operators


@pytest.mark.parametrize("function", MUTATING, ids=lambda function: function.name)
def test_what_failed_in_the_middle_may_be_tried_again(
    store: Store, function: Function, monkeypatch: pytest.MonkeyPatch
):
    for_operators = endpoint_of(function).for_operators
    caller = world.operator() if for_operators else world.new_tenant()
    fresh_container()
    begun = []

    def call(operation, params, answer=store.call):
        begun.extend(item for item in [operation] if params.get("TableName") == "IdempotencyTable")
        if begun and params.get("TableName") != "IdempotencyTable":
            raise RuntimeError("the power fails")
        return answer(operation, params)

    monkeypatch.setattr(store, "call", call)
    status = called(function, caller, **{"Idempotency-Key": "once"})

    assert begun == ["PutItem", "DeleteItem"]
    assert status >= 400
    assert store.items("IdempotencyTable") == []
