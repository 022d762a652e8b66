"""Whatever comes in at Julian's API, and where agents are made, is answered by a 4xx in its envelope (S-14)."""

import pytest

from drumbeat import bootstrap
from drumbeat.entrypoints import call_budget
from tests.functional.julian.office import OPERATIONS, READS, WITH_BODY, WITH_PATH, body_of, endpoint_of, furnished
from tests.functional.test_hostile_input import (
    BAD_KEYS,
    NOT_AN_OBJECT,
    READING,
    UNREADABLE,
    WRONG_OBJECT,
    WRONG_VALUES,
    places_in,
    put,
)
from tests.world import Caller

TEXTS = ["", " ", "x", "0", "-1", "null", "\x00", "\ud800", "../keys", "%2e%2e", "1' OR '1'='1", "a" * 10_000, "٣"]
TEXTS += ["2026-02-30", "9999-12-31", "2026-13", "agent.", "agent." + "z" * 25, "call-sequence." + "0" * 25]
PARAMETERS = ["month", "startDate", "endDate", "limit", "after", "", "\x00", "["]


@pytest.fixture(scope="module")
def office(stack):
    return furnished()


def _complaint(office, operation, **changes):
    """What is wrong with the answer to a hostile request, or None: one that is refused writes nothing."""
    # A fresh container tells nobody of its first calls: what is written then, the request itself has written.
    call_budget.budget.forget()
    answer = office.ask(operation, **changes)
    if answer.status < 300:
        return None
    if not 400 <= answer.status < 500:
        return f"{answer.status} {str(answer.body)[:200]}"
    expected = {"error", "message"} if operation.startswith("julian/") else {"code", "title", "status"}
    if endpoint_of(operation).method != "HEAD" and not expected <= set(answer.body):
        return f"not an error envelope: {str(answer.body)[:200]}"
    written = {name for name in bootstrap.ledger.requests if not name.endswith(READING)}
    return f"wrote by {written}" if written else None


def _complaints(office, operation, requests):
    found = {name: _complaint(office, operation, **changes) for name, changes in requests.items()}
    return {name: complaint for name, complaint in found.items() if complaint}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_body_that_is_no_json_object_is_refused(office, operation):
    raw = UNREADABLE | NOT_AN_OBJECT | {"empty": ""}

    found = {name: office.ask(operation, raw=text).status for name, text in raw.items()}

    assert {name: status for name, status in found.items() if status != 400} == {}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_an_object_of_anything_breaks_nothing(office, operation):
    assert _complaints(office, operation, {name: {"raw": text} for name, text in WRONG_OBJECT.items()}) == {}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_no_value_anywhere_breaks_it(office, operation):
    good = body_of(operation)
    bodies = {
        (path, repr(value)[:40]): {"body": put(good, path, value)} for path in places_in(good) for value in WRONG_VALUES
    }

    assert _complaints(office, operation, bodies) == {}


@pytest.mark.parametrize("operation", WITH_PATH)
def test_no_id_breaks_it(office, operation):
    name = endpoint_of(operation).path.partition("{")[2].partition("}")[0]

    found = {spelled: office.ask(operation, **{name: spelled}).status for spelled in TEXTS}

    assert {spelled: status for spelled, status in found.items() if status != 404} == {}


@pytest.mark.parametrize("operation", READS)
def test_no_parameter_breaks_it(office, operation):
    queries = {(name, text): {"query": {name: text}} for name in PARAMETERS for text in TEXTS}

    assert _complaints(office, operation, queries) == {}


@pytest.mark.parametrize("name", BAD_KEYS)
@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation.startswith("julian/")])
def test_a_key_that_is_none_is_refused_without_asking_anybody(office, operation, name):
    key = office.caller.key
    changed = key[:-1] + ("a" if key[-1] != "a" else "b")
    spelled = (BAD_KEYS[name] or "").format(key=f"{key} ", changed=changed, upper=key.upper(), tail=key[8:])

    answer = office.ask(operation, caller=Caller(spelled.removeprefix("Bearer ")))

    assert answer.status == 401
    assert bootstrap.ledger.requests == {}
    if endpoint_of(operation).method != "HEAD":
        assert set(answer.body) == {"error", "message"}
        assert answer.body["error"] in {"UNAUTHORIZED", "INVALID_API_KEY"}
