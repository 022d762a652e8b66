"""API keys: their text, and what they reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.ids import TENANT_BITS
from drumbeat.domain.tenant import KEY_PREFIX, SECRET_BYTES, ApiKey, key_digest, spell_key, tenant_of_key

SECRETS = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
TENANTS = st.integers(0, (1 << TENANT_BITS) - 1)
KEY = spell_key(7, bytes(range(SECRET_BYTES)))


@given(TENANTS, SECRETS)
def test_a_key_names_its_tenant(tenant, secret):
    assert tenant_of_key(spell_key(tenant, secret)) == tenant


@given(TENANTS, SECRETS)
def test_a_key_is_one_word_that_scanners_recognise(tenant, secret):
    key = spell_key(tenant, secret)

    assert key.startswith(KEY_PREFIX)
    assert key.replace("_", "").isalnum()
    assert key.isascii()
    assert len(key) == len(KEY)


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
