"""GET /api/v2/sequenceStates"""

import pytest

from tests.functional.outreach.furniture import act, active_sequence, change, contacts, enrolled, found, made, mailbox


@pytest.fixture
def states(call):
    """Three prospects in one sequence, the first of them in another one too."""
    people = contacts(call, 3)
    sequences = active_sequence(call, name="First"), active_sequence(call, name="Second")
    senders = mailbox(call), mailbox(call, email="bob@acme.example")
    numbers = [enrolled(call, person, sequences[0], senders[0]) for person in people]
    numbers.append(enrolled(call, people[0], sequences[1], senders[1]))
    act(call, "pause_sequence_state", numbers[1])
    return {"numbers": numbers, "people": people, "sequences": sequences, "senders": senders}


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, [0, 1, 2, 3]),
        ({"filter[state]": "paused"}, [1]),
        ({"filter[state]": "active"}, [0, 2, 3]),
        ({"filter[id]": "{numbers[2]},{numbers[0]}"}, [0, 2]),
        ({"filter[prospect][id]": "{people[0]}"}, [0, 3]),
        ({"filter[prospect][emails]": "p1@corp.example"}, [1]),
        ({"filter[sequence][id]": "{sequences[1]}"}, [3]),
        ({"filter[sequence][name]": "First"}, [0, 1, 2]),
        ({"filter[sequence][enabled]": "false"}, []),
        ({"filter[mailbox][id]": "{senders[1]}"}, [3]),
        ({"filter[mailbox][email]": "ann@acme.example"}, [0, 1, 2]),
        ({"filter[sequenceStep][order]": "1"}, [0, 1, 2, 3]),
        ({"filter[sequenceStep][order]": "2"}, []),
        ({"filter[account][id]": "7"}, []),
        ({"filter[opportunity][id]": "__null__"}, [0, 1, 2, 3]),
        ({"filter[prospect][id]": "{people[0]}", "filter[sequence][id]": "{sequences[0]}"}, [0]),
        ({"filter[prospect][id]": "999"}, []),
        ({"filter[repliedAt]": "__notnull__"}, []),
        ({"sort": "-state,id", "filter[sequence][id]": "{sequences[0]}"}, [1, 0, 2]),
    ],
)
def test_what_a_query_finds(call, states, query, places):
    spelled = {name: text.format(**states) for name, text in query.items()}

    assert found(call, "sequence_states", **spelled) == [states["numbers"][place] for place in places]


def test_pages_follow_each_other_over_sequences(call, states):
    pages, query = [], {"page[size]": "3"}
    while query:
        answer = call("list_sequence_states", query=query)
        pages.append([state["id"] for state in answer.body["data"]])
        after = answer.body["links"].get("next", "").partition("page%5Bafter%5D=")[2]
        query = {"page[size]": "3", "page[after]": after} if after else None

    assert pages == [states["numbers"][:3], states["numbers"][3:]]


def test_they_are_counted(call, states):
    answer = call("list_sequence_states", query={"count": "true", "page[size]": "1"})

    assert answer.body["meta"] == {"count": 4, "count_truncated": False}


def test_nobody_sees_another_tenant_s(call, other, states):
    assert found(other, "sequence_states") == []
    assert found(other, "sequence_states", **{"filter[id]": str(states["numbers"][0])}) == []


def test_those_of_a_company_are_its_contacts(call, states):
    account = made(call, "account", {"name": "Corp"})
    change(call, "prospect", states["people"][0], account=account)

    of_account = found(call, "sequence_states", **{"filter[account][id]": str(account)})

    assert of_account == [states["numbers"][0], states["numbers"][3]]
