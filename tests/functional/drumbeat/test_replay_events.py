"""POST /drumbeat/v1/webhooks/{webhook_id}/replay"""

import json
from functools import partial

import pytest

from drumbeat.application import replay_events
from drumbeat.domain.event import EventKind
from tests.contract.scene import MISSING, tenant_of
from tests.listening import deliver, received
from tests.logged_events import event, log
from tests.scripted_web import ScriptedWebServer
from tests.stage import START

SPAN = {"from": "2026-11-21T00:00:00Z", "to": "2026-11-22T00:00:00Z"}


@pytest.fixture
def app():
    with ScriptedWebServer() as running:
        yield running


@pytest.fixture
def hook(caller, app):
    received()  # what others have left in the module's queue
    made = caller("create_webhook", {"webhook": {"url": app.url()}}).body["id"]
    return partial(caller, "replay_events", group="drumbeat", webhook_id=made)


def replies(caller, count: int, kind: EventKind = EventKind.REPLIED) -> list[str]:
    """The ids of so many events in the log, a second apart."""
    made = [event(tenant_of(caller), kind, START + 1_000 * place, contact=place + 1) for place in range(count)]
    log(*made)
    return [one.id for one in made]


def posted(app: ScriptedWebServer) -> list[str]:
    while records := received():
        deliver(records)
    return [asked.headers["webhook-id"] for asked in app.asked]


def test_a_span_is_posted_once_more_under_the_ids_it_has(caller, hook, app):
    ids = replies(caller, 3)
    answer = hook(SPAN)

    assert (answer.status, answer.body) == (202, {"events": 3, "cursor": None})
    assert sorted(posted(app)) == ids
    assert {json.loads(asked.body)["type"] for asked in app.asked} == {"enrollment.replied"}


def test_what_was_delivered_is_delivered_again_each_time_it_is_asked_for(caller, hook, app):
    (wanted,) = replies(caller, 1)
    for _ in range(2):
        assert hook({"eventId": wanted}).body == {"events": 1, "cursor": None}
        posted(app)

    first, second = app.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == wanted
    assert first.body == second.body


def test_one_event_is_posted_whatever_the_filters_a_span_by_them_or_by_its_types(caller, hook, app):
    (clicked,) = replies(caller, 1, EventKind.CLICKED)

    assert hook(SPAN).body["events"] == 0
    assert hook(SPAN | {"types": ["enrollment.clicked"]}).body["events"] == 1
    assert hook({"eventId": clicked}).body["events"] == 1


def test_a_long_span_comes_in_parts_that_a_cursor_joins(caller, hook, app, monkeypatch):
    monkeypatch.setattr(replay_events, "MOST_AT_ONCE", 2)
    ids = replies(caller, 5)
    cursor, counts = None, []
    while not counts or cursor:
        answer = hook(SPAN | ({"cursor": cursor} if cursor else {})).body
        cursor = answer["cursor"]
        counts.append(answer["events"])

    assert counts == [2, 2, 1]
    assert sorted(posted(app)) == ids


@pytest.mark.parametrize(
    "body",
    [
        {}, {"from": SPAN["from"]}, SPAN | {"eventId": "evt_1"}, SPAN | {"cursor": "evt_1"}, {"from": "x", "to": "y"},
        {"eventId": 7}, SPAN | {"types": "enrollment.sent"}, SPAN | {"from": "0001-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_what_asks_for_nothing_or_for_two_things_is_refused(hook, body):
    assert hook(body).status == 422
    assert received() == []


def test_a_cursor_behind_the_end_of_the_span_leaves_nothing(caller, hook):
    *_, last = replies(caller, 3)

    assert hook({"from": SPAN["from"], "to": SPAN["from"], "cursor": last}).body == {"events": 0, "cursor": None}


def test_another_tenant_s_events_are_not_there(caller, hook):
    theirs = event(tenant_of(caller) + 1, EventKind.REPLIED, START)
    log(theirs)

    assert hook({"eventId": theirs.id}).status == 404
    assert hook({"eventId": MISSING}).status == 404
    assert hook(SPAN).body["events"] == 0
