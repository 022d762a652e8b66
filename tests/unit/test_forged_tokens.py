"""No token can be made up: not one of 100,000 forgeries is taken, and none is good for another purpose or key."""

import base64
from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from typing import Any

import pytest

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sealing import TokenKeys, token_keys
from drumbeat.domain.token import (
    Asked,
    answered_by,
    click_token,
    clicked_by,
    connector_token,
    feedback_token,
    hook_token,
    hooked_by,
    identified_by,
    message_id,
    open_token,
    opened_by,
    reported_on,
    return_path_token,
    returned_to,
    unsubscribe_token,
    unsubscribed_by,
)

OLD, NEW = "s" * 64, "n" * 64
BOTH = token_keys(f"{NEW}\n{OLD}")
KEY = EnrollmentKey(sequence=(1 << 26) - 1, contact=(1 << 48) - 1, run=3)
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
HEAD = 18
FORGERIES = 100_000
type Maker = Callable[[TokenKeys, int], str]
type Reader = Callable[[TokenKeys, str], Any]
KINDS: dict[str, tuple[Maker, Reader]] = {
    "open": (lambda keys, tenant: open_token(keys, tenant, KEY, 2, 17), opened_by),
    "click": (lambda keys, tenant: click_token(keys, tenant, KEY, 2, 17, "https://a.example/?b=1&c=2"), clicked_by),
    "unsubscribe": (lambda keys, tenant: unsubscribe_token(keys, tenant, 12), unsubscribed_by),
    "message": (lambda keys, tenant: message_id(keys, tenant, KEY, 2, "").strip("<@>"), identified_by),
    "feedback": (lambda keys, tenant: feedback_token(keys, tenant, KEY, 2, 5, 1, 17), reported_on),
    "return path": (lambda keys, tenant: return_path_token(keys, tenant, KEY, 2, 5, 1, 17), returned_to),
    "hook": (lambda keys, tenant: hook_token(keys, tenant, 17), hooked_by),
    "connector": (lambda keys, tenant: connector_token(keys, Asked(tenant, KEY, 2, 5, 3)), answered_by),
}
READERS = [reader for _, reader in KINDS.values()]


def test_no_forgery_of_a_hundred_thousand_is_taken():
    rng = Random(3)  # noqa: S311
    genuine = _genuine()
    forgeries = _forgeries(rng, genuine)

    for _ in range(FORGERIES):
        kind, forged = next(forgeries)
        readers = KINDS[kind][1], rng.choice(READERS)
        assert [reader(BOTH, forged) for reader in readers] == [None, None], (kind, forged)


def test_every_kind_of_token_is_good_for_its_own_purpose_only():
    for (kind, (make, _)), (other, (_, read)) in product(KINDS.items(), KINDS.items()):
        assert (read(BOTH, make(BOTH, 7)) is not None) == (kind == other), (kind, other)


@pytest.mark.parametrize("kind", KINDS)
def test_after_rotation_old_tokens_still_open_new_ones_are_made_by_the_new_key_and_a_retired_key_opens_nothing(kind):
    make, read = KINDS[kind]
    old, new = make(token_keys(OLD), 7), make(BOTH, 7)

    assert read(BOTH, old) == read(BOTH, new) is not None
    assert new == make(token_keys(NEW), 7) != old
    assert read(token_keys(NEW), old) is None


@pytest.mark.parametrize("text", ["", "=", "\u00e9", "a" * 10_000, "\x00", "....", "sample-token", "<@>", "\ud800"])
@pytest.mark.parametrize("kind", KINDS)
def test_anything_else_is_no_token(kind, text):
    assert KINDS[kind][1](BOTH, text) is None


def _genuine() -> dict[str, list[str]]:
    """Tokens of two tenants under two keys."""
    makings = list(product((BOTH, token_keys(OLD)), (7, 8)))
    return {kind: [make(*making) for making in makings] for kind, (make, _) in KINDS.items()}


def _forgeries(rng: Random, genuine: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Forged tokens without end, each with the kind that it wants to pass for."""
    forge = [_flipped, _cut, _longer, _spelled_otherwise, _spliced, _under_another_key]
    kinds, all_genuine = list(genuine), {token for tokens in genuine.values() for token in tokens}
    while True:
        kind = rng.choice(kinds)
        one, other = rng.choice(genuine[kind]), rng.choice(genuine[rng.choice(kinds)])
        forged = rng.choice(forge)(rng, one, other)
        if forged not in all_genuine:
            yield kind, forged


def _flipped(rng: Random, token: str, _other: str) -> str:
    raw = bytearray(_raw(token))
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return _spelled(raw)


def _cut(rng: Random, token: str, _other: str) -> str:
    return _spelled(_raw(token)[: rng.randrange(len(_raw(token)))])


def _longer(rng: Random, token: str, _other: str) -> str:
    return _spelled(_raw(token) + rng.randbytes(rng.randint(1, 8)))


def _spelled_otherwise(rng: Random, token: str, _other: str) -> str:
    place = rng.randrange(len(token))
    return token[:place] + rng.choice(SIGNS + "=+/ .") + token[place + rng.randint(0, 1) :]


def _spliced(rng: Random, token: str, other: str) -> str:
    """One token's digest over what another says: another tenant's, another purpose's or another key's."""
    at = rng.choice((1, 2, HEAD))
    return _spelled(_raw(token)[:at] + _raw(other)[at:])


def _under_another_key(rng: Random, token: str, _other: str) -> str:
    raw = bytearray(_raw(token))
    raw[1] = rng.choice([number for number in BOTH.secrets if number != raw[1]])
    return _spelled(raw)


def _raw(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _spelled(raw: bytes | bytearray) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
