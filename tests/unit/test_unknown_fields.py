"""Fields that a model does not know are named, wherever they are."""

import pytest

from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.unknown_fields import MOST_NAMED, unknown_fields_header


class Inner(Fields):
    lead_name: str | None = None


class Outer(Fields):
    lead_email: str | None = None
    context: dict[str, str] | None = None
    inner: Inner | None = None
    updates: list[Inner] | None = None


def named(document, model=Outer):
    return unknown_fields_header(model, document).get("X-Unknown-Fields")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"leadEmail": "a@b.example", "context": {"anything": "goes"}}, None),
        ({"leadProfileUrl": "x"}, "leadProfileUrl"),
        ({"lead_email": "x", "b": 1}, "lead_email, b"),
        ({"inner": {"leadName": "x", "nickname": "y"}}, "inner.nickname"),
        ({"updates": [{"a": 1}, {"a": 2}, "no row", None]}, "updates.a"),
        ({"inner": [], "updates": {}}, None),
        ([], None),
        (None, None),
    ],
)
def test_what_nobody_knows_is_named_once(document, expected):
    assert named(document) == expected


def test_no_name_breaks_the_header():
    assert named({"a\r\nSet-Cookie: b": 1, "ä" * 500: 2}) == "a??Set-Cookie??b, " + "?" * 100


def test_a_header_names_a_few_only():
    assert named({f"f{place}": 1 for place in range(100)}).count(",") == MOST_NAMED - 1


def test_without_a_model_nothing_is_unknown():
    assert named({"a": 1}, model=None) is None
