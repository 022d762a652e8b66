"""GET /api/v2/sequences"""

import pytest

from drumbeat import bootstrap
from tests.functional.outreach.furniture import act, found, made, sequence_with_steps

SETTINGS = [
    {"name": "b", "throttleCapacity": 2, "shareType": "shared"},
    {"name": "a", "throttleCapacity": 1, "throttleMaxAddsPerDay": 9},
    {"name": "c"},
]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, [0, 1, 2]),
        ({"sort": "name"}, [1, 0, 2]),
        ({"sort": "throttleCapacity"}, [1, 0, 2]),
        ({"filter[name]": "a,c"}, [1, 2]),
        ({"filter[shareType]": "shared"}, [0]),
        ({"filter[throttleMaxAddsPerDay]": "9"}, [1]),
        ({"filter[enabledAt]": "__null__"}, [0, 1, 2]),
        ({"filter[owner][id]": "1"}, []),
        ({"filter[ruleset][id]": "__null__"}, [0, 1, 2]),
    ],
)
def test_what_a_query_finds(call, query, places):
    numbers = [made(call, "sequence", settings) for settings in SETTINGS]

    assert found(call, "sequences", **query) == [numbers[place] for place in places]


def test_an_enabled_sequence_says_since_when(call):
    number = sequence_with_steps(call)
    act(call, "activate_sequence", number)

    assert found(call, "sequences", **{"filter[enabledAt]": "__notnull__"}) == [number]


def test_nobody_sees_another_tenant_s(call, other):
    made(call, "sequence", {"name": "a"})

    assert found(other, "sequences") == []


def test_one_row_costs_few_requests(call):
    made(call, "sequence", {"name": "a"})

    found(call, "sequences")

    assert bootstrap.ledger.datastore_requests() <= 5
