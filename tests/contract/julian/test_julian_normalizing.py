"""Contract 4.4 on `normalizeFields`, and what else of a row is told to who calls."""

import pytest

from tests.contract.julian.answers import accepted
from tests.contract.julian.floor import DECLINED, Floor
from tests.contract.julian.vendor import contact

WISH = {"normalizeFields": ["first", "nowhere"]}


def variables(floor: Floor) -> list[dict[str, str]]:
    return [call["customInputVariables"] for call in floor.calls()]


@pytest.mark.parametrize(("is_allowed", "told"), [(True, "John"), (False, "JOHN")])
def test_variables_are_title_cased_only_where_the_agent_allows_it(floor, is_allowed, told):
    desk = floor.opens(titleCasing=is_allowed)

    accepted(desk.schedule([contact(first="JOHN", last="DOE")], **WISH))
    floor.work()

    assert variables(floor) == [{"first": told, "last": "DOE"}]


def test_what_nobody_named_stays_as_it_is(floor):
    desk = floor.opens(titleCasing=True)

    accepted(desk.schedule([contact(first="JOHN")]))
    floor.work()

    assert variables(floor) == [{"first": "JOHN"}]


def test_groups_are_formed_after_it(floor):
    desk = floor.opens(titleCasing=True)
    rows = [contact(name=name, city=city) for name, city in (("Ann", "PARIS"), ("Ben", "paris"))]

    accepted(desk.schedule(rows, normalizeFields=["city"], groupByField="city"))
    floor.work()
    assert floor.called() == ["Ann"]
    floor.ended("Ann", DECLINED)
    floor.work()

    assert floor.called() == ["Ann", "Ben"]


@pytest.mark.parametrize("is_many", [True, False], ids=["of many", "of one"])
def test_the_extension_and_the_zone_reach_who_calls(floor, is_many):
    desk = floor.opens()
    row = contact(phoneNumber="+442079460123", phoneNumberExt="007")

    accepted(desk.schedule([row])) if is_many else desk.schedule_one(row)
    floor.work()

    (call,) = floor.calls()
    assert call["contact"]["phoneNumberExt"] == "007"
    # Only of one contact the number says where it is.
    assert call["contact"]["timezone"] == ("America/New_York" if is_many else "Europe/London")
