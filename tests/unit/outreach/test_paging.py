"""Whatever the order and the size of its pages, a list shows every record once and none twice, both ways."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.dialects.outreach import paging
from drumbeat.dialects.outreach.document import list_body
from tests.unit.outreach.shelf import BOOKS, Asking, Shelf

SORTS = ["title", "pageCount", "inPrint", "publishedAt", "id"]
books = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from([None, "", "a", "b", "B", "ä", "\U0001f600"]),
            "pages": st.one_of(st.none(), st.integers(-3, 3)),
            "in_print": st.sampled_from([None, True, False]),
            "published_at": st.one_of(st.none(), st.integers(0, 3)),
        }
    ),
    max_size=12,
).map(lambda found: [book | {"number": 2 * place + 1} for place, book in enumerate(found)])
sorts = st.lists(st.tuples(st.sampled_from(SORTS), st.booleans()), max_size=3, unique_by=lambda key: key[0]).map(
    lambda keys: ",".join(f"-{name}" if descending else name for name, descending in keys)
)


def ask(shelf, **query):
    return list_body(BOOKS, Asking({name: (str(text),) for name, text in query.items()}), shelf.search, {})


def follow(shelf, body, link):
    values = dict(parse_qsl(urlsplit(body["links"][link]).query, keep_blank_values=True))
    return ask(shelf, **values)


def numbers(body):
    return [book["id"] for book in body["data"]]


def in_order(found, sort):
    """Sorted the slow way: by one key after the other, the last first. Nothing comes behind everything."""
    fields = {"title": "title", "pageCount": "pages", "inPrint": "in_print", "publishedAt": "published_at"}
    ordered = sorted(found, key=lambda book: book["number"])
    for part in reversed(sort.split(",") if sort else []):
        name = fields.get(part.removeprefix("-"), "number")
        ordered.sort(
            key=lambda book, name=name: (book[name] is None, book[name] if book[name] is not None else 0),
            reverse=part.startswith("-"),
        )
    return [book["number"] for book in ordered]


@settings(max_examples=100, deadline=None)
@given(books, sorts, st.integers(1, 5), st.booleans())
def test_following_next_shows_every_record_once_in_order(found, sort, size, counted):
    shelf, query = Shelf(found), {"sort": sort, "page[size]": size, "count": "true" if counted else "false"}
    body, seen = ask(shelf, **query), []

    for _ in range(len(found) + 2):
        seen += numbers(body)
        if counted:
            assert body["meta"] == {"count": len(found), "count_truncated": False}
        if "next" not in body["links"]:
            break
        body = follow(shelf, body, "next")

    assert seen == in_order(found, sort)
    assert "next" not in body["links"]


@settings(max_examples=100, deadline=None)
@given(books, sorts, st.integers(1, 5))
def test_following_prev_from_the_end_comes_back_over_the_same_pages(found, sort, size):
    shelf = Shelf(found)
    body = ask(shelf, sort=sort, **{"page[size]": size})
    pages = [numbers(body)]
    while "next" in body["links"]:
        body = follow(shelf, body, "next")
        pages.append(numbers(body))

    back = [numbers(body)]
    while "prev" in body["links"]:
        body = follow(shelf, body, "prev")
        back.append(numbers(body))

    assert back[::-1] == pages


@settings(max_examples=100, deadline=None)
@given(books, sorts, st.integers(1, 5))
def test_pages_by_offset_show_every_record_once_in_order(found, sort, size):
    shelf = Shelf(found)
    body, seen = ask(shelf, sort=sort, **{"page[limit]": size}), []
    seen += numbers(body)
    while "next" in body["links"]:
        body = follow(shelf, body, "next")
        seen += numbers(body)

    assert seen == in_order(found, sort)
    assert numbers(follow(shelf, body, "last")) == seen[(len(seen) - 1) // size * size :] if seen else True


@settings(max_examples=100, deadline=None)
@given(books, sorts, st.integers(1, 4), st.data())
def test_what_is_added_or_deleted_meanwhile_makes_no_other_record_appear_twice_or_not_at_all(found, sort, size, data):
    shelf = Shelf(found)
    body, seen = ask(shelf, sort=sort, **{"page[size]": size}), []
    stays = {book["number"] for book in found}
    while True:
        seen += numbers(body)
        if "next" not in body["links"]:
            break
        if shelf.books and data.draw(st.booleans()):
            gone = data.draw(st.sampled_from([book["number"] for book in shelf.books]))
            shelf.books = [book for book in shelf.books if book["number"] != gone]
            stays.discard(gone)
        body = follow(shelf, body, "next")

    assert len(seen) == len(set(seen))
    assert stays <= set(seen)


def test_a_list_in_order_of_ids_is_read_no_further_than_its_page():
    shelf = Shelf([{"number": number} for number in range(1, 1_001)], page=10)

    body = ask(shelf, **{"page[size]": 5})
    follow(shelf, body, "next")

    assert shelf.looked == 20


def test_when_time_is_up_a_page_is_short_and_the_next_goes_on_from_there():
    shelf = Shelf([{"number": number, "title": "x" if number == 9 else None} for number in range(1, 11)])
    hurried = Asking({"filter[title]": ("x",)}, out_of_time=lambda: True)

    body = list_body(BOOKS, hurried, shelf.search, {})

    assert (body["data"], shelf.looked) == ([], 3)
    assert numbers(follow(shelf, body, "next")) == [9]


def test_when_time_is_up_a_count_is_nothing_and_says_so():
    shelf = Shelf([{"number": number} for number in range(1, 11)])

    body = list_body(BOOKS, Asking({"count": ("true",)}, out_of_time=lambda: True), shelf.search, {})

    assert body["meta"] == {"count": 0, "count_truncated": True}


def test_a_count_that_takes_too_long_does_not_lead_back_to_what_was_shown():
    shelf = Shelf([{"number": number} for number in range(1, 31)])
    place = follow(shelf, ask(shelf, **{"page[size]": 12}), "next")["links"]["next"]
    values = dict(parse_qsl(urlsplit(place).query)) | {"count": "true"}
    hurried = Asking({name: (text,) for name, text in values.items()}, out_of_time=lambda: True)

    body = list_body(BOOKS, hurried, shelf.search, {})

    assert numbers(body) == [25, 26, 27]
    assert numbers(follow(shelf, body, "next")) == [28, 29, 30]
    assert body["meta"] == {"count": 0, "count_truncated": True}


def test_a_count_ends_somewhere(monkeypatch):
    monkeypatch.setattr(paging, "COUNT_LIMIT", 4)

    body = ask(Shelf([{"number": number} for number in range(1, 11)]), count="true", **{"page[size]": 2})

    assert body["meta"] == {"count": 4, "count_truncated": True}
    assert numbers(body) == [1, 2]
