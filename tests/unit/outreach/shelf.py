"""A collection of books, kept in a list: everything that the query language can ask of one, without any store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from drumbeat.application.ports import OutOfTime
from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.included import Source
from drumbeat.domain.condition import Condition, Looked, matches
from drumbeat.domain.tenant import ApiKey

type Book = dict[str, Any]

PEOPLE: Collection[Book] = Collection(
    type="person",
    path="people",
    view=lambda person: person,
    attributes=(Attribute("name", "name", Shape.TEXT, "FS"),),
    relations=(Relation("boss", "person", "boss"),),
)
BOOKS: Collection[Book] = Collection(
    type="book",
    path="books",
    view=lambda book: book,
    searchable=True,
    attributes=(
        Attribute("title", "title", Shape.TEXT, "FS"),
        Attribute("pageCount", "pages", Shape.WHOLE, "FS"),
        Attribute("inPrint", "in_print", Shape.FLAG, "FS"),
        Attribute("subjects", "subjects", Shape.TEXTS, "F"),
        Attribute("publishedAt", "published_at", Shape.INSTANT, "FS"),
        Attribute("secret", "secret", Shape.TEXT, "W"),
    ),
    relations=(
        Relation("author", "person", "author", filters=(Attribute("name", "author_name", Shape.TEXT, "F"),)),
        Relation("readers", "person", "readers", many=True),
        Relation("reviews", "review", many=True, related="/reviews?filter[book][id]={number}"),
    ),
)


@dataclass
class Shelf:
    """Books in order of their numbers, found a few at a time; `looked` counts those that were looked at."""

    books: Sequence[Book]
    page: int = 3
    looked: int = 0

    def search(self, conditions: Sequence[Condition], after: int = 0) -> Iterator[Looked[Book]]:
        behind = [book for book in self.books if book["number"] > after]
        for part in batched(behind, self.page, strict=False):
            self.looked += len(part)
            yield Looked([book for book in part if matches(book, conditions)], part[-1]["number"])


KEY = ApiKey(1, 1, "", "", None, "direct", ("*",), 0)


@dataclass
class Asking:
    """What is asked about a request."""

    query_values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    key: ApiKey = KEY
    root: str = "https://api.example"
    out_of_time: OutOfTime = lambda: False


def people(*found: Book) -> dict[str, Any]:
    """Where people are read from."""
    by_number = {person["number"]: person for person in found}

    def get_some(numbers: Sequence[int]) -> list[Book]:
        return [by_number[number] for number in numbers if number in by_number]

    return {"person": lambda: Source(PEOPLE, get_some)}
