"""What is not taken is posted again at exact instants; what keeps failing is parked, resumed in order, or disabled."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from drumbeat import bootstrap, bootstrap_webhooks
from drumbeat.adapters.dynamodb import keys
from drumbeat.application.care_for_receivers import care_for
from drumbeat.domain.notice import CareHint, Notice, Receiver
from drumbeat.domain.receiver_health import OPENS_AFTER, resumed
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from drumbeat.domain.webhook import Answered, Posted, Unreached
from drumbeat.domain.webhook_delivery import MOST_ATTEMPTS, PAUSES, DeliveryState
from tests.listening import connector
from tests.posting import PostRoom, endpoint, endpoint_of, health, kept, news
from tests.stage import START, TENANT

pytestmark = pytest.mark.usefixtures("aws")
BROKEN, GOOD = Answered(500), Answered(200)
URL = "https://crm.example/hooks"


@dataclass
class Receiving:
    """A server far away that answers as it is told to; `asked` holds when which event came."""

    room: PostRoom
    answer: Posted = BROKEN
    asked: list[tuple[int, str]] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Posted:
        self.asked.append((self.room.now - START, headers["webhook-id"]))
        return self.answer

    @property
    def events(self) -> list[int]:
        return [int(event.removeprefix("evt_")) for _, event in self.asked]


@pytest.fixture
def room() -> PostRoom:
    return PostRoom()


@pytest.fixture
def server(room) -> Receiving:
    room.poster = Receiving(room)
    return room.poster


@pytest.fixture
def receiver() -> Receiver:
    return endpoint(URL)


def offsets(receiver: Receiver) -> list[int]:
    """When the attempts were made, since the one before."""
    at = [attempt.at for attempt in kept(receiver).attempts]
    return [later - earlier for earlier, later in pairwise(at)]


def test_ten_attempts_are_made_by_the_schedule_to_the_second(room, server, receiver):
    room.tell(news(receiver))
    room.run(START + 5 * DAY)

    assert len(server.asked) == MOST_ATTEMPTS == 10
    assert server.asked[0][0] == 0
    for pause, offset in zip(PAUSES, offsets(receiver), strict=True):
        assert pause <= offset <= pause * 1.1 + SECOND
    assert sum(PAUSES) == 75 * HOUR + 35 * MINUTE + 5 * SECOND


def test_the_same_delivery_is_posted_at_the_same_instants_whenever_it_is_run(room, server, receiver):
    room.tell(news(receiver))
    room.run(START + 3 * HOUR)
    first = offsets(receiver)
    again = PostRoom()
    again.poster = Receiving(again)
    other = endpoint(URL, number=9)
    again.tell(news(other))
    again.run(START + 3 * HOUR)

    assert first[1] in range(5 * MINUTE, 5 * MINUTE + 31 * SECOND)
    assert first != offsets(other)


def test_after_the_whole_schedule_an_endpoint_is_disabled_and_its_event_parked(room, server, receiver):
    room.tell(news(receiver))
    room.run(START + 5 * DAY)

    assert (endpoint_of(receiver).disabled_at or 0) - START == server.asked[-1][0]
    assert health(receiver).failures == MOST_ATTEMPTS
    assert (kept(receiver).state, kept(receiver).body is not None) == (DeliveryState.PARKED, True)


def test_what_was_parked_is_posted_once_the_endpoint_is_enabled_again(room, server, receiver):
    room.tell(news(receiver))
    room.run(START + 5 * DAY)
    room.tell(news(receiver, 1))
    room.run(START + 6 * DAY)
    server.asked.clear()
    server.answer = GOOD
    endpoint(URL)
    bootstrap_webhooks.endpoints().change(TENANT, lambda seen: seen, resume=receiver, now=room.now)
    room.run(START + 6 * DAY + 5 * MINUTE)

    assert server.events == [0, 1]
    assert {kept(receiver, place).state for place in (0, 1)} == {DeliveryState.DELIVERED}
    assert (health(receiver).failures, health(receiver).look_at) == (0, None)


def test_gone_disables_at_once(room, server, receiver):
    server.answer = Answered(410)
    room.tell(news(receiver), news(receiver, 1))
    room.run(START + HOUR)

    assert len(server.asked) <= 2
    assert endpoint_of(receiver).disabled_at == START
    assert kept(receiver).state is DeliveryState.PARKED


@pytest.mark.parametrize("asked_for", ["3600", "Sat, 21 Nov 2026 10:00:00 GMT"])
def test_a_receiver_may_ask_for_more_patience(room, server, receiver, asked_for):
    server.answer = Answered(429, "", asked_for)
    room.tell(news(receiver))
    room.run(START + HOUR + MINUTE)

    assert offsets(receiver) == [HOUR]


@pytest.mark.parametrize("asked_for", ["1", "-5", "soon", "", "9" * 30, "Sat, 21 Nov 1026 10:00:00 GMT"])
def test_but_neither_for_less_than_the_schedule_nor_for_more_than_a_day(room, server, receiver, asked_for):
    server.answer = Answered(503, "", asked_for)
    room.tell(news(receiver))
    room.run(START + DAY + MINUTE)

    assert 5 * SECOND <= offsets(receiver)[0] <= DAY


def burst(receiver: Receiver, count: int, first: int = 0) -> list[Notice]:
    return [news(receiver, place) for place in range(first, first + count)]


def test_after_five_failures_in_a_row_all_but_one_probe_is_parked(room, server, receiver):
    room.tell(*burst(receiver, 40))
    room.run(START + HOUR)

    states = [kept(receiver, place).state for place in range(40)]
    assert states.count(DeliveryState.WAITING) == 1
    assert states.count(DeliveryState.PARKED) == 39
    probe = health(receiver).probe
    assert {event for at, event in server.asked if at > 10 * SECOND} == {probe}
    assert len(server.asked) <= 10 + 3  # one batch, and the probe's own schedule
    assert OPENS_AFTER == 5


def test_parked_deliveries_use_up_no_attempts(room, server, receiver):
    room.tell(*burst(receiver, 40))
    room.run(START + HOUR)

    untouched = [kept(receiver, place) for place in range(10, 40)]
    assert {delivery.tries for delivery in untouched} == {0}
    assert {delivery.attempts for delivery in untouched} == {()}


def test_what_was_parked_is_resumed_in_order_when_the_probe_is_taken(room, server, receiver):
    room.tell(*burst(receiver, 70))
    room.run(START + 20 * MINUTE)
    taken_from = len(server.asked)
    server.answer = GOOD
    room.run(START + 2 * HOUR)

    probe, *resumed = server.events[taken_from:]
    assert resumed == sorted(resumed)
    assert sorted([probe, *resumed]) == list(range(70))
    assert {kept(receiver, place).state for place in range(70)} == {DeliveryState.DELIVERED}
    assert health(receiver).failures == 0
    assert not health(receiver).is_open


def test_while_it_is_resumed_news_are_posted_at_once(room, server, receiver):
    room.tell(*burst(receiver, 20))
    room.run(START + 20 * MINUTE)
    server.answer = GOOD
    room.run(START + HOUR)
    room.tell(news(receiver, 99))
    room.deliver()

    assert server.events[-1] == 99


def test_a_success_in_between_keeps_the_breaker_closed(room, server, receiver):
    for place in range(20):
        server.answer = GOOD if place % OPENS_AFTER == 0 else BROKEN
        room.work(news(receiver, place))

    assert not health(receiver).is_open
    assert len(server.asked) == 20


def test_a_failing_event_among_good_ones_fails_alone(room, server, receiver):
    """One that a receiver chokes on is given up; the endpoint stays."""

    def answer(url: str, body: bytes, headers: dict[str, str]) -> Posted:
        server.asked.append((room.now - START, headers["webhook-id"]))
        return BROKEN if headers["webhook-id"].endswith("000") else GOOD

    server.post = answer  # type: ignore[method-assign]
    room.tell(news(receiver))
    for hour in range(5 * 24):
        room.run(START + hour * HOUR)
        room.work(news(receiver, hour + 1001))

    assert kept(receiver).state is DeliveryState.FAILED
    assert kept(receiver).body is None
    assert endpoint_of(receiver).disabled_at is None


def test_a_connector_is_never_disabled_and_goes_on_with_the_next(room, server):
    """Nobody could enable it again: MyAgentMail's API knows no such thing."""
    connector("https://app.example/hook")
    receiver = Receiver(TENANT, 7)
    room.tell(*burst(receiver, 8))
    room.run(START + 5 * DAY)
    server.answer = GOOD
    room.run(START + 7 * DAY)

    states = [kept(receiver, place).state for place in range(8)]
    assert states.count(DeliveryState.FAILED) == 1
    assert states.count(DeliveryState.DELIVERED) == 7


def test_one_that_does_not_answer_is_asked_once_a_batch(room, server, receiver):
    server.answer = Unreached("no answer within 5 seconds", perhaps_taken=True)
    room.work(*burst(receiver, 10))

    assert len(server.asked) == 1
    assert [kept(receiver, place).tries for place in range(10)] == [1, *[0] * 9]
    assert kept(receiver, 9).state is DeliveryState.WAITING


def test_news_that_come_again_are_posted_once(room, server, receiver):
    server.answer = GOOD
    room.work(news(receiver))
    told = room.work(news(receiver))

    assert len(server.asked) == 1
    assert [one.outcome for one in told.values()] == ["seen_to"]


def test_a_replay_posts_again_what_was_delivered_failed_or_parked(room, server, receiver):
    server.answer = GOOD
    room.work(news(receiver))
    room.work(news(receiver, again=5))
    room.work(news(receiver, again=5))
    room.work(news(receiver, again=6))

    assert len(server.asked) == 3
    assert len(kept(receiver).attempts) == 3


def test_attempts_are_kept_for_thirty_at_most(room, server, receiver):
    server.answer = GOOD
    for again in range(1, 40):
        room.work(news(receiver, again=again))

    assert len(kept(receiver).attempts) == 30


def test_a_delivery_that_is_over_keeps_no_word_of_its_body(room, server, receiver, aws):
    server.answer = GOOD
    room.work(news(receiver, text="ann@corp.example"))

    assert "ann@corp.example" not in repr(bootstrap.table().get(keys.delivery(TENANT, 7, "evt_000000000")))


def test_looking_after_a_receiver_that_is_well_changes_nothing(room, server, receiver):
    room.work(CareHint(receiver))

    assert server.asked == []
    assert health(receiver).revision == 0


def test_an_index_that_lags_behind_neither_repeats_nor_hides_what_was_parked(room, server, receiver):
    """What it still shows was delivered; behind that there is more."""
    room.tell(*burst(receiver, 40))
    room.run(START + 20 * MINUTE)
    store = bootstrap_webhooks.deliveries()
    shown = store.parked(receiver, 100)
    for delivery in shown[:30]:
        key = keys.delivery(TENANT, 7, delivery.event)
        done = {":done": DeliveryState.DELIVERED.value}
        bootstrap.table().update(key, "SET #state = :done", names={"#state": "state"}, values=done)

    assert store.parked(receiver, 5) == shown[30:35]


def test_of_two_who_look_after_a_receiver_at_once_one_resumes(room, server, receiver):
    room.tell(*burst(receiver, 12))
    room.run(START + 20 * MINUTE)
    server.answer = GOOD
    before = len(server.asked)
    bootstrap_webhooks.deliveries().change_health(receiver, lambda seen: resumed(seen, room.now))
    seen = bootstrap_webhooks.deliveries().known([receiver], (), room.now)
    room.work(CareHint(receiver))

    assert care_for(room.ports().settling, receiver, seen, room.now + 1) == ()
    assert len(server.asked) > before
