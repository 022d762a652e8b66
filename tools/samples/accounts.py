"""Tenant 1 and its keys, the operators' keys, and counters that leave the low numbers to the prepared data."""

from drumbeat import bootstrap
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.domain.call_meter import BLOCK
from drumbeat.domain.credits import month_of
from drumbeat.domain.ids import Kind
from drumbeat.domain.subscription import Subscription
from drumbeat.domain.tenant import ALL_SCOPES, OPERATORS, ApiKey, KeyPrefix, Tenant, key_digest, spell_key
from drumbeat.domain.times import DAY, SECOND
from tools.samples.prepared import TENANT

_PREPARED = 99
"""The last number of each kind that prepared data may have."""
KEY = "ak_live_0029sS3yqsuDyR1vGFhTuuRAq1b0000011sBqBV"
"""What the samples' requests carry."""
OPERATOR_KEY = "sa_HBXkt6AvR8gzTytp4AwXHELFaRa0000002TiAj3"


def prepare_accounts(now: int) -> None:
    """The tenant with two keys, two keys of the operators; the next of every kind has number 100."""
    numbers, tenants = bootstrap.numbers(), bootstrap.tenants()
    for kind in Kind:
        numbers.take(OPERATORS, kind, _PREPARED)
        numbers.take(TENANT, kind, _PREPARED)
    begun = now - 90 * DAY
    tenants.create(Tenant(TENANT, "Ada Lovelace", "ada@example.com", begun), key(TENANT, 1, KEY, begun))
    others = (
        key(TENANT, 2, spell_key(TENANT, bytes(19) + b"\2"), begun),
        key(OPERATORS, 1, OPERATOR_KEY, begun),
        key(OPERATORS, 2, spell_key(OPERATORS, bytes(19) + b"\2", KeyPrefix.OPERATOR), begun),
    )
    for other in others:
        tenants.add_key(other, intent=None, now=begun)
    _use(others[0], now)


def _use(own: ApiKey, now: int) -> None:
    """What the tenant has made of its account this month: seven calls, three test mails, on a plan with a limit."""
    block = BLOCK * AMPOUT.call_limit.window
    until = now // SECOND + 60 * DAY // SECOND
    bootstrap.tenants().count_calls(own, AMPOUT.name, now // block, {0: 7}, expires_at=until)
    subscriptions = bootstrap.subscriptions()
    subscriptions.set(TENANT, Subscription("growth", "Growth", "paid", 20_000))
    subscriptions.add_tests(TENANT, month_of(now), 3)


def key(tenant: int, number: int, text: str, now: int) -> ApiKey:
    """What is kept of a key that may do everything."""
    return ApiKey(tenant, number, key_digest(text), text[:12], "laptop", "direct", (ALL_SCOPES,), now)
