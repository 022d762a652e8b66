"""The address that bounces go to: as long as the standard allows, and read back from wherever it stands."""

import pytest

from drumbeat.domain.return_path import tagged, token_of

TOKEN = "AbC-_09" * 5


@pytest.mark.parametrize("address", ["ann@acme.example", "ann+x@acme.example", "a.b@sub.acme.example"])
def test_a_token_comes_back_from_the_address_it_was_put_into(address):
    made = tagged(address, TOKEN)

    assert token_of(made) == token_of(f"<{made}>") == TOKEN
    assert made.endswith(address.partition("@")[2])


def test_what_would_be_longer_than_64_signs_stays_as_it_is():
    fits = "a" * (64 - 3 - len(TOKEN))

    assert tagged(f"{fits}@x.example", TOKEN) == f"{fits}+b-{TOKEN}@x.example"
    assert tagged(f"{fits}a@x.example", TOKEN) == f"{fits}a@x.example"


@pytest.mark.parametrize("address", ["", "ann@acme.example", "+b-@x", "ann+b-" + "A" * 81 + "@x", "ann+b-A B@x"])
def test_other_addresses_hold_no_token(address):
    assert token_of(address) is None
