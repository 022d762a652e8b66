"""admin/set_plan, invoked by an operator"""

import pytest

from drumbeat.domain.errors import NotFound, ValidationFailed
from functions.admin.set_plan import handler
from tests.contract.scene import everything
from tests.world import Context, new_tenant, tenant_id

PLAN = {"slug": "starter", "name": "Starter", "tier": "paid", "monthly_limit": 500}


def _given(caller, **changes):
    return handler({"tenant_id": tenant_id(caller)} | PLAN | changes, Context())


def test_a_plan_is_the_tenant_s_own_and_can_be_taken_back(stack):
    caller, other = new_tenant(), new_tenant()

    _given(caller)
    limited = [client("get_subscription").body["plan"]["monthly_limit"] for client in (caller, other)]
    _given(caller, monthly_limit=None)

    assert limited == [500, None]
    assert caller("get_subscription").body["plan"] == PLAN | {"monthly_limit": None}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"tenant_id": "nobody"}, NotFound),
        ({"tenant_id": "00000000-0000-8000-8000-000000000000"}, NotFound),
        ({"monthly_limit": -1}, ValidationFailed),
        ({"monthly_limit": True}, ValidationFailed),
        ({"slug": ""}, ValidationFailed),
        ({"colour": "red"}, ValidationFailed),
    ],
)
def test_a_plan_that_is_none_is_refused_and_changes_nothing(stack, changes, refusal):
    caller = new_tenant()
    before = everything()

    with pytest.raises(refusal):
        _given(caller, **changes)

    assert everything() == before
