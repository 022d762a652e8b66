"""Another tenant's things look like missing ones, byte for byte, on every route (reliability S-08)."""

import json

import pytest

from tests.contract.scene import MISSING, OPERATIONS, PATH_PARAMETERS, everything, furnished, route_of, tenant_of
from tests.world import campaign, new_tenant

IDS = (*PATH_PARAMETERS, "other_contact_id", "batch_id")
ROUTES = [
    (operation, name) for operation in OPERATIONS for name in PATH_PARAMETERS if f"{{{name}}}" in route_of(operation)
]


@pytest.fixture(scope="module")
def theirs(stack):
    """Tenant A, that has one of everything."""
    return furnished()


@pytest.fixture(scope="module")
def mine(stack):
    """Tenant B, that tries."""
    return furnished()


def _data_of(scene):
    """All that is kept for a tenant."""
    mark = ["T", str(tenant_of(scene.caller))]
    return [item for item in everything() if item.get("PK", {}).get("S", "").split("#")[:2] == mark]


def _raw(answer):
    return answer.status, json.dumps(answer.body), dict(answer.headers)


@pytest.mark.parametrize(("operation", "name"), ROUTES, ids=[f"{o}-{n}" for o, n in ROUTES])
def test_a_foreign_id_in_the_path_answers_as_a_missing_one(theirs, mine, operation, name):
    kept = _data_of(theirs)

    foreign = {other: mine.call(operation, **{name: getattr(theirs, other)}) for other in IDS}
    missing = mine.call(operation, **{name: MISSING})

    assert missing.status == 404
    assert {other: _raw(answer) for other, answer in foreign.items()} == dict.fromkeys(IDS, _raw(missing))
    assert _data_of(theirs) == kept


BODIES = {
    "import": ("enroll", lambda spelled: {"contact_import_id": spelled}),
    "contact": ("enroll_contact", lambda spelled: {"contact_id": spelled}),
    "outreach": ("create_campaign", lambda spelled: campaign(outreach_id=spelled)),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_foreign_id_in_the_body_answers_as_a_missing_one(theirs, mine, kind):
    operation, body = BODIES[kind]
    kept = _data_of(theirs)

    foreign = {other: mine.call(operation, body=body(getattr(theirs, other))) for other in IDS}
    missing = mine.call(operation, body=body(MISSING))

    assert missing.status == 404
    assert {other: _raw(answer) for other, answer in foreign.items()} == dict.fromkeys(IDS, _raw(missing))
    assert _data_of(theirs) == kept


@pytest.mark.parametrize("operation", ["list_contact_import_contacts", "list_enrollments"])
def test_a_foreign_id_as_a_cursor_answers_as_a_missing_one(theirs, mine, operation):
    foreign = {other: mine.call(operation, query={"after": getattr(theirs, other)}) for other in IDS}
    missing = mine.call(operation, query={"after": MISSING})

    assert missing.status in (404, 422)
    assert {other: _raw(answer) for other, answer in foreign.items()} == dict.fromkeys(IDS, _raw(missing))


def test_a_foreign_batch_answers_as_a_missing_one(theirs, mine):
    foreign = {other: mine.caller("get_batch", group="drumbeat", batch_id=getattr(theirs, other)) for other in IDS}
    missing = mine.caller("get_batch", group="drumbeat", batch_id=MISSING)

    assert missing.status == 404
    assert {other: _raw(answer) for other, answer in foreign.items()} == dict.fromkeys(IDS, _raw(missing))


@pytest.mark.parametrize(
    ("operation", "body"), [("resolve_unknown_send", {"verdict": "accepted"}), ("explain_enrollment", None)]
)
def test_a_foreign_enrollment_answers_as_a_missing_one(theirs, mine, operation, body):
    kept = _data_of(theirs)
    ask = {other: getattr(theirs, other) for other in IDS} | {"missing": MISSING}

    answers = {
        other: mine.caller(operation, body, group="drumbeat", enrollment_id=spelled) for other, spelled in ask.items()
    }

    assert answers["missing"].status == 404
    assert {other: _raw(answer) for other, answer in answers.items()} == dict.fromkeys(ask, _raw(answers["missing"]))
    assert _data_of(theirs) == kept


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation.startswith("list")])
def test_no_list_shows_anything_of_another_tenant(theirs, mine, operation):
    shown = json.dumps(mine.call(operation).body)

    assert not [name for name in IDS if getattr(theirs, name) in shown]


def test_an_address_of_another_tenant_is_free_here(theirs, mine):
    email = theirs.call("get_contact").body["email"]

    changed = mine.call("update_contact", contact_id=mine.other_contact_id, body={"contact": {"email": f"x{email}"}})
    taken = new_tenant()("create_contact_import", {"contact_import": {"name": "x", "contacts": [{"email": email}]}})

    assert changed.status == 200
    assert taken.body["record_count"] == 1


def test_no_two_tenants_have_an_id_in_common(theirs, mine):
    assert not {getattr(theirs, name) for name in IDS} & {getattr(mine, name) for name in IDS}
