"""Whoever gives a sender a mailbox, by whatever API, has it read; whoever takes it away has it left alone."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.inbox import InboxName
from tests.contract.scene import tenant_of
from tests.world import CREDENTIAL, campaign, new_tenant

IMAP = {"imap_host": "imap.acme.example", "imap_port": 993, "imap_username": "ann", "imap_password": "secret"}
SERVER = {"host": "imap.acme.example", "port": 993, "username": "ann", "password": "secret"}


@pytest.fixture
def caller(stack):
    return new_tenant()


def inboxes(caller):
    return bootstrap_signals.inboxes().all(tenant_of(caller))


def stopped(caller, sender):
    """As after three refused logins."""
    store = bootstrap_signals.inboxes()
    inbox = store.claim(InboxName(tenant_of(caller), sender), "w", 10**14)
    assert inbox is not None
    assert store.release(inbox, replace(inbox, owner=None, lease=None, due=None, refused_logins=3, trouble="no"))


def of_ampout(caller):
    made = caller("create_campaign", campaign(smtp_credentials=[CREDENTIAL | IMAP])).body["id"]
    sender = bootstrap.sequences().get(tenant_of(caller), resource_number(Kind.SEQUENCE, tenant_of(caller), made))
    return made, sender.senders[0]


def test_a_credential_of_a_new_campaign_is_read(caller):
    _, sender = of_ampout(caller)

    assert list(inboxes(caller)) == [sender]
    assert inboxes(caller)[sender].due is not None


def test_a_change_of_a_credential_has_a_mailbox_that_was_given_up_read_again(caller):
    made, number = of_ampout(caller)
    stopped(caller, number)
    assert inboxes(caller)[number].due is None
    tenant = tenant_of(caller)
    change = {"smtp_credential": {"imap_password": "new"}}
    answer = caller(
        "update_smtp_credential", change, campaign_id=made, credential_id=resource_uuid(Kind.SENDER, tenant, number)
    )

    assert answer.status == 200
    told = inboxes(caller)[number]
    assert (told.due is not None, told.refused_logins, told.trouble) == (True, 0, None)


def test_a_sender_of_ours_is_read_and_shows_what_is_in_the_way(caller):
    made, _ = of_ampout(caller)
    body = {
        "kind": "smtp", "from_email": "ann@acme.example", "smtp": SERVER, "imap": SERVER, "tagged_return_path": True,
    }  # fmt: skip
    answer = caller("create_sender", body, group="drumbeat", sequence_id=made)
    assert answer.status == 201, answer.body
    number = resource_number(Kind.SENDER, tenant_of(caller), answer.body["id"])
    stopped(caller, number)

    shown = caller("get_sender", group="drumbeat", sequence_id=made, sender_id=answer.body["id"]).body
    listed = caller("list_senders", group="drumbeat", sequence_id=made).body

    assert shown["imap"] == {
        "host": "imap.acme.example",
        "port": 993,
        "username": "ann",
        "polled_at": None,
        "next_poll_at": None,
        "trouble": "no",
    }
    assert shown["tagged_return_path"] is True
    assert [each["imap"]["trouble"] for each in listed] == [None, "no"]
    assert "secret" not in repr((shown, listed))


def test_ses_has_a_return_path_of_its_own(caller):
    made, _ = of_ampout(caller)
    body = {"kind": "ses", "from_email": "ann@acme.example", "tagged_return_path": True}

    assert caller("create_sender", body, group="drumbeat", sequence_id=made).status == 422


def test_a_deleted_credential_is_read_no_more(caller):
    made, number = of_ampout(caller)
    gone = resource_uuid(Kind.SENDER, tenant_of(caller), number)
    assert caller("delete_smtp_credential", campaign_id=made, credential_id=gone).status == 204

    assert inboxes(caller) == {}
