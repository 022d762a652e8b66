"""What comes in about mails: the composites of providers' hooks."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from drumbeat.adapters import aws
from drumbeat.config import settings

if TYPE_CHECKING:
    from drumbeat.adapters.sns import SnsMessages, SnsSubscriptions
    from drumbeat.domain.provider_event import ProviderEvent
    from drumbeat.domain.sns_message import SnsMessage

_LONGEST_CERTIFICATE = 64 * 1024


def smtp2go_events(body: bytes, content_type: str) -> list[ProviderEvent]:
    """`smtp2go_events.read_smtp2go`."""
    from drumbeat.adapters.smtp2go_events import read_smtp2go

    return read_smtp2go(body, content_type)


def sns_message(body: bytes, now: int) -> SnsMessage:
    """`SnsMessages.read` of the topics that the operator has named."""
    return _sns_messages().read(body, now)


@cache
def _sns_messages() -> SnsMessages:
    from functools import partial

    from drumbeat.adapters.sns import SnsMessages
    from drumbeat.adapters.webhooks import Webhooks

    web = Webhooks(private_allowed=settings().private_servers_allowed, plain_allowed=True)
    return SnsMessages(settings().sns_topics, partial(web.get, most=_LONGEST_CERTIFICATE))


def topic_subscriptions() -> SnsSubscriptions:
    from drumbeat.adapters.sns import SnsSubscriptions

    return SnsSubscriptions(lambda region: aws.client("sns", region))


def ses_report(message: SnsMessage) -> ProviderEvent | None:
    """`ses_events.read_ses_report` of a notification; None where it holds none."""
    from drumbeat.adapters.ses_events import read_ses_report

    try:
        report = json.loads(message.text)
    except (ValueError, RecursionError):
        return None
    return read_ses_report(report, region=message.region)
