"""Records are found by conditions and changed under their revision, whatever happens on the way."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.company import Company
from drumbeat.domain.condition import any_of, between, missing, prefix
from drumbeat.domain.custom_object import CustomObject
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.ids import Kind
from drumbeat.domain.opportunity import Opportunity
from drumbeat.domain.user import User
from tests.faults import Crash, fault

TENANT = 7
COUNT = 600


@pytest.fixture
def companies(aws):
    store = bootstrap.companies()
    first = bootstrap.numbers().take(TENANT, Kind.COMPANY, COUNT)
    assert first == 1
    for number in (1, 2, 3, 255, 256, 257, 600):
        store.create(Company(TENANT, number, 5, 5, name=f"Company {number}"), intent=None, now=5)
    return store


def found(store, *conditions, after=0, tenant=TENANT):
    return [record.number for page in store.search(tenant, conditions, after=after) for record in page.records]


def test_everything_is_found_in_number_order_across_pages(companies):
    assert found(companies) == [1, 2, 3, 255, 256, 257, 600]
    assert found(companies, after=255) == [256, 257, 600]
    assert found(companies, tenant=TENANT + 1) == []


def test_conditions_pick(companies):
    assert found(companies, any_of("number", 600, 2, 599, 1), after=1) == [2, 600]
    assert found(companies, any_of("number", 600, 2), any_of("number", 2, 3)) == [2]
    assert found(companies, between("number", 3, 256)) == [3, 255, 256]
    assert found(companies, between("number", 4, 3)) == []
    assert found(companies, prefix("texts", "company 25")) == [255, 256, 257]
    assert found(companies, missing("name")) == []
    assert found(companies, any_of("number", "2")) == []


def test_a_search_that_finds_nothing_tells_how_far_it_has_looked(companies):
    pages = list(companies.search(TENANT, [any_of("name", "nobody")]))

    assert [(page.records, page.upto) for page in pages] == [([], 255), ([], 257), ([], 600)]


def test_named_numbers_are_read_by_key(companies):
    with fault(0, after=False) as seen:
        assert found(companies, any_of("number", 1, 600), any_of("name", "Company 600")) == [600]

    assert seen.calls == ["BatchGetItem"]


@pytest.mark.parametrize(
    ("store", "record"),
    [
        ("users", User(TENANT, 1, "a@corp.example", None, "B", 1, 1, locked=True, fields={"phone": "1"})),
        ("opportunities", Opportunity(TENANT, 1, "Deal", 1, 1, owner=3, fields={"amount": 12})),
        ("companies", Company(TENANT, 1, 1, 1, named=False, assigned=(1, 2), tags=("a", "b"), fields={"custom1": ""})),
    ],
)
def test_what_was_kept_comes_back(aws, store, record):
    records = getattr(bootstrap, store)()

    assert records.create(record, intent=None, now=1) == 1
    assert records.get(TENANT, 1) == record
    assert records.get(TENANT + 1, 1) is None


def test_kinds_that_a_tenant_made_up_are_apart(aws):
    record = CustomObject(TENANT, 1, "boats", 1, 1, fields={"length": 7, "sails": True})
    bootstrap.custom_objects("boats").create(record, intent=None, now=1)

    assert bootstrap.custom_objects("boats").get(TENANT, 1) == record
    assert found(bootstrap.custom_objects("boats"), any_of("length", 7)) == [1]
    assert found(bootstrap.custom_objects("boat")) == found(bootstrap.custom_objects("boats#1")) == []


def test_a_change_shows_what_became_of_each_and_leaves_out_who_is_not_there(companies):
    def rename(company):
        return replace(company, name="Acme")

    changed = companies.change(TENANT, [2, 599, 600], rename, now=9)

    assert {number: (entry.name, entry.revision, entry.updated_at) for number, entry in changed.items()} == {
        2: ("Acme", 1, 9),
        600: ("Acme", 1, 9),
    }
    assert companies.get_some(TENANT, [2, 600]) == changed


def test_what_does_not_change_is_not_written(companies):
    with fault(0, after=False) as seen:
        changed = companies.change(TENANT, [2, 3], lambda company: company, now=9)

    assert {number: entry.revision for number, entry in changed.items()} == {2: 0, 3: 0}
    assert seen.calls == ["BatchGetItem"]


def test_true_is_another_value_than_one(aws):
    boats = bootstrap.custom_objects("boats")
    boats.create(CustomObject(TENANT, 1, "boats", 1, 1, fields={"sails": 1}), intent=None, now=1)

    changed = boats.change(TENANT, [1], lambda boat: replace(boat, fields={"sails": True}), now=2)

    assert changed[1].fields["sails"] is boats.get(TENANT, 1).fields["sails"] is True


def test_a_hundred_changes_take_five_requests(companies):
    for number in range(301, 401):
        companies.create(Company(TENANT, number, 5, 5), intent=None, now=5)

    with fault(0, after=False) as seen:
        companies.change(TENANT, range(301, 401), lambda company: replace(company, owner=4), now=9)

    assert seen.calls == ["BatchGetItem", *["BatchExecuteStatement"] * 4]


def test_two_changes_of_different_fields_both_last(companies):
    def tag(company):
        if not company.owner:
            companies.change(TENANT, [2], lambda other: replace(other, owner=4), now=8)
        return replace(company, tags=(*company.tags, "new"))

    companies.change(TENANT, [2, 3], tag, now=9)

    assert (companies.get(TENANT, 2).owner, companies.get(TENANT, 2).tags) == (4, ("new",))
    assert companies.get(TENANT, 2).revision == 2


def test_a_record_that_never_stands_still_is_given_up_without_harm(companies):
    def disturbed(company):
        companies.change(TENANT, [2], lambda other: replace(other, owner=other.revision), now=8)
        return replace(company, name="Acme")

    with pytest.raises(StoreBusy):
        companies.change(TENANT, [2], disturbed, now=9)

    assert companies.get(TENANT, 2).name == "Company 2"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_change_that_is_made_again_after_a_crash_is_made_once(companies, at, after):
    def act():
        return companies.change(TENANT, [2, 3], lambda company: replace(company, tags=("new",)), now=9)

    with fault(at, after=after), pytest.raises(Crash):
        act()

    assert {entry.revision for entry in act().values()} == {1}
    assert {entry.tags for entry in act().values()} == {("new",)}


def test_a_record_is_gone_once(companies):
    assert companies.discard(TENANT, 2) is True
    assert companies.discard(TENANT, 2) is False
    companies.remove(TENANT, [2, 3])

    assert found(companies) == [1, 255, 256, 257, 600]


def test_the_same_intent_makes_one_record(aws):
    users = bootstrap.users()
    first = users.create(User(TENANT, 1, "a@corp.example", None, None, 1, 1), intent="i", now=1)
    again = users.create(User(TENANT, 2, "a@corp.example", None, None, 2, 2), intent="i", now=2)

    assert (first, again, found(users)) == (1, 1, [1])
