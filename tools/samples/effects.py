"""What a function has left behind in the stack, beside what was expected: its outcome's `effects`."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from drumbeat import bootstrap
from drumbeat.domain.ids import EnrollmentKey
from tools.samples.outcomes import Outcome, unlike
from tools.samples.prepared import TENANT
from tools.samples.stack import messages

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
    "enrollments": _enrollment,
    "lanes": _lane,
    "opportunities": _number_in(bootstrap.opportunities),
    "queues": messages,
    "rulesets": _number_in(bootstrap.rulesets),
    "senders": _number_in(bootstrap.sender_records),
    "sequences": _number_in(bootstrap.sequences),
    "suppressions": _suppression,
    "tenant": _of_tenant,
    "users": _number_in(bootstrap.users),
    "workspaces": _number_in(bootstrap.workspaces),
}
