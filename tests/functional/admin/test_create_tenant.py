"""admin/create_tenant, invoked by an operator"""

import pytest

from functions.admin.create_tenant import handler
from tests.contract.scene import everything
from tests.world import Caller, Context

EVENT = {"name": "Acme", "email": "ops@acme.example"}


def test_the_first_key_of_a_tenant_reaches_everything(stack):
    made = handler(EVENT, Context())

    (key,) = Caller(made["api_key"])("list_api_keys").body
    assert key["scopes"] == ["*"]


def test_the_key_is_kept_nowhere(stack):
    made = handler(EVENT, Context())

    assert made["api_key"] not in repr(everything())


def test_two_tenants_share_nothing(stack):
    one, two = handler(EVENT, Context()), handler(EVENT, Context())
    Caller(one["api_key"])("create_outreach", {"outreach": {"name": "mine"}})

    assert one["tenant_id"] != two["tenant_id"]
    assert Caller(two["api_key"])("list_outreaches").body == []


@pytest.mark.parametrize("missing", EVENT)
def test_an_event_without_a_name_or_address_makes_nothing(stack, missing):
    before = everything()

    with pytest.raises(KeyError):
        handler({name: value for name, value in EVENT.items() if name != missing}, Context())
    assert everything() == before
