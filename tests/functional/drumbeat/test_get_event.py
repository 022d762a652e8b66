"""GET /drumbeat/v1/events/{event_id}"""

import pytest

from drumbeat.adapters import aws
from drumbeat.domain.event import EventKind
from tests.contract.scene import tenant_of
from tests.logged_events import event, log
from tests.world import Caller, new_tenant

AT = 1_795_251_600_000


def get(caller: Caller, event_id: str):
    return caller("get_event", group="drumbeat", event_id=event_id)


def test_an_event_is_shown_as_in_the_list(caller):
    (event_id,) = log(event(tenant_of(caller), EventKind.CLICKED, AT))

    answer = get(caller, event_id)  # from here on the key is known
    assert get(caller, event_id) == answer
    assert (answer.status, answer.body["id"], answer.body["type"]) == (200, event_id, "clicked")
    assert aws.ledger.requests == {"dynamodb.GetItem": 1, "dynamodb.BatchGetItem": 1}


def test_another_tenant_s_event_is_not_found(caller):
    (event_id,) = log(event(tenant_of(caller), EventKind.CLICKED, AT))

    assert get(new_tenant(), event_id).status == 404


@pytest.mark.parametrize("event_id", ["x", "evt_", "evt_" + "0" * 41, "evt_" + "z" * 41, "é" * 45])
def test_what_is_no_event_is_not_found(caller, event_id):
    answer = get(caller, event_id)

    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_a_key_without_the_scope_is_refused(caller):
    key = caller("create_api_key", {"scopes": ["contacts:read"]}).body["plaintext"]

    assert get(Caller(key), "evt_").body["code"] == "scope_missing"
