"""A condition holds of what it says and of nothing else."""

import json
from decimal import Decimal

import pytest

from drumbeat.domain.condition import (
    Condition,
    Op,
    any_of,
    between,
    matches,
    missing,
    packed,
    prefix,
    present,
    unpacked,
)

ADA = {"number": 7, "name": "Ada", "tags": ("vip", "math"), "owner": None, "named": True, "notes": ""}


@pytest.mark.parametrize(
    "condition",
    [
        any_of("number", 7),
        any_of("number", 5, 7),
        any_of("tags", "math"),
        any_of("named", True),
        any_of("notes", ""),
        between("number", 7, 7),
        between("number", None, 7),
        between("number", 7, None),
        between("name", "A", "B"),
        between("tags", "u", None),
        missing("owner"),
        missing("nothing_we_know"),
        present("number"),
        present("notes"),
        prefix("name", "ad"),
        prefix("tags", "x", "MA"),
    ],
)
def test_what_is_so_holds(condition):
    assert matches(ADA, [condition])


@pytest.mark.parametrize(
    "condition",
    [
        any_of("number", 8),
        any_of("number", "7"),
        any_of("number", True),
        any_of("named", 1),
        any_of("name", "ada"),
        any_of("name"),
        any_of("owner", 7),
        between("number", 8, None),
        between("number", None, 6),
        between("number", "1", "9"),
        between("named", 0, 2),
        between("owner", None, None),
        missing("number"),
        missing("notes"),
        present("owner"),
        prefix("name", "da"),
        prefix("name"),
        prefix("number", "7"),
    ],
)
def test_what_is_not_so_does_not_hold(condition):
    assert not matches(ADA, [condition])


def test_a_field_without_any_of_its_many_values_is_missing():
    assert matches({"tags": ()}, [missing("tags")])
    assert not matches({"tags": ()}, [present("tags")])


def test_all_conditions_must_hold():
    assert matches(ADA, [any_of("number", 7), any_of("tags", "vip")])
    assert not matches(ADA, [any_of("number", 7), any_of("tags", "dull")])
    assert matches(ADA, [])


def test_conditions_come_back_from_json_as_they_were():
    conditions = (
        any_of("a", "x", 1, True),
        between("b", None, 9),
        between("c", "m", None),
        missing("d"),
        prefix("e", "q"),
    )

    assert unpacked(json.loads(json.dumps(packed(conditions)))) == conditions


def test_numbers_that_a_table_gives_back_are_whole_again():
    (condition,) = unpacked([{"field": "a", "op": "any_of", "values": [Decimal(3)], "low": Decimal(1), "high": None}])

    assert condition == Condition("a", Op.ANY_OF, (3,), low=1)
    assert type(condition.values[0]) is int
