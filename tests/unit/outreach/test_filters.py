"""Filters in both syntaxes as conditions (contract 1.1)."""

import pytest

from drumbeat.dialects.outreach.filters import read_filters
from drumbeat.domain.condition import any_of, between, missing, prefix, present
from drumbeat.domain.errors import ValidationFailed
from drumbeat.domain.times import DAY
from tests.unit.outreach.shelf import BOOKS

Y2017 = 1_483_228_800_000


def read(new=False, **filters):
    values = {name: (texts,) if isinstance(texts, str) else tuple(texts) for name, texts in filters.items()}
    return list(read_filters(BOOKS, values, new_syntax=new))


@pytest.mark.parametrize(
    ("name", "text", "condition"),
    [
        ("filter[title]", "a", any_of("title", "a")),
        ("filter[title]", "", any_of("title", "")),
        ("filter[title]", "a,b,a", any_of("title", "a", "b")),
        ("filter[title]", "a..c", between("title", "a", "c")),
        ("filter[pageCount]", "-5", any_of("pages", -5)),
        ("filter[pageCount]", "5..10", between("pages", 5, 10)),
        ("filter[pageCount]", "neginf..10", between("pages", None, 10)),
        ("filter[pageCount]", "5..inf", between("pages", 5, None)),
        ("filter[pageCount]", "5..", between("pages", 5, None)),
        ("filter[pageCount]", "__null__", missing("pages")),
        ("filter[pageCount]", "__notnull__", present("pages")),
        ("filter[inPrint]", "true,false", any_of("in_print", True, False)),
        ("filter[subjects]", "art", any_of("subjects", "art")),
        ("filter[publishedAt]", "2017-01-01", between("published_at", Y2017, Y2017 + DAY - 1)),
        ("filter[publishedAt]", "2017-01-01..2017-01-02", between("published_at", Y2017, Y2017 + 2 * DAY - 1)),
        ("filter[publishedAt]", "2017-01-01T01:00:00+01:00", any_of("published_at", Y2017)),
        ("filter[publishedAt]", "neginf..2017-01-01T00:00:00.001Z", between("published_at", None, Y2017 + 1)),
        ("filter[author][id]", "7", any_of("author", 7)),
        ("filter[author][id]", "7,8", any_of("author", 7, 8)),
        ("filter[author][id]", "__null__", missing("author")),
        ("filter[readers][id]", "7", any_of("readers", 7)),
        ("filter[author][name]", "Ada", any_of("author_name", "Ada")),
        ("filter[q]", "Not", prefix("texts", "Not")),
        ("filter[id]", "1..2", between("number", 1, 2)),
    ],
)
def test_the_old_syntax(name, text, condition):
    assert read(**{name: text}) == [condition]


@pytest.mark.parametrize(
    ("name", "texts", "condition"),
    [
        ("filter[title]", "a,b", any_of("title", "a,b")),
        ("filter[title]", "a..b", any_of("title", "a..b")),
        ("filter[title][]", ["a,b", "c"], any_of("title", "a,b", "c")),
        ("filter[title][gte]", "a,b", between("title", "a,b", None)),
        ("filter[title][lte]", "..", between("title", None, "..")),
        ("filter[title]", "__null__", missing("title")),
        ("filter[pageCount]", "1,2", any_of("pages", 1, 2)),
        ("filter[pageCount][]", ["1", "2"], any_of("pages", 1, 2)),
        ("filter[pageCount][gte]", "5", between("pages", 5, None)),
        ("filter[publishedAt][lte]", "2017-01-01", between("published_at", None, Y2017 + DAY - 1)),
        ("filter[author][id][]", ["7", "8"], any_of("author", 7, 8)),
        ("filter[author][id]", "7", any_of("author", 7)),
        ("filter[author][id][gte]", "7", between("author", 7, None)),
    ],
)
def test_the_new_syntax(name, texts, condition):
    assert read(new=True, **{name: texts}) == [condition]


def test_parameters_add_up():
    assert read(**{"filter[title]": "a", "filter[pageCount]": "1", "sort": "x"}) == [
        any_of("title", "a"),
        any_of("pages", 1),
    ]


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("filter", "1"),
        ("filter[]", "1"),
        ("filter[title]x", "1"),
        ("filter[[title]]", "1"),
        ("filter[title][id]", "1"),
        ("filter[secret]", "1"),
        ("filter[reviews][id]", "1"),
        ("filter[author]", "1"),
        ("filter[author][age]", "1"),
        ("filter[author][boss][id]", "1"),
        ("filter[pageCount]", "1,x"),
        ("filter[pageCount]", "٣"),
        ("filter[pageCount]", "9" * 30),
        ("filter[inPrint]", "1"),
        ("filter[inPrint]", "false..true"),
        ("filter[publishedAt]", "2017"),
        ("filter[publishedAt]", "2017-02-30"),
        ("filter[publishedAt]", "9999-12-31T23:59:59-23:59x"),
        ("filter[q][id]", "1"),
    ],
)
def test_what_is_no_filter_is_refused_by_its_name(name, text, new):
    with pytest.raises(ValidationFailed) as refusal:
        read(new=new, **{name: text})

    assert refusal.value.details["errors"][0]["parameter"] == name
