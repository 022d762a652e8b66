"""Julian's ids: each leads back to one thing of one tenant, and no other text leads anywhere."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.dialects.julian.ids import agent_id, agent_number, call_id, sequence_id, sequence_key
from drumbeat.domain import ids
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, Kind, resource_uuid

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
TENANTS = st.integers(0, (1 << ids.TENANT_BITS) - 1)
NUMBERS = st.integers(0, (1 << ids.NUMBER_BITS) - 1)
ENROLLMENTS = st.builds(
    EnrollmentKey,
    sequence=st.integers(0, (1 << ids.SEQUENCE_BITS) - 1),
    contact=st.integers(0, (1 << ids.CONTACT_BITS) - 1),
    run=st.integers(0, (1 << ids.RUN_BITS) - 1),
)


def reads(read, tenant, spelled):
    """Whether the text is an id of the tenant's."""
    try:
        read(tenant, spelled)
    except NotFound:
        return False
    return True


@given(TENANTS, NUMBERS)
def test_an_agent_s_id_leads_back_to_it(tenant, number):
    spelled = agent_id(tenant, number)

    assert re.fullmatch(r"agent\.[0-9a-z]{25}", spelled)
    assert agent_number(tenant, spelled) == number


@given(TENANTS, ENROLLMENTS)
def test_a_call_sequence_s_id_leads_back_to_its_enrollment(tenant, key):
    spelled = sequence_id(tenant, key)

    assert re.fullmatch(r"call-sequence\.[0-9a-z]{25}", spelled)
    assert sequence_key(tenant, spelled) == key


@given(TENANTS, NUMBERS, ENROLLMENTS, TENANTS)
def test_an_id_of_one_tenant_is_none_of_another(tenant, number, key, other):
    assert reads(agent_number, other, agent_id(tenant, number)) == (other == tenant)
    assert reads(sequence_key, other, sequence_id(tenant, key)) == (other == tenant)


@given(TENANTS, NUMBERS, ENROLLMENTS, st.sampled_from([kind for kind in Kind if kind is not Kind.SEQUENCE]))
def test_an_id_of_one_kind_is_none_of_another(tenant, number, key, kind):
    call_sequence = sequence_id(tenant, key)

    assert not reads(agent_number, tenant, call_sequence)
    assert not reads(agent_number, tenant, call_sequence.replace("call-sequence.", "agent."))
    assert not reads(sequence_key, tenant, agent_id(tenant, number).replace("agent.", "call-sequence."))
    assert not reads(agent_number, tenant, resource_uuid(kind, tenant, number))


@given(TENANTS, NUMBERS, st.data())
def test_a_mistyped_id_names_nothing(tenant, number, data):
    spelled = agent_id(tenant, number)
    place = data.draw(st.integers(6, len(spelled) - 1))
    other = data.draw(st.sampled_from(DIGITS).filter(lambda sign: sign != spelled[place]))

    assert not reads(agent_number, tenant, spelled[:place] + other + spelled[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        *("", "agent.", "agent", "agent.abc123", "x" * 10_000, "agent.\x00", "\ud800"),
        *(f"agent.{tail}" for tail in ("z" * 25, "0" * 25, "0" * 26, "٣" * 25, "-1" + "0" * 23)),
    ],
)
def test_no_other_text_is_read(text):
    assert not reads(agent_number, 1, text)
    assert not reads(sequence_key, 1, text)


@given(TENANTS, NUMBERS)
def test_an_id_has_one_spelling(tenant, number):
    spelled = agent_id(tenant, number)

    assert not reads(agent_number, tenant, spelled.upper())
    assert not reads(agent_number, tenant, f" {spelled}")
    assert not reads(agent_number, tenant, f"{spelled}\n")


def test_a_call_s_id_is_the_same_for_the_same_call_and_another_one_for_every_other():
    key = EnrollmentKey(2, 3)
    others = [(2, key, "b4.0", 1), (1, replace(key, run=1), "b4.0", 1), (1, key, "b5.0", 1), (1, key, "b4.0", 2)]

    first = call_id(1, key, "b4.0", 1)

    assert re.fullmatch(r"call\.[0-9a-f]{26}", first)
    assert call_id(1, key, "b4.0", 1) == first
    assert len({first, *(call_id(*other) for other in others)}) == 5
