"""What is to be posted again gets its message in time, and again should that be lost."""

import pytest

from drumbeat import bootstrap_webhooks
from drumbeat.adapters import aws as clients
from drumbeat.domain.notice import DueHint
from drumbeat.domain.times import HOUR, MINUTE, SECOND
from drumbeat.entrypoints import clock
from functions.timers import wake_deliveries
from tests.listening import received
from tests.posting import BROKEN, PostRoom, endpoint, kept, news
from tests.scripted_web import ScriptedWebServer
from tests.stage import START
from tests.world import Context

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def receiver():
    with ScriptedWebServer([BROKEN]) as app:
        yield endpoint(app.url())


def test_a_tick_with_nothing_due_is_one_query():
    clients.ledger.clear()

    assert wake_deliveries.handler({}, Context(remaining=50_000)) == {"hints": 0, "overdue": 0}
    assert dict(clients.ledger.requests) == {"dynamodb.Query": 1}


def test_a_long_pause_ends_with_a_message_at_its_very_instant(receiver):
    room = PostRoom()
    room.tell(news(receiver))
    room.run(START + HOUR)  # the attempts of the first 35 minutes

    waiting = kept(receiver)
    room.now = waiting.due - MINUTE
    assert room.tick() == 1
    (message,) = room.queue.waiting
    assert waiting.tries == 4
    assert waiting.due <= message.at < waiting.due + SECOND


def test_a_message_that_was_lost_is_sent_again_within_five_minutes(receiver):
    room = PostRoom()
    room.work(news(receiver))
    room.queue.waiting.clear()

    room.run(START + 10 * MINUTE)
    assert [attempt.at - START for attempt in kept(receiver).attempts][1] in range(3 * MINUTE, 6 * MINUTE)


def test_a_tick_that_died_before_it_moved_what_it_woke_sends_it_twice_and_it_is_posted_once(receiver):
    room = PostRoom()
    room.work(news(receiver))
    room.now += 4 * MINUTE
    (due,) = next(bootstrap_webhooks.deliveries().waking(room.now + 2 * MINUTE))
    room.tasks.put_later([(due.task, 0)])
    room.tick()

    room.deliver()
    assert due.task == DueHint(receiver, "evt_000000000", 0)
    assert kept(receiver).tries == 2


def test_the_handler_asks_the_clock(receiver, monkeypatch):
    PostRoom().work(news(receiver))
    monkeypatch.setattr(clock, "now", lambda: START + HOUR)

    assert wake_deliveries.handler({}, Context(remaining=50_000)) == {"hints": 1, "overdue": 1}
    assert len(received()) == 1
