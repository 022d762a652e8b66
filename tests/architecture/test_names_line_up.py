"""One name in every place: source, resource, sample event and test of an operation (architecture §3)."""

import hashlib
import json

import pytest

from tests.architecture.stack import EVENTS, FUNCTIONS, ROOT, Function, api_functions, functions, handlers
from tools.samples.outcomes import expected, outcomes

ALL = pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
API = pytest.mark.parametrize("function", api_functions(), ids=lambda function: function.name)


def test_every_handler_is_deployed_by_exactly_one_function_and_the_reverse():
    deployed = sorted(function.source for function in functions())

    assert deployed == handlers()


def test_the_folder_of_functions_holds_handlers_and_nothing_else():
    strangers = [path for path in FUNCTIONS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]

    assert sorted(strangers) == handlers()


@ALL
def test_the_logical_id_is_the_group_and_the_operation(function: Function):
    words = function.name.replace("/", "_").split("_")

    assert function.logical_id == "".join(word.capitalize() for word in words) + "Function"


def test_every_function_has_a_sample_event_and_the_reverse():
    samples = {path.relative_to(EVENTS).with_suffix("").as_posix() for path in EVENTS.glob("*/*.json")}

    assert samples == {function.name for function in functions()}


@ALL
def test_every_function_has_a_functional_test(function: Function):
    group, operation = function.name.split("/")

    assert (ROOT / "tests/functional" / group / f"test_{operation}.py").is_file()


def test_functional_tests_of_a_group_begin_with_the_name_of_a_function():
    """As test_enroll_survives_crashes does beside test_enroll; other folders are named after what they tell."""
    groups = {path.name for path in FUNCTIONS.iterdir() if path.is_dir()}
    names = {function.name for function in functions()}
    told = [
        f"{path.parent.name}/{path.stem.removeprefix('test_')}"
        for path in (ROOT / "tests/functional").glob("*/test_*.py")
        if path.parent.name in groups
    ]

    assert [test for test in told if not any(test == name or test.startswith(f"{name}_") for name in names)] == []


@API
def test_the_sample_event_is_a_request_to_the_function_s_own_route(function: Function):
    route = function.route
    event = json.loads((EVENTS / f"{function.name}.json").read_text())

    filled = route.path.format_map(event["pathParameters"] or {})
    assert (event["httpMethod"], event["resource"], event["path"]) == (*route, filled)
    assert event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}
    assert event["body"] is None or isinstance(event["body"], str)


@pytest.mark.parametrize("function", [f for f in functions() if f.events("SQS")], ids=lambda function: function.name)
def test_the_sample_event_of_a_worker_is_a_batch_of_different_messages(function: Function):
    records, most = function.sample["Records"], function.events("SQS")[0]["BatchSize"]

    assert min(2, most) <= len(records) <= most
    assert len({record["messageId"] for record in records}) == len({record["body"] for record in records})
    for record in records:
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()


def test_every_function_has_an_outcome_of_its_sample_and_the_reverse():
    assert outcomes().keys() == {function.name for function in functions()}


def test_an_outcome_that_is_no_good_one_says_why():
    refused = {name: outcome for name, outcome in outcomes().items() if (outcome.status or 200) >= 400}

    assert all(outcome.why for outcome in refused.values()), refused.keys()
    assert len(refused) <= 1


@ALL
def test_an_outcome_says_more_than_that_it_went_well(function: Function):
    told = expected(function.name)

    said = told.body, told.says, told.answer, told.effects
    assert any(part is not None for part in said) or function.sample["httpMethod"] == "HEAD"
