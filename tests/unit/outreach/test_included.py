"""What is included, what is left out, and how a resource is shown."""

import pytest

from drumbeat.dialects.outreach.document import list_body, one_body
from drumbeat.domain.errors import ValidationFailed
from drumbeat.domain.tenant import ApiKey
from tests.unit.outreach.shelf import BOOKS, Asking, Shelf, people

ADA = {"number": 1, "name": "Ada", "boss": 2}
BOB = {"number": 2, "name": "Bob", "boss": 3}
EVE = {"number": 3, "name": "Eve", "boss": None}
BOOK = {"number": 7, "title": "Notes", "published_at": 1_000, "author": 1, "readers": (2, 3), "secret": "x"}
OTHER = {"number": 8, "title": "More", "author": 1, "readers": (), "subjects": ("a", "b")}
SOURCES = people(ADA, BOB, EVE)


def shown(record=BOOK, **query):
    return one_body(BOOKS, Asking({name: (text,) for name, text in query.items()}), record, SOURCES)


def included(body):
    return [(other["type"], other["id"]) for other in body["included"]]


def test_a_resource_is_shown_with_all_that_may_be_seen():
    assert shown() == {
        "data": {
            "type": "book",
            "id": 7,
            "attributes": {
                "title": "Notes",
                "pageCount": None,
                "inPrint": None,
                "subjects": [],
                "publishedAt": "1970-01-01T00:00:01.000Z",
            },
            "relationships": {
                "author": {"data": {"type": "person", "id": 1}},
                "readers": {"data": [{"type": "person", "id": 2}, {"type": "person", "id": 3}]},
                "reviews": {"links": {"related": "https://api.example/api/v2/reviews?filter[book][id]=7"}},
            },
            "links": {"self": "https://api.example/api/v2/books/7"},
        }
    }


@pytest.mark.parametrize(
    ("include", "found"),
    [
        ("author", [1]),
        ("readers", [2, 3]),
        ("author,readers", [1, 2, 3]),
        ("author.boss", [1, 2]),
        ("author.boss.boss", [1, 2, 3]),
        ("readers.boss", [2, 3]),
    ],
)
def test_relations_are_included_each_resource_once(include, found):
    assert sorted(included(shown(include=include))) == [("person", number) for number in found]


def test_what_several_include_is_read_together_and_once():
    asked = []
    source = SOURCES["person"]()

    def get_some(numbers):
        asked.append(list(numbers))
        return source.get_many(numbers)

    counting = {"person": lambda: type(source)(source.collection, get_some)}
    body = list_body(BOOKS, Asking({"include": ("author.boss",)}), Shelf([BOOK, OTHER]).search, counting)

    assert asked == [[1], [2]]
    assert included(body) == [("person", 1), ("person", 2)]


def test_what_is_gone_is_not_included():
    assert shown(BOOK | {"author": 99}, include="author")["included"] == []


@pytest.mark.parametrize(
    "include", ["nothing", "reviews", "author.nothing", "title", "a.b.c.d", ",".join("abcdefghijk")]
)
def test_what_cannot_be_included_is_refused(include):
    with pytest.raises(ValidationFailed):
        shown(include=include)


def test_fields_are_chosen_by_type_whatever_relation_leads_there():
    body = shown(include="author.boss", **{"fields[person]": "name", "fields[book]": "title,author"})

    assert body["data"]["attributes"] == {"title": "Notes"}
    assert set(body["data"]["relationships"]) == {"author"}
    assert [(other["attributes"], other["relationships"]) for other in body["included"]] == [
        ({"name": "Ada"}, {}),
        ({"name": "Bob"}, {}),
    ]


@pytest.mark.parametrize(
    ("scopes", "rights"),
    [(("books.write",), (True, False)), (("books.delete",), (False, True)), (("books.all",), (True, True))],
)
def test_the_rights_are_those_of_the_key(scopes, rights):
    key = ApiKey(1, 1, "", "", None, "direct", scopes, 0)

    body = one_body(BOOKS, Asking({"provideAuthorizationMeta": ("",)}, key=key), BOOK, SOURCES)

    assert body["data"]["meta"] == dict(zip(("canWrite", "canDelete"), rights, strict=True))
