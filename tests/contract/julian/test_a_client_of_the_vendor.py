"""A client that was written for the vendor, from its documentation: it only gets another base URL and another key."""

import json
from typing import Any
from uuid import UUID

from drumbeat.domain.times import MINUTE
from tests.contract.julian.floor import DECLINED, REACHED, Floor
from tests.contract.julian.vendor import BASE_URL, exchange


class JulianClient:
    """Knows x-api-key, JSON, E.164, IANA zones and ISO times, and what is printed of the answers."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.base_url, self.api_key = base_url, api_key

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = {"Content-Type": "application/json", "x-api-key": self.api_key} | headers
        raw = None if body is None else json.dumps(body)
        answer = exchange(method, f"{self.base_url}{path}", raw=raw, headers=sent)
        return answer.status, answer.body

    def is_good(self, agent_id: str) -> bool:
        return self.request("HEAD", f"/agents/{agent_id}/schedule/sequences")[0] == 200

    def enroll(self, agent_id: str, contacts: list[dict[str, Any]], key: str, **fields: Any) -> dict[str, Any]:
        path = f"/agents/{agent_id}/schedule/sequences"
        status, body = self.request("POST", path, {"contacts": contacts} | fields, **{"Idempotency-Key": key})
        assert status == 202, body
        assert body["total"] == body["accepted"] + len(body["rejected"])
        return body

    def successes(self, agent_id: str) -> set[str]:
        return {one["name"] for one in self.request("GET", f"/agents/{agent_id}/outcomes")[1]["outcomes"]}


def test_it_enrolls_two_accounts_fixes_a_row_hears_of_every_call_and_cancels_what_is_left(floor: Floor):
    desk = floor.opens(requiredVariables=["account_id", "prospect_name"], timezones=["America/New_York"])
    client = JulianClient(BASE_URL, desk.ask.key)
    assert client.is_good(desk.agent)
    people = [
        {"name": "Ann Lee", "phoneNumber": "+12125550101", "account_id": "acme", "prospect_name": "Ann"},
        {"name": "Ben Roe", "phoneNumber": "+12125550102", "account_id": "acme", "prospect_name": "Ben"},
        {"name": "Cho Kim", "phoneNumber": "+12125550103", "prospect_name": "Cho"},
        {"name": "Dan Fox", "phoneNumber": "+12125550104", "account_id": "zeta", "prospect_name": "Dan",
         "timezone": "America/Chicago", "scheduledAt": floor.later(30 * MINUTE)},
        {"name": "Eve Orr", "phoneNumber": "+12125550105", "account_id": "zeta", "prospect_name": "Eve"},
    ]  # fmt: skip

    first = client.enroll(desk.agent, people, "list-1", groupByField="account_id", timezone="America/New_York")
    assert UUID(first["batchId"])
    assert first["rejected"] == [
        {"index": 2, "phoneNumber": "+12125550103", "error": "Missing custom input variables: account_id."}
    ]
    assert client.enroll(desk.agent, people, "list-1", groupByField="account_id") == first
    fixed = [people[2] | {"account_id": "kappa"}]
    assert client.enroll(desk.agent, fixed, "list-1-fixed", groupByField="account_id")["accepted"] == 1

    floor.work(5)
    assert sorted(floor.called()) == ["Ann Lee", "Cho Kim"]
    floor.ended("Ann Lee", DECLINED)
    floor.ended("Cho Kim", REACHED)
    floor.work(40)
    assert sorted(floor.called()) == ["Ann Lee", "Ben Roe", "Cho Kim", "Dan Fox"]
    floor.ended("Ben Roe", REACHED)

    canceled = {"referenceKey": "account_id", "referenceValue": "zeta", "reason": "They called us."}
    assert client.request("POST", "/sequences/cancel", canceled) == (200, {"success": True})
    floor.settle()
    floor.work(10)

    assert len(floor.called()) == 4
    heard = {told["name"]: told for told in floor.heard()}
    assert sorted(heard) == ["Ann Lee", "Ben Roe", "Cho Kim"]
    assert {told["customInputVariables"]["account_id"] for told in heard.values()} == {"acme", "kappa"}
    known = client.successes(desk.agent)
    assert {one["name"] for told in heard.values() for one in told["callResult"]["outcomes"]} <= known
    assert len({told["callId"] for told in heard.values()}) == 3
    usage = client.request("GET", "/credits/usage?month=2026-11")[1]
    assert usage["organization"]["spentCredits"] == 3
    assert usage["agents"][0]["transactionCount"] == 3


def test_it_enrolls_one_contact_and_knows_its_result_by_the_sequence(floor: Floor):
    desk = floor.opens()
    client = JulianClient(BASE_URL, desk.ask.key)

    path = f"/agents/{desk.agent}/schedule/sequence"
    status, body = client.request("POST", path, {"name": "Ann Lee", "phoneNumber": "+12125550101", "crm_id": "7"})
    floor.work()
    floor.ended("Ann Lee", REACHED)

    sequence = body["sequence"]
    assert (status, sequence["scheduledBy"], sequence["steps"]) == (
        200,
        "API",
        [{"stepType": "CALL", "delaySeconds": 0}],
    )
    (told,) = floor.heard()
    assert told["sequence"]["sequenceId"] == sequence["sequenceId"]
    for name in ("name", "phoneNumber", "customInputVariables", "timezone", "scheduledAt"):
        assert told[name] == sequence[name]


def test_with_a_wrong_key_it_is_told_so_in_the_words_it_knows(floor: Floor):
    desk = floor.opens()

    status, body = JulianClient(BASE_URL, "nonsense").request("GET", f"/agents/{desk.agent}/outcomes")

    assert (status, body["error"]) == (401, "INVALID_API_KEY")
    assert not JulianClient(BASE_URL, "nonsense").is_good(desk.agent)
