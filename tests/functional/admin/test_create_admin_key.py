"""admin/create_admin_key, invoked by an operator"""

import json

import pytest

from functions.admin.create_admin_key import handler
from tests.contract.scene import MISSING, everything, tenant_of
from tests.functional.myagentmail.account import INBOX
from tests.told_logs import logged
from tests.world import Caller, Context, new_tenant, tenant_id

EVENT = {"name": "laptop"}


@pytest.fixture
def made(stack):
    return handler(EVENT, Context())


def _ask(made, operation="list_inboxes", body=None, **headers):
    return Caller(made["api_key"])(operation, body, group="myagentmail", headers=headers)


def test_the_key_is_kept_nowhere(made):
    assert made["api_key"].startswith("sa_")
    assert made["api_key"] not in repr(everything())


def test_it_acts_for_the_tenant_that_the_call_names(made):
    tenant, other = new_tenant(), new_tenant()

    answer = _ask(made, "create_inbox", INBOX, **{"X-Tenant-Id": tenant_id(tenant)})

    assert answer.status == 201
    seen = [caller("list_inboxes", group="myagentmail").body["items"] for caller in (tenant, other)]
    assert seen == [[answer.body["inbox"]], []]


@pytest.mark.parametrize("name", ["x-tenant-id", "X-TENANT-ID"])
def test_the_header_s_case_does_not_matter(made, name):
    assert _ask(made, **{name: tenant_id(new_tenant())}).status == 200


def test_without_saying_for_whom_it_reaches_nothing(made):
    answers = [_ask(made), _ask(made, **{"X-Tenant-Id": ""})]

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(400, "bad_request")] * 2
    assert "X-Tenant-Id" in answers[0].body["error"]


def test_it_acts_for_nobody_who_is_not_there(made):
    inbox = new_tenant()("create_inbox", INBOX, group="myagentmail").body["inbox"]["id"]

    answers = [_ask(made, **{"X-Tenant-Id": spelled}) for spelled in (MISSING, "x", "0", inbox)]

    assert [(answer.status, answer.body["error"]) for answer in answers] == [(404, "Tenant not found.")] * 4


def test_a_repeated_call_is_repeated_for_the_tenant_it_acts_for(made):
    one, two = new_tenant(), new_tenant()

    answers = [
        _ask(made, "create_inbox", INBOX, **{"X-Tenant-Id": tenant_id(tenant), "Idempotency-Key": "same"})
        for tenant in (one, two, one)
    ]

    assert answers[0].body == answers[2].body != answers[1].body
    assert [len(tenant("list_inboxes", group="myagentmail").body["items"]) for tenant in (one, two)] == [1, 1]


def test_every_line_of_the_log_names_the_tenant_and_the_operator_s_key(made, log):
    tenant = new_tenant()

    _ask(made, **{"X-Tenant-Id": tenant_id(tenant)})

    (line,) = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["message"], line["tenant"], line["operator_key"]) == ("answered", tenant_of(tenant), made["number"])


@pytest.fixture
def log():
    """What the entry point writes."""
    with logged() as stream:
        yield stream


@pytest.mark.parametrize("event", [{}, {"label": "x"}])
def test_an_event_without_a_name_makes_nothing(stack, event):
    before = everything()

    with pytest.raises(KeyError):
        handler(event, Context())
    assert everything() == before
