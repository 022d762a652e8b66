"""GET /drumbeat/v1/unmatched-replies"""

import pytest

from drumbeat import bootstrap_signals
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.inbound_mail import MailKind
from drumbeat.domain.times import iso
from drumbeat.domain.unmatched_reply import UnmatchedReply, Why
from tests.contract.scene import tenant_of
from tests.world import new_tenant

AT = 1_795_251_600_000


@pytest.fixture
def called(stack):
    """A tenant with three of them."""
    caller = new_tenant()
    for place in range(3):
        known_by = f"{place:032x}"
        kept = UnmatchedReply(
            tenant_of(caller), 7, known_by, AT + place, MailKind.REPLY, Why.NO_REFERENCE, "x@y.example", f"Hi {place}"
        )
        assert bootstrap_signals.unmatched_replies().put(kept, AT)
        assert not bootstrap_signals.unmatched_replies().put(kept, AT)
    return lambda **query: caller("list_unmatched_replies", group="drumbeat", query=query), tenant_of(caller)


def test_what_is_nobodys_is_listed_the_latest_first(called):
    call, tenant = called

    rows = call().body

    assert [row["subject"] for row in rows] == ["Hi 2", "Hi 1", "Hi 0"]
    assert rows[0] == {
        "id": f"{AT + 2}.7.{2:032x}",
        "sender_id": resource_uuid(Kind.SENDER, tenant, 7),
        "received_at": iso(AT + 2),
        "kind": "reply",
        "why": "no_reference",
        "from": "x@y.example",
        "subject": "Hi 2",
    }


def test_a_list_goes_on_behind_what_was_seen(called):
    call, _ = called
    (first,) = call(limit="1").body

    assert [row["subject"] for row in call(after=first["id"]).body] == ["Hi 1", "Hi 0"]


@pytest.mark.parametrize("after", ["x", "1.2", "1.2.3.4", "-1.2.ab", "1" * 30 + ".1.ab"])
def test_what_is_no_id_is_refused(called, after):
    assert called[0](after=after).status == 422


def test_another_tenant_sees_its_own_only(called):
    assert new_tenant()("list_unmatched_replies", group="drumbeat").body == []
