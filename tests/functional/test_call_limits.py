"""How many calls a key may make: each API's number and words, shared by containers, cheap, and never in the way."""

import pytest
from botocore.exceptions import ClientError

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.tenants import TenantStore
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.tenant import ApiKey
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from drumbeat.entrypoints import call_budget, clock
from drumbeat.entrypoints.call_budget import CallBudget
from tests.contract.scene import setting
from tests.functional.julian.furniture import MISSING
from tests.world import Caller, new_tenant

KEY = ApiKey(1, 7, "", "", None, "direct", (), 0)
NOON = 1_763_726_400_000
# An API → a read of it, what its documentation grants, and the length of its window. Julian's names an agent that is
# not there: what is asked for is counted all the same.
GRANTED = {
    "ampout": ("list_contact_imports", 60, MINUTE),
    "myagentmail": ("list_cadences", 600, MINUTE),
    "drumbeat": ("get_hours", 600, MINUTE),
    "outreach": ("list_users", 10_000, HOUR),
    "julian": ("list_outcomes", 10, SECOND),
}
BOUND = 10
"""The calls of a container that the others may not know of (ADR 32)."""


@pytest.fixture
def caller(stack):
    return new_tenant()


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The clock stands, until somebody sets it."""
    time = {"now": NOON}
    monkeypatch.setattr(clock, "now", lambda: time["now"])
    return time


def limited(caller, group, calls=3):
    """The answer to one call too many."""
    with setting(CALL_LIMITS=f"{group}:{calls}"):
        answers = [read(caller, group) for _ in range(calls + 1)]
    assert [answer.status == 429 for answer in answers] == [False] * calls + [True]
    return answers[-1]


def read(caller, group):
    """The answer to a read of an API."""
    path = {"agent_id": MISSING} if group == "julian" else {}
    answer = caller(GRANTED[group][0], group=group, **path)
    assert answer.status in ({404, 429} if path else {200, 429}), answer
    return answer


@pytest.mark.parametrize("group", GRANTED)
def test_each_api_grants_by_itself_what_its_documentation_says(caller, group):
    operation, calls, window = GRANTED[group]
    module = __import__(f"functions.{group}.{operation}", fromlist=["handler"])

    assert module.handler.endpoint.dialect.call_limit == (calls, window)


def test_ampout_refuses_the_sixty_first_call_of_a_minute_and_takes_the_first_of_the_next(caller, noon):
    with setting(CALL_LIMITS=""):
        statuses = [caller("list_contact_imports").status for _ in range(61)]
        noon["now"] += MINUTE
        afterwards = caller("list_contact_imports").status

    assert statuses == [200] * 60 + [429]
    assert afterwards == 200


def test_julian_refuses_the_eleventh_call_of_a_second_and_takes_the_first_of_the_next(caller, noon):
    with setting(CALL_LIMITS=""):
        answers = [read(caller, "julian") for _ in range(11)]
        noon["now"] += SECOND
        afterwards = read(caller, "julian")

    assert [answer.status for answer in answers] == [404] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert afterwards.status == 404


@pytest.mark.parametrize("group", GRANTED)
def test_who_is_refused_is_told_how_many_seconds_to_wait(caller, group, noon):
    window = GRANTED[group][2]
    noon["now"] += 1_200

    refused = limited(caller, group)

    assert int(refused.headers["Retry-After"]) == -(-(window - 1_200 % window) // SECOND)


def test_each_api_refuses_in_its_own_words(caller):
    assert limited(caller, "ampout").body["code"] == "rate_limited"
    assert limited(caller, "outreach").body["errors"][0]["id"] == "rateLimitExceeded"
    assert limited(caller, "myagentmail").body["code"] == "too_many_requests"
    assert limited(caller, "julian").body["error"] == "RATE_LIMIT_EXCEEDED"
    ours = limited(caller, "drumbeat")
    assert (ours.body["status"], ours.headers["Content-Type"]) == (429, "application/problem+json")


@pytest.mark.parametrize("group", GRANTED)
def test_only_outreach_tells_what_is_left(caller, group):
    answer = read(caller, group)

    assert ("X-RateLimit-Remaining" in answer.headers) == (group == "outreach")


def test_the_calls_of_another_key_and_of_another_api_are_not_counted(caller):
    limited(caller, "ampout")

    with setting(CALL_LIMITS="ampout:3,outreach:3"):
        assert new_tenant()("list_contact_imports").status == 200
        assert caller("list_users", group="outreach").status == 200


def test_what_is_open_to_everybody_is_not_counted(caller):
    with setting(CALL_LIMITS="drumbeat:1,ampout:1", SIGNUP_LIMIT_PER_HOUR="99"):
        answers = [Caller()("accept_invite", {}, group="drumbeat", token="forged").status for _ in range(3)]

    assert answers == [404] * 3


def writes():
    return sum(count for name, count in bootstrap.ledger.requests.items() if name.endswith("UpdateItem"))


@pytest.mark.parametrize("group", GRANTED)
def test_ten_calls_cost_one_write(caller, group):
    read(caller, group)
    call_budget.budget.forget()
    written = []
    for _ in range(30):
        read(caller, group)
        written.append(writes())

    assert written == ([0] * 9 + [1]) * 3


def test_a_refused_call_costs_no_request(caller):
    limited(caller, "ampout", calls=12)

    with setting(CALL_LIMITS="ampout:12"):
        for _ in range(20):
            assert caller("list_contact_imports").status == 429
            assert bootstrap.ledger.datastore_requests() == 0


@pytest.mark.parametrize("limit", [CallLimit(10, SECOND), CallLimit(60, MINUTE), CallLimit(10_000, HOUR)])
def test_containers_that_share_a_key_share_its_limit(stack, limit):
    containers = [CallBudget() for _ in range(4)]
    key = ApiKey(1, limit.calls, "", "", None, "direct", (), 0)

    first = sum(
        container.spend("test", key, limit, NOON).granted for _ in range(limit.calls // 2) for container in containers
    )
    hammered = (
        sum(
            container.spend("test", key, limit, NOON + second * limit.window).granted
            for second in range(1, 10)
            for _ in range(30)
            for container in containers
        )
        if limit.calls < 100
        else 0
    )

    assert limit.calls <= first <= limit.calls + BOUND * 4
    assert first + hammered <= (10 if limit.calls < 100 else 1) * limit.calls + BOUND * 4


def test_while_the_store_does_not_answer_calls_go_through_and_it_is_logged(stack, monkeypatch, caplog):
    def refuses(*_, **__):
        raise ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "UpdateItem")

    monkeypatch.setattr(TenantStore, "count_calls", refuses)
    containers = [CallBudget() for _ in range(6)]

    granted = [
        container.spend("ampout", KEY, CallLimit(60, MINUTE), NOON).granted
        for _ in range(40)
        for container in containers
    ]

    assert all(granted)
    assert [record.getMessage() for record in caplog.records] == ["calls not counted"] * 24


@pytest.mark.parametrize(("window", "kept"), [(SECOND, 0), (MINUTE, 32 * DAY)])
def test_what_is_counted_is_forgotten_a_block_of_windows_later_that_of_minutes_a_month(stack, window, kept):
    container, block = CallBudget(), 60 * window
    for _ in range(10):
        container.spend(f"test{window}", KEY, CallLimit(60, window), NOON)

    item = bootstrap.table().get(("T#1#CALLS#7", f"test{window}#{NOON // block}"))

    assert item is not None
    assert NOON < item["expires_at"] * SECOND - block - kept <= NOON + block
