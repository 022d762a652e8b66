"""GET /drumbeat/v1/events"""

import pytest

from drumbeat.adapters import aws
from drumbeat.application import list_events
from drumbeat.domain.event import EventKind
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import DAY, HOUR, iso
from drumbeat.entrypoints import clock
from tests.contract.scene import everything, tenant_of
from tests.logged_events import event, log
from tests.world import Caller, new_tenant

NOW = 1_795_251_600_000


@pytest.fixture
def caller(stack, monkeypatch) -> Caller:
    """A client with a key; time stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return new_tenant()


def ask(caller: Caller, **query: str):
    return caller("list_events", group="drumbeat", query={name.rstrip("_"): value for name, value in query.items()})


def ids(caller: Caller, **query: str) -> list[str]:
    return [row["id"] for row in ask(caller, **query).body["events"]]


def test_an_event_says_what_happened_to_whose_mail(caller):
    tenant = tenant_of(caller)
    (event_id,) = log(event(tenant, EventKind.OPENED, NOW - HOUR, contact=3))

    (told,) = ask(caller).body["events"]
    assert told == {
        "id": event_id,
        "type": "opened",
        "occurredAt": iso(NOW - HOUR),
        "loggedAt": iso(NOW - HOUR + 1_000),
        "sequenceId": resource_uuid(Kind.SEQUENCE, tenant, 1),
        "senderId": resource_uuid(Kind.SENDER, tenant, 7),
        "step": 1,
        "first": True,
        "isMail": True,
        "isSync": True,
        "reason": None,
        "senderEmail": None,
        "enrollment": {
            "id": enrollment_uuid(tenant, EnrollmentKey(1, 3)),
            "contactId": resource_uuid(Kind.CONTACT, tenant, 3),
            "contactEmail": None,
            "externalId": None,
            "status": "sent",
            "sentAt": iso(NOW - HOUR),
            "openedAt": None,
            "repliedAt": None,
            "bouncedAt": None,
            "bounceReason": None,
            "unsubscribedAt": None,
        },
    }


def test_the_last_seven_days_are_listed_newest_last(caller):
    tenant = tenant_of(caller)
    days = [log(event(tenant, EventKind.REPLIED, NOW - day * DAY))[0] for day in (8, 7, 3, 0)]

    assert ids(caller) == days[1:]
    assert ids(caller, from_=iso(NOW - 8 * DAY), to=iso(NOW - 3 * DAY)) == days[:3]


def test_one_type_is_picked_out(caller):
    tenant = tenant_of(caller)
    _, replied = log(event(tenant, EventKind.OPENED, NOW - 2), event(tenant, EventKind.REPLIED, NOW - 1))

    assert ids(caller, type="replied") == [replied]


def test_pages_join_without_a_gap_and_end(caller, monkeypatch):
    tenant = tenant_of(caller)
    known = sorted(log(*(event(tenant, EventKind.OPENED, NOW - HOUR * place, contact=place) for place in range(1, 31))))
    monkeypatch.setattr(list_events, "MOST_LOOKED_AT", 7)

    for query in ({"limit": "4"}, {"limit": "100"}, {"limit": "4", "type": "opened"}, {"type": "replied"}):
        found, answer = [], ask(caller, **query)
        while answer.body["nextCursor"]:
            found += answer.body["events"]
            answer = ask(caller, cursor=answer.body["nextCursor"], **query)
        found += answer.body["events"]
        assert [row["id"] for row in found] == ([] if query.get("type") == "replied" else known)


def test_another_tenant_sees_nothing_and_its_cursor_means_nothing(caller):
    log(*(event(tenant_of(caller), EventKind.OPENED, NOW - place, contact=place + 1) for place in range(3)))
    cursor = ask(caller, limit="1").body["nextCursor"]
    stranger = new_tenant()

    assert ask(stranger).body == {"events": [], "nextCursor": None}
    assert len(ids(caller, cursor=cursor)) == 2
    assert ask(stranger, cursor=cursor).body["code"] == "validation_failed"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "1001"}, {"type": "odd"}, {"cursor": "x"}, {"cursor": "é"}, {"cursor": "A" * 4_000},
        {"from_": "yesterday"}, {"from_": "1969-01-01T00:00:00Z", "to": "1969-01-02T00:00:00Z"},
        {"from_": "2026-11-21T09:00:00"}, {"from_": "2026-12-01T09:00:00Z"}, {"from_": "2026-09-01T09:00:00Z"},
    ],
    ids=str,
)  # fmt: skip
def test_a_question_that_is_none_is_refused(caller, query):
    answer = ask(caller, **query)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")


def test_looking_costs_a_query_a_day_and_changes_nothing(caller):
    ask(caller)  # from here on the key is known
    before = everything()
    ask(caller)

    assert aws.ledger.requests == {"dynamodb.Query": 8}
    assert everything() == before


def test_a_key_without_the_scope_is_refused(caller):
    key = caller("create_api_key", {"scopes": ["contacts:read"]}).body["plaintext"]

    assert ask(Caller(key)).body["code"] == "scope_missing"
