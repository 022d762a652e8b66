"""A receiver that never answers leaves the delays of a healthy one as they are: both hear every event, in virtual time.

As many workers as the template allows take batches of ten as soon as one of them is free. Posts to different receivers
go side by side; the dead one's last for the whole time-out.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from drumbeat import bootstrap_webhooks
from drumbeat.adapters.sqs import SqsNotices
from drumbeat.adapters.webhooks import SECONDS
from drumbeat.application.deliver_notices import DeliverPorts, deliver_notices
from drumbeat.application.post_deliveries import Tried
from drumbeat.dialects.news import completed, headers_of
from drumbeat.domain.notice import Receiver, task_of
from drumbeat.domain.times import SECOND
from drumbeat.domain.webhook import Answered, Posted, Unreached
from drumbeat.domain.webhook_delivery import DeliveryState
from tests.memory.queue import MemoryQueue, Message
from tests.posting import endpoint, health, kept, news
from tests.stage import START
from tests.world import resources_of_template

EVENTS = 300
APART = 200
"""Milliseconds from one event to the next."""
HEALTHY, DEAD = "https://well.example/", "https://dead.example/"


@dataclass
class Floor:
    """Workers and what they do at once. `now` is the time of whoever is at work."""

    workers: int
    now: int = START
    posted_at: dict[str, int] = field(default_factory=dict)
    posts_to_the_dead: int = 0
    _busy_until: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = MemoryQueue(lambda: self.now)
        self._busy_until = [START] * self.workers

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Posted:
        if url == DEAD:
            self.now += int(SECONDS * SECOND)
            self.posts_to_the_dead += 1
            return Unreached("no answer within 5 seconds", perhaps_taken=True)
        self.posted_at[headers["webhook-id"]] = self.now
        self.now += 50
        return Answered(200)

    def side_by_side(self, jobs: Sequence[Iterator[Tried]]) -> Iterator[list[Tried]]:
        began, ends = self.now, [self.now]
        for job in jobs:
            self.now = began
            yield list(job)
            ends.append(self.now)
        self.now = max(ends)

    def ports(self) -> DeliverPorts:
        made = bootstrap_webhooks.deliver_ports()
        return replace(
            made,
            settling=replace(made.settling, queue=SqsNotices(self.queue, "WebhookQueue")),  # type: ignore[arg-type]
            posting=replace(made.posting, poster=self),
        )

    def run(self, receivers: Sequence[Receiver]) -> list[int]:
        """Tells every event to all of them; returns how late the healthy one got each."""
        for place in range(EVENTS):
            self.now = START + place * APART
            SqsNotices(self.queue, "q").put([news(receiver, place) for receiver in receivers])  # type: ignore[arg-type]
        waiting, self.queue.waiting = self.queue.waiting, []
        while waiting:
            self._take(waiting)
            waiting += self.queue.waiting
            self.queue.waiting = []
            waiting = [message for message in waiting if message.at < START + EVENTS * APART]
        return [at - START - int(event.removeprefix("evt_")) * APART for event, at in sorted(self.posted_at.items())]

    def _take(self, waiting: list[Message]) -> None:
        """The worker that is free first takes up to ten messages, as soon as there is one."""
        worker = min(range(self.workers), key=self._busy_until.__getitem__)
        begins = max(self._busy_until[worker], min(message.at for message in waiting))
        batch = sorted((message for message in waiting if message.at <= begins), key=lambda message: message.at)[:10]
        waiting[:] = [message for message in waiting if message not in batch]
        self.now = begins
        deliver_notices(
            self.ports(),
            [task_of(json.loads(message.body)) for message in batch],
            complete=completed,
            sign=headers_of,
            clock=lambda: self.now,
            out_of_time=lambda: False,
            side_by_side=self.side_by_side,
        )
        self._busy_until[worker] = self.now


def workers_of_the_template() -> int:
    event = resources_of_template()["WorkersDeliverWebhookFunction"]["Properties"]["Events"]["Queue"]["Properties"]
    return int(event["ScalingConfig"]["MaximumConcurrency"])


@pytest.fixture
def alone(aws) -> list[int]:
    """How late each event is where everybody is well."""
    return Floor(workers_of_the_template()).run([endpoint(HEALTHY, number=1)])


def test_every_delay_of_the_healthy_one_is_the_same_with_and_without_the_dead_one(alone):
    well, dead = endpoint(HEALTHY, number=7), endpoint(DEAD, number=8)
    floor = Floor(workers_of_the_template())

    delays = floor.run([well, dead])
    p99 = sorted(delays)[len(delays) * 99 // 100]
    assert delays == alone
    assert (len(delays), p99, max(delays)) == (EVENTS, 0, 0)
    assert {kept(well, place).state for place in range(EVENTS)} == {DeliveryState.DELIVERED}


def test_the_dead_one_costs_few_posts_and_loses_nothing(aws):
    well, dead = endpoint(HEALTHY, number=7), endpoint(DEAD, number=8)
    floor = Floor(workers_of_the_template())
    floor.run([well, dead])

    states = [kept(dead, place).state for place in range(EVENTS)]
    assert floor.posts_to_the_dead < EVENTS / 5
    assert states.count(DeliveryState.PARKED) > EVENTS * 0.9
    assert set(states) == {DeliveryState.PARKED, DeliveryState.WAITING}
    assert health(dead).is_open


def test_with_too_few_workers_it_would_show(alone):
    """The measurement can tell: two workers are both held up until the breaker opens."""
    delays = Floor(2).run([endpoint(HEALTHY, number=7), endpoint(DEAD, number=8)])

    assert delays != alone
