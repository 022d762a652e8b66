"""Whatever is put into a record is refused by a 422 that points at it and leaves nothing behind, or is shown back."""

import json
from functools import partial

import pytest

from drumbeat.dialects.outreach.account_bodies import ACCOUNT_FORMS
from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.bodies import form_of
from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES
from drumbeat.dialects.outreach.opportunity_bodies import OPPORTUNITY_FORMS
from drumbeat.dialects.outreach.prospect_bodies import PROSPECT_FORMS
from drumbeat.dialects.outreach.prospects import PROSPECTS
from tests.functional.outreach.documents import document, kept, made
from tests.functional.test_hostile_input import WRONG_VALUES
from tests.world import new_tenant

COLLECTIONS = {"prospect": PROSPECTS, "account": ACCOUNTS, "opportunity": OPPORTUNITIES}
FORMS = {"prospect": PROSPECT_FORMS, "account": ACCOUNT_FORMS, "opportunity": OPPORTUNITY_FORMS}
VALUES = [*WRONG_VALUES, ["a@b.example", "a@b.example"], ["x"] * 1_001, {"data": None}, "2026-13-01T00:00:00Z"]
LINKS = [None, [], {}, "1", 1, {"data": {}}, {"data": {"id": None}}, {"data": {"id": True}}, {"data": {"id": 1.0}},
         {"data": {"id": -1}}, {"data": {"id": 10**30}}, {"data": {"id": "\u0661"}}, {"data": [{"id": 1}] * 1_001},
         {"data": "\ud800"}, {"data": {"id": 9, "type": "\x00"}}]  # fmt: skip


@pytest.fixture(scope="module")
def call(stack):
    return partial(new_tenant(), group="outreach")


def attributes_of(kind):
    """One attribute of each form."""
    written = [attribute for attribute in COLLECTIONS[kind].attributes if "R" not in attribute.flags]
    return sorted(
        {(attribute.shape, str(form_of(attribute, FORMS[kind]))): attribute.name for attribute in written}.values()
    )


CASES = [(kind, name) for kind in COLLECTIONS for name in attributes_of(kind)]
RELATIONS = [
    (kind, relation.name)
    for kind, collection in COLLECTIONS.items()
    for relation in collection.relations
    if relation.field
]


def complaint(call, before, answer, pointer):
    """What is wrong with an answer to a hostile body, None if nothing is."""
    if answer.status in {200, 201}:
        number = str(answer.body["data"]["id"])
        kind = answer.body["data"]["type"]
        return None if call(f"get_{kind}", id=number).body["data"] == answer.body["data"] else "is not what was kept"
    source = answer.body["errors"][0].get("source", {}).get("pointer", "")
    if answer.status != 422 or not source.startswith(pointer):
        return f"{answer.status} {json.dumps(answer.body)[:200]}"
    return None if kept() == before else "left something behind"


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_hostile_attribute_is_refused_or_shown_back(call, kind, name):
    needed = {} if kind == "prospect" else {"name": "Fine"}
    number = made(call, kind, **needed)
    complaints = {}

    for value in VALUES:
        body, before = document(kind, needed | {name: value}), kept()
        answers = call(f"create_{kind}", body), call(f"update_{kind}", document(kind, {name: value}), id=str(number))
        if all(answer.status == 422 for answer in answers):
            found = {complaint(call, before, answer, f"/data/attributes/{name}") for answer in answers}
        else:
            found = {complaint(call, None, answer, "/data/attributes") for answer in answers if answer.status < 300}
        complaints |= {repr(value)[:60]: found} if found != {None} else {}

    assert complaints == {}


@pytest.mark.parametrize(("kind", "name"), RELATIONS)
def test_a_hostile_relation_is_refused_and_changes_nothing(call, kind, name):
    needed = {} if kind == "prospect" else {"name": "Fine"}
    number, before, complaints = made(call, kind, **needed), kept(), {}

    for value in LINKS:
        body = document(kind, needed, {name: value})
        answers = call(f"create_{kind}", body), call(f"update_{kind}", body, id=str(number))
        found = {complaint(call, before, answer, f"/data/relationships/{name}") for answer in answers}
        complaints |= {repr(value)[:60]: found} if found != {None} else {}
        before = kept()

    assert complaints == {}
