"""API keys: their text, and what they reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.ids import TENANT_BITS
from drumbeat.domain.tenant import SECRET_BYTES, ApiKey, KeyPrefix, key_digest, spell_key, tenant_of_key

SECRETS = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
TENANTS = st.integers(0, (1 << TENANT_BITS) - 1)
KEY_PREFIX = KeyPrefix.LIVE
PREFIXES = st.sampled_from(KeyPrefix)
KEY = spell_key(7, bytes(range(SECRET_BYTES)))


@given(TENANTS, SECRETS, PREFIXES)
def test_a_key_names_its_tenant(tenant, secret, prefix):
    assert tenant_of_key(spell_key(tenant, secret, prefix)) == tenant


@given(TENANTS, SECRETS, PREFIXES)
def test_a_key_is_one_word_that_scanners_recognise(tenant, secret, prefix):
    key = spell_key(tenant, secret, prefix)

    assert key.startswith(prefix)
    assert key.replace("_", "").isalnum()
    assert key.isascii()
    assert len(key) - len(prefix) == len(KEY) - len(KEY_PREFIX)


@given(SECRETS)
def test_keys_with_other_prefixes_are_other_keys(secret):
    spelled = [spell_key(7, secret, prefix) for prefix in KeyPrefix]

    assert len({key_digest(text) for text in spelled}) == len(KeyPrefix)


@pytest.mark.parametrize("prefix", ["", "xx_", "TK_", "tk", "ak_live", "_", "tk_tk_"])
def test_a_key_with_a_prefix_of_nobody_s_is_none(prefix):
    assert tenant_of_key(prefix + KEY[len(KEY_PREFIX) :]) is None


@given(TENANTS, SECRETS, SECRETS)
def test_other_random_bits_make_another_key(tenant, one, other):
    assert (spell_key(tenant, one) == spell_key(tenant, other)) == (one == other)


@given(st.integers(len(KEY_PREFIX), len(KEY) - 1), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_mistyped_key_is_recognised_without_a_look_up(place, letter):
    mistyped = KEY[:place] + letter + KEY[place + 1 :]

    assert (tenant_of_key(mistyped) is None) == (mistyped != KEY)


@pytest.mark.parametrize("place", range(len(KEY_PREFIX), len(KEY) - 1))
def test_two_letters_in_the_wrong_order_are_recognised(place):
    swapped = KEY[:place] + KEY[place + 1] + KEY[place] + KEY[place + 2 :]

    assert swapped == KEY or tenant_of_key(swapped) is None


@given(
    st.text() | st.text().map(lambda text: KEY_PREFIX + text) | st.binary().map(lambda raw: KEY + raw.decode("latin1"))
)
def test_any_other_text_is_no_key_and_no_trouble(text):
    assert text == KEY or tenant_of_key(text) is None


@pytest.mark.parametrize(
    "text", [KEY[:-1], f"{KEY} ", f" {KEY}", KEY.upper(), KEY[len(KEY_PREFIX) :], f"{KEY_PREFIX}{KEY}"]
)
def test_a_key_that_is_nearly_right_is_none(text):
    assert tenant_of_key(text) is None


@pytest.mark.parametrize("length", [0, SECRET_BYTES - 1, SECRET_BYTES + 1])
def test_a_key_takes_exactly_its_random_bytes(length):
    with pytest.raises(ValueError, match="random bytes"):
        spell_key(1, bytes(length))


def test_what_is_kept_of_a_key_does_not_contain_it():
    assert KEY not in key_digest(KEY)
    assert len(key_digest(KEY)) == 64
    assert key_digest("\ud800")


@pytest.mark.parametrize(
    ("scopes", "asked", "reached"),
    [
        (("*",), "campaigns:write", True),
        (("campaigns:write",), "campaigns:write", True),
        (("campaigns:write",), "campaigns:read", False),
        (("campaigns:read",), "campaigns:write", False),
        (("contacts:read", "campaigns:read"), "campaigns:read", True),
        ((), "campaigns:read", False),
    ],
)
def test_a_key_reaches_what_it_names_and_nothing_else(scopes, asked, reached):
    assert ApiKey(1, 1, "", "", None, "direct", scopes, 0).reaches(asked) is reached


def test_an_operator_s_key_works_for_whom_it_acts_and_stays_the_operator_s():
    key = ApiKey(0, 5, "", "sa_", None, "direct", ("*",), 0)

    acting = key.acting_for(7)

    assert key.is_operators
    assert (acting.tenant, acting.operator, acting.is_operators, acting.reach.is_whole) == (7, 5, False, True)
