"""What a function has left behind in the stack, beside what was expected: its outcome's `effects`."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from drumbeat import bootstrap, bootstrap_signals, bootstrap_webhooks
from drumbeat.application.delivery_ports import DeliveryName
from drumbeat.domain.call_group import GroupName, group_digest
from drumbeat.domain.credits import month_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.inbox import InboxName
from drumbeat.domain.notice import Receiver
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tools.samples.outcomes import Outcome, unlike
from tools.samples.prepared import TENANT
from tools.samples.receivers import ENDPOINT
from tools.samples.stack import messages
from tools.samples.waiting import CALLING

_NEVER = 10**15 - 1
"""Later than anything is looked at."""


def effect_differences(outcome: Outcome) -> list[str]:
    """How the stack that the environment names is not as it should be afterwards; takes the messages it looks at."""
    return [line for kind, wanted in (outcome.effects or {}).items() for line in _unlike(kind, wanted)]


def _unlike(kind: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, part in wanted.items():
        yield from unlike(part, _READERS[kind](name), f"{kind} {name}")


def _enrollment(name: str) -> Any:
    """Of sequence.contact.run; None if it is not there."""
    return _plain(bootstrap.enrollments().get(TENANT, EnrollmentKey(*map(int, name.split(".")))))


def _plain(found: Any) -> Any:
    """A record as JSON would tell it."""
    return None if found is None else json.loads(json.dumps(asdict(found), default=list))


def _lane(name: str) -> Any:
    """Of a sender: its number where somebody looks at it again at some time; None if nobody does."""
    awake = bootstrap.lanes().awake(_NEVER)
    return next((lane.sender for lane in awake if (lane.tenant, lane.sender) == (TENANT, int(name))), None)


def _api_key(name: str) -> Any:
    return _plain(next((key for key in bootstrap.tenants().keys_of(TENANT) if key.number == int(name)), None))


def _suppression(name: str) -> Any:
    """Of an address; None if it may be mailed."""
    return _plain(bootstrap.suppressions().find(TENANT, name))


def _of_tenant(name: str) -> Any:
    """What the whole tenant has: `hours`, `credits`."""
    found = {"hours": bootstrap.tenants().hours, "credits": bootstrap.credit_ledger().account}[name](TENANT)
    return _plain(found)


def _delivery(name: str) -> Any:
    """Of receiver.event."""
    number, _, event = name.partition(".")
    wanted = DeliveryName(Receiver(TENANT, int(number), is_endpoint=int(number) == ENDPOINT), event)
    return _plain(bootstrap_webhooks.deliveries().known((), [wanted], clock.now()).deliveries.get(wanted))


def _endpoint(number: str) -> Any:
    """Of the tenant's webhooks."""
    there = bootstrap_webhooks.endpoints().of_tenants([TENANT]).get(TENANT, ())
    return _plain(next((one for one in there if one.number == int(number)), None))


def _events(kind: str) -> int:
    """How many events of a kind were logged in the last minutes."""
    now = clock.now()
    return sum(event.kind == kind for event in bootstrap.event_log().between(TENANT, now - HOUR, now + HOUR))


def _group(company: str) -> Any:
    """Of whom a company's call group calls."""
    return _plain(bootstrap.call_groups().get(GroupName(TENANT, CALLING, group_digest("company", company))))


def _inbox(sender: str) -> Any:
    return _plain(bootstrap_signals.inboxes().get(InboxName(TENANT, int(sender))))


def _keys(tenant: str) -> list[int]:
    """The numbers of all keys of a tenant."""
    return sorted(key.number for key in bootstrap.tenants().keys_of(int(tenant)))


def _plan(tenant: str) -> Any:
    return _plain(bootstrap.subscriptions().standing(int(tenant), month_of(clock.now()))[0])


def _tenant(number: str) -> Any:
    return _plain(bootstrap.tenants().get(int(number)))


def _unmatched(sender: str) -> list[Any]:
    """Of a sender: the replies that nobody could be found for."""
    newest = bootstrap_signals.unmatched_replies().newest(TENANT)
    return [_plain(reply) for reply in newest if reply.sender == int(sender)]


class _Kept(Protocol):
    """A store of what has a number."""

    def get(self, tenant: int, number: int) -> Any: ...


def _number_in(store: Callable[[], _Kept]) -> Callable[[str], Any]:
    """Of a number; None if it is not there."""
    return lambda name: _plain(store().get(TENANT, int(name)))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "api_keys": _api_key,
    "batches": _number_in(bootstrap.batches),
    "boats": _number_in(lambda: bootstrap.custom_objects("boats")),
    "companies": _number_in(bootstrap.companies),
    "contacts": _number_in(bootstrap.contacts),
    "deliveries": _delivery,
    "endpoints": _endpoint,
    "enrollments": _enrollment,
    "events": _events,
    "groups": _group,
    "imports": _number_in(bootstrap.contact_imports),
    "inboxes": _inbox,
    "keys": _keys,
    "lanes": _lane,
    "opportunities": _number_in(bootstrap.opportunities),
    "plans": _plan,
    "queues": messages,
    "rulesets": _number_in(bootstrap.rulesets),
    "senders": _number_in(bootstrap.sender_records),
    "sequences": _number_in(bootstrap.sequences),
    "suppressions": _suppression,
    "tenant": _of_tenant,
    "tenants": _tenant,
    "unmatched": _unmatched,
    "users": _number_in(bootstrap.users),
    "workspaces": _number_in(bootstrap.workspaces),
}
