"""POST /drumbeat/v1/suppressions/remove"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.application.suppression_list import Lifted
from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.suppression import SuppressionReason
from tests.contract.scene import everything, tenant_of
from tests.faults import MODES, dies
from tests.world import new_tenant

EMAIL = "p0@corp.example"


def _suppress(caller, *emails, reason="manual"):
    assert caller("suppress", {"emails": list(emails), "reason": reason}, group="drumbeat").status == 200


def _remove(caller, *emails, **body):
    return caller("unsuppress", {"emails": list(emails)} | body, group="drumbeat")


def _unsubscribed(scene):
    number = resource_number(Kind.CONTACT, tenant_of(scene.caller), scene.contact_id)
    stop_contact(
        bootstrap.signals(),
        bootstrap.enrollments(),
        tenant=tenant_of(scene.caller),
        contact=number,
        reason=SuppressionReason.UNSUBSCRIBE,
        now=7,
    )


def _is_suppressed(caller, email):
    return bootstrap.suppressions().find(tenant_of(caller), email) is not None


def test_each_row_is_told_what_became_of_it(caller):
    _suppress(caller, "a@corp.example", "b@corp.example")
    _suppress(caller, "c@corp.example", reason="complaint")

    answer = _remove(caller, "A@corp.example", "nobody", "c@corp.example", "d@corp.example", 7, "a@corp.example")

    assert answer.status == 200
    assert (answer.body["removed"], answer.body["notSuppressed"]) == ([0], [3, 5])
    assert [(row["row"], row["code"]) for row in answer.body["refused"]] == [(2, "recipients_own")]
    assert [(row["row"], row["code"]) for row in answer.body["rejected"]] == [
        (1, "invalid_email"),
        (4, "invalid_email"),
    ]
    assert [_is_suppressed(caller, f"{name}@corp.example") for name in "abc"] == [False, True, True]


@pytest.mark.parametrize("reason", ["unsubscribe", "complaint"])
def test_what_the_recipient_wanted_is_undone_only_if_the_recipient_asks(caller, reason):
    _suppress(caller, EMAIL, reason=reason)
    _suppress(caller, EMAIL)  # what somebody else wants too does not make it less the recipient's wish

    assert len(_remove(caller, EMAIL).body["refused"]) == 1
    assert _is_suppressed(caller, EMAIL)
    assert _remove(caller, EMAIL, recipientAsked=True).body["removed"] == [0]
    assert not _is_suppressed(caller, EMAIL)


@pytest.mark.parametrize("reason", ["manual", "bounce"])
def test_without_the_recipient_s_word_the_contact_stays_unsubscribed(scene, reason):
    _suppress(scene.caller, EMAIL, reason=reason)
    before = scene.call("get_contact").body["unsubscribed_at"]

    assert _remove(scene.caller, EMAIL).body["removed"] == [0]

    assert scene.call("get_contact").body["unsubscribed_at"] == before


def test_with_it_the_contact_may_be_mailed_again_but_no_enrollment_goes_on(scene):
    _unsubscribed(scene)
    enrolled = scene.call("list_enrollments").body

    assert _remove(scene.caller, EMAIL, recipientAsked=True).body["removed"] == [0]

    assert scene.call("get_contact").body["unsubscribed_at"] is None
    assert scene.call("list_enrollments").body == enrolled
    assert scene.call("dispatch_campaign").body["code"] == "no_pending_enrollments"


def test_a_contact_another_address_of_whom_is_suppressed_stays_unsubscribed(scene):
    tenant = tenant_of(scene.caller)
    number = resource_number(Kind.CONTACT, tenant, scene.contact_id)
    person = bootstrap.contacts().get(tenant, number)
    bootstrap.contacts().update(person, replace(person, other_emails=("second@corp.example",)))
    _unsubscribed(scene)

    first = _remove(scene.caller, EMAIL, recipientAsked=True).body
    between = scene.call("get_contact").body["unsubscribed_at"]
    second = _remove(scene.caller, "second@corp.example", recipientAsked=True).body

    assert (first["removed"], second["removed"]) == ([0], [0])
    assert between is not None
    assert scene.call("get_contact").body["unsubscribed_at"] is None


def test_a_contact_that_left_the_address_behind_is_freed_by_the_one_it_has(scene):
    _unsubscribed(scene)
    scene.call("update_contact", body={"contact": {"email": "elsewhere@corp.example"}})

    assert _remove(scene.caller, "elsewhere@corp.example", recipientAsked=True).body["removed"] == [0]

    assert scene.call("get_contact").body["unsubscribed_at"] is None
    assert _is_suppressed(scene.caller, EMAIL)


def test_another_tenant_s_list_is_not_touched(caller):
    _suppress(caller, EMAIL)

    assert _remove(new_tenant(), EMAIL, recipientAsked=True).body["notSuppressed"] == [0]
    assert _is_suppressed(caller, EMAIL)


@pytest.mark.parametrize(
    "body",
    [
        {"emails": []},
        {"emails": ["a@b.example"] * 201},
        {"emails": "a@b.example"},
        {"emails": ["a@b.example"], "recipientAsked": "yes"},
        {"emails": ["a@b.example"], "recipient_asked": True},
    ],
)
def test_what_can_not_be_understood_is_refused_and_nothing_is_written(caller, body):
    caller("list_campaigns")
    before = everything()

    assert caller("unsuppress", body, group="drumbeat").status == 422
    assert everything() == before


@MODES
@pytest.mark.parametrize("at", range(1, 6))
def test_a_crash_leaves_address_and_contact_together_and_a_repetition_finishes(scene, at, after):
    _unsubscribed(scene)
    tenant, store = tenant_of(scene.caller), bootstrap.suppressions()

    def lifted():
        return store.lift(tenant, EMAIL, recipient_asked=True, now=9)

    dies(lifted, at, after=after)
    left = _is_suppressed(scene.caller, EMAIL), scene.call("get_contact").body["unsubscribed_at"] is not None
    lifted()

    assert left in {(True, True), (False, False)}
    assert not _is_suppressed(scene.caller, EMAIL)
    assert scene.call("get_contact").body["unsubscribed_at"] is None


def test_who_unsubscribes_while_somebody_takes_the_address_off_stays_on(scene, monkeypatch):
    _suppress(scene.caller, EMAIL)
    store = bootstrap.suppressions()
    table = type(store.table)
    asked = table.get

    def unsubscribing(self, key, **options):
        found = asked(self, key, **options)
        monkeypatch.setattr(table, "get", asked)
        _unsubscribed(scene)
        return found

    monkeypatch.setattr(table, "get", unsubscribing)
    told = store.lift(tenant_of(scene.caller), EMAIL, recipient_asked=False, now=9)

    assert told is Lifted.RECIPIENTS_OWN
    assert _is_suppressed(scene.caller, EMAIL)
