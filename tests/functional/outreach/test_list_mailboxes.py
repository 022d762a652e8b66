"""GET /api/v2/mailboxes"""

from tests.functional.outreach.furniture import found, made, mailbox
from tests.world import started


def test_mailboxes_are_found_by_address_and_by_user(call):
    user = made(call, "user", {"email": "ann@acme.example"})
    first, second = mailbox(call, email="b@acme.example"), mailbox(call, email="a@acme.example")
    call("update_mailbox", {"data": {"relationships": {"user": {"data": {"id": user}}}}}, id=str(second))

    assert found(call, "mailboxes") == [first, second]
    assert found(call, "mailboxes", sort="email") == [second, first]
    assert found(call, "mailboxes", **{"filter[email]": "b@acme.example"}) == [first]
    assert found(call, "mailboxes", **{"filter[userId]": str(user)}) == [second]
    assert found(call, "mailboxes", **{"filter[user][id]": str(user)}) == [second]


def test_the_senders_of_a_campaign_are_mailboxes_too(call):
    started(call.func)

    assert len(found(call, "mailboxes")) == 1


def test_nobody_sees_another_tenant_s(call, other):
    mailbox(call)

    assert found(other, "mailboxes") == []
