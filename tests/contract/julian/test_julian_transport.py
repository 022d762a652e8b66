"""Contract 4.1 and 4.2: keys, refusals, ids, and how a client checks key and agent without scheduling anything."""

import pytest

from tests.contract.julian.answers import Usage, accepted, read, refused, scheduled
from tests.contract.julian.vendor import BASE_URL, LOST, MISSING_AGENT, WON, Office, Vendor, contact, exchange, office
from tests.contract.scene import setting

SCHEDULING = "/agents/{agent}/schedule/sequence", "/agents/{agent}/schedule/sequences"
ENDPOINTS = [
    *(("POST", path) for path in SCHEDULING), ("POST", "/sequences/cancel"), ("GET", "/agents/{agent}/outcomes"),
    ("GET", "/credits/usage"), ("GET", "/batches/550e8400-e29b-41d4-a716-446655440000"),
]  # fmt: skip
OF_AGENTS = [(method, path) for method, path in ENDPOINTS if "{agent}" in path]


def asked(desk: Office, method: str, path: str, agent: str | None = None):
    body = {"contacts": [contact()]} if path.endswith("sequences") else contact() if method == "POST" else None
    if path.endswith("cancel"):
        body = {"referenceKey": "account_id", "referenceValue": "acme"}
    return desk.ask(method, path.format(agent=agent or desk.agent), body)


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_without_a_key_nothing_is_told(desk, method, path):
    refused(asked(Office(Vendor(""), desk.agent), method, path), 401, "UNAUTHORIZED")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize("key", ["nonsense", "ak_live_x", "ak_live_" + "a" * 40])
def test_with_a_wrong_key_nothing_is_told(desk, method, path, key):
    refused(asked(Office(Vendor(key), desk.agent), method, path), 401, "INVALID_API_KEY")


def test_a_key_belongs_into_its_own_header(desk):
    bearer = exchange("GET", f"{BASE_URL}/credits/usage", headers={"Authorization": f"Bearer {desk.ask.key}"})

    refused(bearer, 401, "UNAUTHORIZED")


@pytest.mark.parametrize("name", ["x-api-key", "X-Api-Key", "X-API-KEY"])
def test_the_name_of_a_header_may_be_written_in_any_case(desk, name):
    assert exchange("GET", f"{BASE_URL}/credits/usage", headers={name: desk.ask.key}).status == 200


def test_one_key_reaches_all_agents_of_the_organization(desk):
    second = desk.hire(name="Second")

    for one in (desk, second):
        assert accepted(one.schedule([contact()])).accepted == 1


@pytest.mark.parametrize(("method", "path"), OF_AGENTS)
def test_an_agent_of_somebody_else_is_as_unknown_as_one_that_never_was(desk, method, path):
    theirs = office()
    before = read(theirs.usage(), Usage)

    answers = [asked(desk, method, path, agent) for agent in (theirs.agent, MISSING_AGENT, "agent.abc123", "x")]

    bodies = [refused(answer, 404, "AGENT_NOT_FOUND") for answer in answers]
    assert bodies == [bodies[0]] * 4
    assert read(theirs.usage(), Usage) == before


@pytest.mark.parametrize("path", SCHEDULING)
def test_head_says_whether_key_and_agent_are_good_and_schedules_nothing(desk, path):
    before = read(desk.usage(), Usage)

    answer = desk.ask("HEAD", path.format(agent=desk.agent))

    assert (answer.status, answer.body) == (200, None)
    assert read(desk.usage(), Usage) == before


@pytest.mark.parametrize("path", SCHEDULING)
def test_head_says_what_is_not_good(desk, path):
    url = path.format(agent=desk.agent)

    assert desk.ask("HEAD", path.format(agent=MISSING_AGENT)).status == 404
    assert desk.ask("HEAD", path.format(agent=office().agent)).status == 404
    assert Vendor("")("HEAD", url).status == Vendor("nonsense")("HEAD", url).status == 401


def test_outcomes_and_credits_are_reads_that_check_a_key(desk):
    before = read(desk.usage(), Usage)

    answer = desk.ask("GET", f"/agents/{desk.agent}/outcomes")

    assert (answer.status, answer.body) == (200, {"agentId": desk.agent, "outcomes": [WON, LOST]})
    assert read(desk.usage(), Usage) == before


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", '"x"', "7", "contacts=1", "\ufeff{}", '{"contacts": NaN}'])
@pytest.mark.parametrize(
    "path", ["/agents/{agent}/schedule/sequence", "/agents/{agent}/schedule/sequences", "/sequences/cancel"]
)
def test_what_is_no_json_object_is_refused_in_the_envelope_too(desk, path, raw):
    answer = desk.ask("POST", path.format(agent=desk.agent), raw=raw)

    assert answer.status == 400, answer
    refused(answer, 400, answer.body["error"])


def test_the_eleventh_request_of_a_second_is_put_off(desk, time):
    with setting(CALL_LIMITS=""):
        answers = [desk.usage() for _ in range(11)]

        assert [answer.status for answer in answers] == [200] * 10 + [429]
        refused(answers[-1], 429, "RATE_LIMIT_EXCEEDED")
        assert int(answers[-1].headers["Retry-After"]) >= 1
        time[0] += 1_000 * int(answers[-1].headers["Retry-After"])
        assert desk.usage().status == 200


def test_ids_look_as_the_vendor_s(desk):
    """`agent.…`, `call-sequence.…`; a batch's is a UUID."""
    assert desk.agent.startswith("agent.")
    assert scheduled(desk.schedule_one(contact())).sequence_id.startswith("call-sequence.")
    assert len(accepted(desk.schedule([contact()])).batch_id) == 36


def test_what_breaks_nothing_is_the_same_for_everybody(desk):
    """Members of the query that nobody knows are ignored, as the vendor's clients may add some."""
    assert desk.ask("GET", f"/agents/{desk.agent}/outcomes?utm=1").status == 200
