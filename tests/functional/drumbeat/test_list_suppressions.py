"""GET /drumbeat/v1/suppressions"""

import pytest

from tests.contract.scene import is_instant
from tests.world import new_tenant


def _suppress(caller, *emails, reason="manual"):
    assert caller("suppress", {"emails": list(emails), "reason": reason}, group="drumbeat").status == 200


def _list(caller, **query):
    return caller("list_suppressions", query=query, group="drumbeat")


def _pages(caller, **query):
    found, cursor = [], None
    while True:
        body = _list(caller, **query | ({"cursor": cursor} if cursor else {})).body
        found.append([row["email"] for row in body["suppressions"]])
        cursor = body["cursor"]
        if cursor is None:
            return found


def test_a_suppression_says_why_since_when_and_from_where(caller):
    _suppress(caller, "a@corp.example", reason="bounce")

    answer = _list(caller)

    (found,) = answer.body["suppressions"]
    assert (answer.status, answer.body["cursor"]) == (200, None)
    assert set(found) == {"email", "digest", "reason", "source", "since"}
    assert (found["email"], found["reason"], found["source"]) == ("a@corp.example", "bounce", "api")
    assert is_instant(found["since"])


def test_pages_show_everything_once(caller):
    emails = sorted(f"p{place}@corp.example" for place in range(7))
    _suppress(caller, *emails)

    pages = _pages(caller, limit="3")

    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(email for page in pages for email in page) == emails


def test_what_is_added_while_the_list_is_read_comes_too_and_what_is_taken_off_does_not_disturb(caller):
    _suppress(caller, *(f"p{place}@corp.example" for place in range(4)))
    first = _list(caller, limit="2").body

    caller("unsuppress", {"emails": [first["suppressions"][1]["email"]]}, group="drumbeat")
    _suppress(caller, "late@corp.example")
    rest = _list(caller, limit="10", cursor=first["cursor"]).body

    shown = {row["email"] for row in first["suppressions"] + rest["suppressions"]}
    assert shown == {"late@corp.example", *(f"p{place}@corp.example" for place in range(4))}


def test_one_reason_or_one_address_can_be_asked_for(caller):
    _suppress(caller, "a@corp.example", "b@corp.example")
    _suppress(caller, "c@corp.example", reason="complaint")

    assert _pages(caller, reason="complaint", limit="1")[0] == ["c@corp.example"]
    assert _list(caller, email="B@Corp.example").body["suppressions"][0]["email"] == "b@corp.example"
    assert _list(caller, email="d@corp.example").body == {"suppressions": [], "cursor": None}


def test_tenants_see_their_own_only(caller):
    _suppress(caller, "a@corp.example")

    assert _list(new_tenant()).body["suppressions"] == []


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "1001"}, {"reason": "spite"}, {"email": "nobody"}, {"cursor": "abc"}, {"cursor": "ä"}],
)
def test_what_can_not_be_understood_is_refused(caller, query):
    answer = _list(caller, **query)

    assert (answer.status, answer.body["errors"][0]["field"]) == (422, next(iter(query)))
