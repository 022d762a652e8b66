"""GET /campaigns/{campaign_id}/skips"""

import pytest

from tests.contract.scene import unsubscribed
from tests.world import campaign, imported, new_tenant, people


@pytest.fixture(scope="module")
def skipped(stack):
    """A campaign that skipped a sibling's contact, one of its own, and one that has unsubscribed."""
    caller = new_tenant()
    outreach = caller("create_outreach", {"outreach": {"name": "x", "unique_contacts": True}}).body["id"]
    sibling, made = (caller("create_campaign", campaign(outreach_id=outreach)).body["id"] for _ in range(2))
    rows = imported(caller, people(4))
    ids = [contact["id"] for contact in caller("list_contact_import_contacts", import_id=rows).body]
    caller("enroll_contact", {"contact_id": ids[0]}, campaign_id=sibling)
    caller("enroll_contact", {"contact_id": ids[1]}, campaign_id=made)
    unsubscribed(caller, ids[2])
    assert caller("enroll", {"contact_import_id": rows}, campaign_id=made).body["enrolled"] == 1
    return lambda **query: caller("list_skips", campaign_id=made, query=query)


def _kinds(answer):
    return [(row["email"], row["kind"]) for row in answer.body]


def test_who_was_skipped_is_listed_with_the_kind(skipped):
    assert _kinds(skipped()) == [
        ("p0@corp.example", "cross_campaign_duplicate"),
        ("p1@corp.example", "already_enrolled"),
    ]


@pytest.mark.parametrize("kind", ["cross_campaign_duplicate", "already_enrolled", "mx_invalid"])
def test_a_kind_finds_its_own_only(skipped, kind):
    assert {found for _, found in _kinds(skipped(kind=kind))} <= {kind}
    assert len(skipped(kind=kind).body) == (0 if kind == "mx_invalid" else 1)


def test_a_limit_limits(skipped):
    assert len(skipped(limit="1").body) == 1


def test_a_record_keeps_its_id_from_call_to_call(skipped):
    assert skipped().body == skipped().body
    assert len({row["id"] for row in skipped().body}) == 2


@pytest.mark.parametrize(("name", "value"), [("kind", "unsubscribed"), ("kind", "x"), ("limit", "0"), ("limit", "x")])
def test_a_parameter_that_makes_no_sense_is_named(skipped, name, value):
    answer = skipped(**{name: value})

    assert (answer.status, answer.body["details"]["errors"][0]["field"]) == (422, name)


def test_of_a_skipped_contact_that_was_deleted_nothing_is_told(stack):
    caller = new_tenant()
    outreach = caller("create_outreach", {"outreach": {"name": "x", "unique_contacts": True}}).body["id"]
    made = caller("create_campaign", campaign(outreach_id=outreach)).body["id"]
    rows = imported(caller, people(2))
    first, _ = caller("list_contact_import_contacts", import_id=rows).body
    for _ in range(2):
        caller("enroll", {"contact_import_id": rows}, campaign_id=made)

    caller("delete_contact", contact_id=first["id"])

    assert _kinds(caller("list_skips", campaign_id=made)) == [("p1@corp.example", "already_enrolled")]
