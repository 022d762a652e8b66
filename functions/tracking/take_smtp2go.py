"""POST /t/hooks/smtp2go/{token}"""

from drumbeat import bootstrap, bootstrap_hooks
from drumbeat.application.take_hook import take_hooked, tenant_of_hook
from drumbeat.application.take_provider_event import Noted
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.hooks import Call, hook


@hook
def handler(call: Call) -> list[Noted]:
    """Notes what SMTP2GO tells about the mails of the tenant whose hook it calls."""
    ports = bootstrap.provider_event_ports()
    tenant = tenant_of_hook(ports, call.token)
    events = bootstrap_hooks.smtp2go_events(call.body, call.content_type)
    return take_hooked(ports, tenant, events, now=clock.now())
