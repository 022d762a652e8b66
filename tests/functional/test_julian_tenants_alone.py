"""Another tenant's agents, and all that they do, look like missing ones, byte for byte (reliability S-08)."""

import json

import pytest

from drumbeat.domain.ids import Kind, resource_uuid
from tests.contract.scene import tenant_of
from tests.functional.julian.furniture import MISSING
from tests.functional.julian.office import READS, WITH_PATH, endpoint_of, furnished, kept

ELSEWHERE = "00000000-0000-8000-8000-000000000000"


@pytest.fixture(scope="module")
def office(stack):
    """Tenant B, that tries."""
    return furnished()


@pytest.fixture(scope="module")
def stranger(stack):
    """Tenant A, that has what B has."""
    return furnished()


def _ids(office):
    """What there is of a tenant, and what there might be."""
    tenant = tenant_of(office.caller)
    return [office.agent_id, *(resource_uuid(kind, tenant, 1) for kind in Kind if kind is not Kind.ENROLLMENT)]


@pytest.mark.parametrize("operation", WITH_PATH)
def test_what_is_another_tenant_s_looks_like_what_is_missing(office, stranger, operation):
    before = kept(stranger)
    name = endpoint_of(operation).path.partition("{")[2].partition("}")[0]

    def ask(spelled):
        answer = office.ask(operation, **{name: spelled})
        return answer.status, json.dumps(answer.body), dict(answer.headers)

    missing = ask(MISSING if name == "agent_id" else ELSEWHERE)

    assert missing[0] == 404
    assert {spelled: ask(spelled) for spelled in _ids(stranger)} == dict.fromkeys(_ids(stranger), missing)
    assert kept(stranger) == before


@pytest.mark.parametrize("operation", READS)
def test_nothing_that_is_shown_is_another_tenant_s(office, stranger, operation):
    answer = office.ask(operation)

    assert stranger.agent_id not in json.dumps(answer.body)


@pytest.mark.parametrize("operation", READS)
def test_what_there_is_can_be_read_without_changing_anything(office, operation):
    office.ask(operation)
    before = kept(office)

    office.ask(operation)

    assert kept(office) == before
