"""How events get out: endpoints, the worker that posts, the timer that has it post again, replays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.config import settings

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.deliveries import DeliveryStore
    from drumbeat.adapters.dynamodb.webhook_endpoints import WebhookEndpointStore
    from drumbeat.adapters.sqs import SqsNotices
    from drumbeat.application.deliver_notices import DeliverPorts
    from drumbeat.application.replay_events import ReplayPorts
    from drumbeat.application.webhook_endpoints import EndpointPorts


def endpoints() -> WebhookEndpointStore:
    from drumbeat.adapters.dynamodb.webhook_endpoints import WebhookEndpointStore

    return WebhookEndpointStore(bootstrap.table())


def deliveries() -> DeliveryStore:
    from drumbeat.adapters.dynamodb.deliveries import DeliveryStore

    return DeliveryStore(bootstrap.table())


def tasks() -> SqsNotices:
    from drumbeat.adapters.sqs import SqsNotices

    return SqsNotices(aws.client("sqs"), settings().webhook_queue_url)


def plain_urls_allowed() -> bool:
    """Whether a webhook's URL may be plain http: on the local stack only."""
    return settings().private_servers_allowed


def endpoint_ports() -> EndpointPorts:
    from drumbeat.application.webhook_endpoints import EndpointPorts

    return EndpointPorts(endpoints=endpoints(), numbers=bootstrap.numbers(), vault=bootstrap.vault())


def deliver_ports() -> DeliverPorts:
    from drumbeat.adapters.dynamodb.ended_calls import EndedCallStore
    from drumbeat.application.deliver_notices import DeliverPorts
    from drumbeat.application.post_deliveries import PostPorts
    from drumbeat.application.settle_deliveries import SettlePorts

    return DeliverPorts(
        settling=SettlePorts(deliveries=deliveries(), endpoints=endpoints(), queue=tasks()),
        calls=EndedCallStore(bootstrap.table()),
        posting=PostPorts(vault=bootstrap.vault(), poster=bootstrap.webhooks()),
    )


def replay_ports() -> ReplayPorts:
    from drumbeat.application.replay_events import ReplayPorts

    return ReplayPorts(
        endpoints=endpoints(), log=bootstrap.event_log(), addressees=bootstrap.recipients(), queue=tasks()
    )
