"""Contacts are found by conditions, by the shortest way, and never by a link to what is gone."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.application.links import without_dead_links
from drumbeat.domain.company import Company
from drumbeat.domain.condition import any_of, between, missing, prefix, present
from drumbeat.domain.contact import Contact, with_addresses
from drumbeat.domain.ids import Kind
from drumbeat.domain.opportunity import Opportunity
from tests.faults import fault

TENANT, OTHER = 7, 8
COUNT = 300


def person(number, tenant=TENANT, **given):
    emails = given.pop("emails", (f"p{number}@corp.example",))
    empty = Contact(tenant, number, 0, None, given.pop("first_name", None), given.pop("last_name", None), None, 5)
    return with_addresses(replace(empty, **given), emails)


@pytest.fixture
def people(aws):
    bootstrap.numbers().take(TENANT, Kind.CONTACT, COUNT)
    bootstrap.numbers().take(TENANT, Kind.COMPANY, 3)
    for number, name, named in ((1, "Acme", True), (2, "Umbrella", True), (3, "Acme Labs", False)):
        bootstrap.companies().create(Company(TENANT, number, 5, 5, name=name, named=named), intent=None, now=5)
    bootstrap.opportunities().create(Opportunity(TENANT, 1, "Deal", 5, 5), intent=None, now=5)
    bootstrap.contacts().add(
        [
            person(1, first_name="Ada", last_name="Lovelace", company_number=1, tags=("vip", "math"), owner=4),
            person(2, first_name="Bob", company_number=1, opportunity=1),
            person(3, emails=("Carol@corp.example", "carol@home.example"), company_number=2),
            person(255, company_number=3, fields={"title": "CEO"}),
            person(256, unsubscribed_at=9),
            person(300, company_number=9, opportunity=9, touched_at=70),
        ]
    )
    bootstrap.contacts().create(person(299, emails=()), intent=None, now=5)
    bootstrap.contacts().add([person(1, OTHER, company_number=1, emails=("carol@home.example",))])


def found(*conditions, after=0, tenant=TENANT):
    pages = bootstrap.contact_search().search(tenant, conditions, after=after)
    return [contact.number for page in pages for contact in page.records]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], [1, 2, 3, 255, 256, 299, 300]),
        ([any_of("number", 3, 1, 4)], [1, 3]),
        ([any_of("number", 3, 1), any_of("number", 3, 256)], [3]),
        ([between("number", 3, 256)], [3, 255, 256]),
        ([any_of("emails", "CAROL@home.example")], [3]),
        ([any_of("emails", "carol@corp.example", "p1@corp.example")], [1, 3]),
        ([any_of("emails", "nobody@corp.example")], []),
        ([missing("emails")], [299]),
        ([prefix("emails", "Carol@H")], [3]),
        ([any_of("company_number", 1)], [1, 2]),
        ([any_of("company_number", 1, 2, 3)], [1, 2, 3, 255]),
        ([between("company_number", 2, None)], [3, 255]),
        ([any_of("company_number", 9)], []),
        ([any_of("company_number", 1), any_of("first_name", "Bob")], [2]),
        ([missing("company_number")], [256, 299, 300]),
        ([present("company_number")], [1, 2, 3, 255]),
        ([prefix("company.name", "acme")], [1, 2, 255]),
        ([prefix("company.name", "acme"), any_of("company.named", True)], [1, 2]),
        ([any_of("company_number", 1), any_of("company.named", False)], []),
        ([any_of("opportunity", 1, 9)], [2]),
        ([missing("opportunity")], [1, 3, 255, 256, 299, 300]),
        ([any_of("tags", "vip", "x")], [1]),
        ([any_of("owner", 4)], [1]),
        ([any_of("title", "CEO")], [255]),
        ([any_of("opted_out", True)], [256]),
        ([between("touched_at", 60, 80)], [300]),
        ([prefix("texts", "ada l")], [1]),
        ([prefix("texts", "carol@")], [3]),
        ([any_of("number", "1")], []),
        ([any_of("nonsense", 1)], []),
    ],
    ids=str,
)
def test_the_contacts_that_match_are_found_in_number_order(people, conditions, expected):
    assert found(*conditions) == expected
    assert found(*conditions, after=3) == [number for number in expected if number > 3]


def test_another_tenant_s_contacts_are_never_found(people):
    assert found(any_of("emails", "carol@home.example"), tenant=OTHER) == [1]
    assert found(any_of("company_number", 1), tenant=OTHER) == []
    assert found(any_of("number", 1, 2, 3), tenant=OTHER) == [1]


@pytest.mark.parametrize(
    ("conditions", "calls"),
    [
        ([any_of("number", 1, 2)], ["BatchGetItem"]),
        ([any_of("emails", "p1@corp.example")], ["BatchGetItem", "BatchGetItem"]),
        ([any_of("company_number", 1)], ["BatchGetItem", "Query", "BatchGetItem"]),
        ([any_of("first_name", "Ada")], ["GetItem", "Query", "Query"]),
        ([between("number", 256, 260)], ["GetItem", "Query"]),
    ],
    ids=str,
)
def test_an_index_that_serves_is_used(people, conditions, calls):
    with fault(0, after=False) as seen:
        found(*conditions)

    assert seen.calls == calls


def test_a_search_in_vain_tells_how_far_it_has_looked(people):
    pages = bootstrap.contact_search().search(TENANT, [any_of("first_name", "Nobody")])

    assert [(page.records, page.upto) for page in pages] == [([], 255), ([], 300)]


def test_contacts_of_many_companies_are_looked_for_contact_by_contact(people):
    for number in range(10, 120):
        bootstrap.companies().create(Company(TENANT, number, 5, 5), intent=None, now=5)

    with fault(0, after=False) as seen:
        assert found(any_of("company_number", 1, *range(10, 120))) == [1, 2]

    assert seen.calls == ["BatchGetItem", "BatchGetItem", "GetItem", "Query", "Query"]


def test_a_link_that_leads_nowhere_is_not_shown(people):
    lone, linked = (bootstrap.contacts().get(TENANT, number) for number in (300, 2))

    shown = without_dead_links(bootstrap.links(), TENANT, [lone, linked])

    assert shown == [replace(lone, company_number=None, opportunity=None), linked]


def test_whoever_leaves_a_company_leaves_its_index(people):
    store = bootstrap.contacts()
    store.change(TENANT, [1, 2], lambda contact: replace(contact, company_number=2), now=6)
    store.change(TENANT, [2], lambda contact: replace(contact, company_number=None), now=7)
    store.update(store.get(TENANT, 3), replace(store.get(TENANT, 3), company_number=1))

    assert (found(any_of("company_number", 1)), found(any_of("company_number", 2))) == ([3], [1])
