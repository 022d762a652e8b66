"""Ids: each names one thing of one tenant, and nothing else does."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain import ids
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_key, enrollment_uuid, resource_number, resource_uuid

FIRST_CONTACT = "2fd0232e-f642-830b-b395-1a7d52232f3a"
FIRST_ENROLLMENT = "05007582-256b-85ee-9240-6486788b372c"
KINDS = st.sampled_from([kind for kind in Kind if kind is not Kind.ENROLLMENT])
TENANTS = st.integers(0, (1 << ids.TENANT_BITS) - 1)
NUMBERS = st.integers(0, (1 << ids.NUMBER_BITS) - 1)
ENROLLMENTS = st.builds(
    EnrollmentKey,
    sequence=st.integers(0, (1 << ids.SEQUENCE_BITS) - 1),
    contact=st.integers(0, (1 << ids.CONTACT_BITS) - 1),
    run=st.integers(0, (1 << ids.RUN_BITS) - 1),
)


@given(KINDS, TENANTS, NUMBERS)
def test_a_resource_s_id_leads_back_to_it(kind, tenant, number):
    assert resource_number(kind, tenant, resource_uuid(kind, tenant, number)) == number


@given(TENANTS, ENROLLMENTS)
def test_an_enrollment_s_id_leads_back_to_it(tenant, key):
    assert enrollment_key(tenant, enrollment_uuid(tenant, key)) == key


@given(KINDS, TENANTS, NUMBERS)
def test_an_id_is_a_uuid_of_version_8_in_its_usual_spelling(kind, tenant, number):
    spelled = resource_uuid(kind, tenant, number)

    parsed = UUID(spelled)
    assert (str(parsed), parsed.version, parsed.variant) == (spelled, 8, "specified in RFC 4122")


@given(KINDS, TENANTS, NUMBERS, KINDS)
def test_an_id_of_one_kind_is_none_of_another(kind, tenant, number, other):
    spelled = resource_uuid(kind, tenant, number)

    assert (resource_number(other, tenant, spelled) is None) == (other is not kind)
    assert enrollment_key(tenant, spelled) is None


@given(KINDS, TENANTS, NUMBERS, TENANTS)
def test_an_id_of_one_tenant_is_none_of_another(kind, tenant, number, other):
    spelled = resource_uuid(kind, tenant, number)

    assert (resource_number(kind, other, spelled) is None) == (other != tenant)


@given(TENANTS, ENROLLMENTS, TENANTS, KINDS)
def test_an_enrollment_s_id_is_nothing_else_s(tenant, key, other, kind):
    spelled = enrollment_uuid(tenant, key)

    assert (enrollment_key(other, spelled) is None) == (other != tenant)
    assert resource_number(kind, tenant, spelled) is None


@given(KINDS, TENANTS, NUMBERS, st.integers(0, 127))
def test_an_id_with_one_bit_changed_is_not_the_same_thing(kind, tenant, number, bit):
    changed = str(UUID(int=UUID(resource_uuid(kind, tenant, number)).int ^ 1 << bit))

    assert resource_number(kind, tenant, changed) != number


def test_neighbours_have_ids_that_do_not_look_alike():
    spelled = [resource_uuid(Kind.CONTACT, 1, number) for number in range(1, 200)]

    assert len({text[:8] for text in spelled}) == len(spelled)
    assert len({text[-8:] for text in spelled}) == len(spelled)


@given(KINDS, TENANTS, NUMBERS)
def test_capitals_are_the_same_id(kind, tenant, number):
    assert resource_number(kind, tenant, resource_uuid(kind, tenant, number).upper()) == number


@given(KINDS, TENANTS, NUMBERS)
def test_other_spellings_of_a_uuid_are_no_ids(kind, tenant, number):
    spelled = resource_uuid(kind, tenant, number)

    for other in (spelled.replace("-", ""), f"{{{spelled}}}", f"urn:uuid:{spelled}", f" {spelled}", f"{spelled}\n"):
        assert resource_number(kind, tenant, other) is None


@given(st.text() | st.text("0123456789abcdef-", max_size=40) | st.uuids().map(str))
def test_any_other_text_is_no_id_and_no_trouble(text):
    assert resource_number(Kind.CONTACT, 1, text) is None
    assert enrollment_key(1, text) is None


@pytest.mark.parametrize("number", [-1, 1 << ids.NUMBER_BITS])
def test_a_number_that_does_not_fit_is_refused_instead_of_naming_something_else(number):
    with pytest.raises(OverflowError):
        resource_uuid(Kind.CONTACT, 1, number)
    with pytest.raises(OverflowError):
        resource_uuid(Kind.CONTACT, 1 << ids.TENANT_BITS, 1)


@pytest.mark.parametrize(
    "key",
    [EnrollmentKey(1 << ids.SEQUENCE_BITS, 1), EnrollmentKey(1, 1 << ids.CONTACT_BITS), EnrollmentKey(1, 1, 1024)],
)
def test_an_enrollment_that_does_not_fit_is_refused(key):
    with pytest.raises(OverflowError):
        enrollment_uuid(1, key)


def test_ids_never_change_their_spelling():
    """Clients have stored them: a change here breaks every id ever handed out."""
    assert resource_uuid(Kind.CONTACT, 1, 1) == FIRST_CONTACT
    assert enrollment_uuid(1, EnrollmentKey(1, 1)) == FIRST_ENROLLMENT
