"""admin/delete_admin_key, invoked by an operator"""

import pytest

from drumbeat.domain.errors import NotFound
from drumbeat.entrypoints import keys
from functions.admin.create_admin_key import handler as create
from functions.admin.delete_admin_key import handler
from tests.world import Caller, Context, new_tenant, tenant_id


def _status(made, tenant):
    return Caller(made["api_key"])(
        "list_inboxes", group="myagentmail", headers={"X-Tenant-Id": tenant_id(tenant)}
    ).status


def test_a_revoked_key_acts_for_nobody_any_more(stack):
    tenant, made, other = new_tenant(), create({"name": "lost"}, Context()), create({"name": "kept"}, Context())

    handler({"number": made["number"]}, Context())
    keys.forget()

    assert (_status(made, tenant), _status(other, tenant)) == (401, 200)


def test_a_key_that_is_not_there_is_named(stack):
    with pytest.raises(NotFound):
        handler({"number": 10**9}, Context())
