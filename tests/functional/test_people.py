"""Contacts as users keep them: addresses that are locked, opt-outs that stand, and many at once."""

import contextlib
from dataclasses import replace

import pytest

from drumbeat import bootstrap, bootstrap_accounts
from drumbeat.application.contacts import delete_contacts
from drumbeat.application.people import change_contact, change_contacts, create_contact, opted_in, opted_out
from drumbeat.application.suppression_list import Unwanted, suppress_many
from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.batch import Outcome
from drumbeat.domain.contact import with_addresses
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import EmailTaken, NotFound, OptOutStands, StoreBusy, UnknownLink
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.user import User
from tests.faults import Crash, fault
from tests.stage import SEQUENCE, TENANT

DONE = Outcome()


@pytest.fixture
def ports(stage, server):
    stage.open([server], contacts=3)
    bootstrap.numbers().take(TENANT, Kind.CONTACT, 3)
    return bootstrap.people_ports()


def made(ports, *emails, intent=None, **given):
    def fill(empty):
        return with_addresses(replace(empty, **given), emails)

    return create_contact(ports, tenant=TENANT, fill=fill, intent=intent, now=50)


def changed(ports, number, change, now=60):
    return change_contact(ports, tenant=TENANT, number=number, change=change, now=now)


def state(contact=1):
    return bootstrap.enrollments().get(TENANT, EnrollmentKey(SEQUENCE, contact)).state


def addresses(*emails):
    return lambda contact: with_addresses(contact, emails)


def out(contact):
    return opted_out(contact, 60)


def test_a_contact_is_kept_with_all_its_addresses(ports):
    contact = made(ports, "a@corp.example", "b@corp.example", tags=("x",))

    assert bootstrap.contacts().get(TENANT, contact.number) == contact
    assert (contact.email, contact.other_emails, contact.import_number) == ("a@corp.example", ("b@corp.example",), 0)


@pytest.mark.parametrize("taken", ["A@corp.example", "B@CORP.example"])
def test_any_address_of_another_contact_is_refused(ports, taken):
    made(ports, "a@corp.example", "b@corp.example")
    other = made(ports, "c@corp.example")

    with pytest.raises(EmailTaken):
        made(ports, "d@corp.example", taken)
    with pytest.raises(EmailTaken):
        changed(ports, other.number, addresses("c@corp.example", taken))

    assert bootstrap.contacts().get(TENANT, other.number) == other
    assert made(ports, "d@corp.example").email == "d@corp.example"


def test_addresses_that_are_given_up_are_free(ports):
    contact = made(ports, "a@corp.example", "b@corp.example")
    changed(ports, contact.number, addresses("b@corp.example", "c@corp.example"))

    assert made(ports, "a@corp.example").email == "a@corp.example"
    changed(ports, contact.number, addresses())
    assert made(ports, "c@corp.example", "b@corp.example").email == "c@corp.example"
    assert bootstrap.contacts().get(TENANT, contact.number).addresses == ()


def test_the_same_intent_makes_one_contact(ports):
    first = made(ports, "a@corp.example", intent="i")

    assert made(ports, "a@corp.example", intent="i") == first


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("after", [False, True])
def test_a_create_that_is_made_again_after_a_crash_makes_one_contact(ports, at, after):
    with fault(at, after=after), contextlib.suppress(Crash):
        made(ports, "a@corp.example", "b@corp.example", intent="i")

    contact = made(ports, "a@corp.example", "b@corp.example", intent="i")

    found = [
        each for page in bootstrap.contact_search().search(TENANT, ()) for each in page.records if each.other_emails
    ]
    assert found == [contact]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"owner": 9}, "owner"), ({"assigned": (9,)}, "assigned"), ({"company_number": 9}, "company_number")],
)
def test_a_link_that_leads_nowhere_is_refused(ports, given, field):
    with pytest.raises(UnknownLink) as refusal:
        made(ports, "a@corp.example", **given)
    assert refusal.value.field == field
    with pytest.raises(UnknownLink):
        changed(ports, 1, lambda contact: replace(contact, **given))
    assert getattr(bootstrap.contacts().get(TENANT, 1), field) in {None, ()}


def test_a_link_to_what_exists_is_kept(ports):
    bootstrap.users().create(User(TENANT, 9, "u@corp.example", None, None, 5, 5), intent=None, now=5)

    assert changed(ports, 1, lambda contact: replace(contact, owner=9, assigned=(9,))).assigned == (9,)


def test_whoever_is_opted_out_is_marked_and_taken_out_of_its_sequences(ports):
    contact = changed(ports, 1, out)

    assert (contact.unsubscribed_at, contact.updated_at, contact.revision) == (60, 60, 1)
    assert state() is EnrollmentState.UNSUBSCRIBED


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 6))
def test_an_opt_out_that_is_made_again_after_a_crash_stops_everything(ports, at, after):
    def act():
        return change_contacts(ports, tenant=TENANT, numbers=[1, 999, 2], change=out, now=60)

    with fault(at, after=after), contextlib.suppress(Crash):
        act()

    assert [outcome.code for outcome in act()] == [None, "NOT_FOUND", None]
    assert (state(1), state(2)) == (EnrollmentState.UNSUBSCRIBED, EnrollmentState.UNSUBSCRIBED)
    assert {bootstrap.contacts().get(TENANT, number).revision for number in (1, 2)} == {1}


def test_an_opt_out_of_a_user_can_be_taken_back(ports):
    changed(ports, 1, out)

    assert changed(ports, 1, opted_in, now=70).unsubscribed_at is None
    assert state() is EnrollmentState.UNSUBSCRIBED  # whoever was taken out is not put back in


def clicked(ports):
    stop_contact(
        ports.signals, ports.enrollments, tenant=TENANT, contact=1, reason=SuppressionReason.UNSUBSCRIBE, now=55
    )


def clicked_after_a_user_s_opt_out(ports):
    changed(ports, 1, out, now=50)
    clicked(ports)


def suppress(email, now):
    ports = bootstrap_accounts.suppress_ports()
    unwanted = [Unwanted(email.lower(), SuppressionReason.MANUAL, None)]
    suppress_many(ports, tenant=TENANT, unwanted=unwanted, out_of_time=lambda: False, now=now)


def suppressed(ports):
    suppress("p1@corp.example", now=55)


def suppressed_after_a_user_s_opt_out(ports):
    changed(ports, 1, out, now=50)
    suppressed(ports)


def moved_away_from_what_is_suppressed(ports):
    clicked(ports)
    changed(ports, 1, addresses("new@corp.example"))


def given_a_suppressed_address_too(ports):
    suppress("gone@corp.example", now=55)
    changed(ports, 1, addresses("p1@corp.example", "gone@corp.example"))
    changed(ports, 1, addresses("p1@corp.example"))


@pytest.mark.parametrize(
    "stop",
    [
        clicked,
        clicked_after_a_user_s_opt_out,
        suppressed,
        suppressed_after_a_user_s_opt_out,
        moved_away_from_what_is_suppressed,
        given_a_suppressed_address_too,
    ],
)
def test_no_user_undoes_what_the_person_or_the_operator_stopped(ports, stop):
    stop(ports)
    before = bootstrap.contacts().get(TENANT, 1)

    with pytest.raises(OptOutStands):
        changed(ports, 1, opted_in, now=70)

    refused = Outcome("OPT_OUT_STANDS", "Mail to this contact, or to one of its addresses, was stopped for good.")
    assert change_contacts(ports, tenant=TENANT, numbers=[1], change=opted_in, now=70) == [refused]
    assert bootstrap.contacts().get(TENANT, 1) == before
    assert before.unsubscribed_at is not None


def test_stopping_a_contact_stops_all_its_addresses(ports):
    contact = made(ports, "a@corp.example", "b@corp.example")
    stop_contact(
        ports.signals,
        ports.enrollments,
        tenant=TENANT,
        contact=contact.number,
        reason=SuppressionReason.UNSUBSCRIBE,
        now=55,
    )
    delete_contacts(bootstrap.delete_ports(), tenant=TENANT, numbers=[contact.number])

    assert made(ports, "b@corp.example").unsubscribed_at == 55


def test_suppressing_any_address_stops_its_contact(ports):
    changed(ports, 1, addresses("p1@corp.example", "b@corp.example"))

    suppress("B@corp.example", now=70)

    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == 70
    assert state() is EnrollmentState.UNSUBSCRIBED


def test_whoever_is_given_a_suppressed_address_leaves_its_sequences(ports):
    suppress("gone@corp.example", now=55)

    changed(ports, 1, addresses("p1@corp.example", "gone@corp.example"))

    assert state() is EnrollmentState.UNSUBSCRIBED


def test_many_are_changed_each_on_its_own(ports):
    def tagged(contact):
        return replace(contact, tags=(*contact.tags, "new")) if "new" not in contact.tags else contact

    outcomes = change_contacts(ports, tenant=TENANT, numbers=[3, 999, 1], change=tagged, now=60)
    again = change_contacts(ports, tenant=TENANT, numbers=[3, 999, 1], change=tagged, now=70)

    assert [outcome.code for outcome in outcomes] == [None, "NOT_FOUND", None]
    assert again == outcomes
    assert [bootstrap.contacts().get(TENANT, number).revision for number in (1, 3)] == [1, 1]


def test_many_are_opted_out_and_taken_out_and_asked_in_again(ports):
    assert change_contacts(ports, tenant=TENANT, numbers=[1, 2], change=out, now=60) == [DONE, DONE]
    assert (state(1), state(2)) == (EnrollmentState.UNSUBSCRIBED, EnrollmentState.UNSUBSCRIBED)

    clicked(ports)
    outcomes = change_contacts(ports, tenant=TENANT, numbers=[1, 2, 999], change=opted_in, now=70)

    assert [outcome.code for outcome in outcomes] == ["OPT_OUT_STANDS", None, "NOT_FOUND"]
    assert bootstrap.contacts().get(TENANT, 2).unsubscribed_at is None


def test_an_opt_out_that_comes_while_a_change_is_written_is_not_lost(ports):
    def meanwhile(contact):
        if contact.unsubscribed_at is None:
            clicked(ports)
        return replace(contact, first_name="Zoë")

    assert changed(ports, 1, meanwhile).unsubscribed_at == 55
    assert bootstrap.contacts().get(TENANT, 1).first_name == "Zoë"


def test_a_contact_that_never_stands_still_is_given_up_without_harm(ports):
    def disturbed(contact):
        ports.contacts.change(TENANT, [1], lambda other: replace(other, owner=other.revision), now=8)
        return replace(contact, first_name="Zoë")

    with pytest.raises(StoreBusy):
        changed(ports, 1, disturbed)

    assert bootstrap.contacts().get(TENANT, 1).first_name == "P1"


def test_whoever_is_not_there_cannot_be_changed(ports):
    with pytest.raises(NotFound):
        changed(ports, 999, out)


def test_many_are_deleted_with_their_enrollments_and_free_their_addresses(ports):
    delete_contacts(bootstrap.delete_ports(), tenant=TENANT, numbers=[1, 999, 2])
    delete_contacts(bootstrap.delete_ports(), tenant=TENANT, numbers=[1, 2])

    assert bootstrap.contacts().get_some(TENANT, [1, 2, 3]).keys() == {3}
    assert bootstrap.enrollments().of_contacts(TENANT, [1, 2]) == []
    assert made(ports, "p1@corp.example").email == "p1@corp.example"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
def test_a_deletion_that_is_made_again_after_a_crash_leaves_nothing(ports, at, after):
    def act():
        delete_contacts(bootstrap.delete_ports(), tenant=TENANT, numbers=[1, 2])

    with fault(at, after=after), contextlib.suppress(Crash):
        act()
    act()

    assert bootstrap.contacts().get_some(TENANT, [1, 2]) == {}
    assert bootstrap.enrollments().of_contacts(TENANT, [1, 2]) == []
    assert made(ports, "p1@corp.example", "p2@corp.example").other_emails == ("p2@corp.example",)


@pytest.fixture
def a_hundred(ports):
    start = made(ports, "first@corp.example").number + 1
    return [made(ports, f"m{place}@corp.example").number for place in range(start, start + 100)]


def test_a_hundred_changes_take_five_requests(ports, a_hundred):
    with fault(0, after=False) as seen:
        change_contacts(ports, tenant=TENANT, numbers=a_hundred, change=lambda c: replace(c, owner=3), now=60)

    assert seen.calls == ["BatchGetItem", *["BatchExecuteStatement"] * 4]


def test_a_hundred_deletions_take_few_requests(ports, a_hundred):
    with fault(0, after=False) as seen:
        delete_contacts(bootstrap.delete_ports(), tenant=TENANT, numbers=a_hundred)

    assert seen.calls == ["GetItem", "BatchGetItem", "BatchGetItem", "TransactWriteItems", "TransactWriteItems"]
