"""POST /t/hooks/sns"""

from drumbeat import bootstrap, bootstrap_hooks
from drumbeat.application.take_hook import take_sns
from drumbeat.application.take_provider_event import Noted
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.hooks import Call, hook


@hook
def handler(call: Call) -> list[Noted]:
    """Notes what SES reports through a topic that we listen to, once the message has proven to be of SNS."""
    now = clock.now()
    message = bootstrap_hooks.sns_message(call.body, now)
    event = bootstrap_hooks.ses_report(message)
    ports, subscriptions = bootstrap.provider_event_ports(), bootstrap_hooks.topic_subscriptions()
    return take_sns(ports, subscriptions, message, event, now=now)
