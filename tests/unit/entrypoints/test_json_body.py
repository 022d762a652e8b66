"""A body is one plain JSON document, or it is refused."""

import base64
import json
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.errors import BadRequest, TooLarge
from drumbeat.entrypoints.json_body import MAX_DEPTH, parse, read_body

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(VALUES)
def test_a_plain_document_comes_through_as_it_is(document):
    assert parse(json.dumps(document).encode()) == document
    assert parse(json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")) == document


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_other_bytes_are_refused_and_never_break_anything(raw):
    with suppress(BadRequest):
        document = parse(raw)
        assert parse(json.dumps(document).encode()) == document


@given(st.binary() | VALUES.map(lambda value: json.dumps(value).encode()), st.booleans())
def test_a_body_is_the_same_encoded_or_bare(raw, encode):
    text = base64.b64encode(raw).decode() if encode else raw.decode("latin1")
    event = {"body": text, "isBase64Encoded": encode}

    try:
        document = read_body(event, 1_000_000)
    except BadRequest:
        return
    assert document == (parse(raw if encode else text.encode()) if raw else None)


@pytest.mark.parametrize("event", [{}, {"body": None}, {"body": ""}, {"body": "", "isBase64Encoded": True}])
def test_no_body_is_no_document(event):
    assert read_body(event, 10) is None


def test_the_limit_counts_bytes_not_letters():
    assert read_body({"body": '"éé"'}, 6) == "éé"
    with pytest.raises(TooLarge) as refusal:
        read_body({"body": '"ééé"'}, 6)
    assert refusal.value.details == {"limit": 6}


def test_the_limit_counts_what_is_encoded():
    encoded = base64.b64encode(b'"' + b"x" * 98 + b'"').decode()

    assert read_body({"body": encoded, "isBase64Encoded": True}, 100) == "x" * 98
    with pytest.raises(TooLarge):
        read_body({"body": encoded, "isBase64Encoded": True}, 99)


def test_what_is_too_large_is_not_even_parsed():
    with pytest.raises(TooLarge):
        read_body({"body": "[" * 1_000_000}, 1_000)


@pytest.mark.parametrize("text", ["@@@", "e30", "e30=\n", "e3 0=", "é", "e30==="])
def test_what_is_not_base64_is_refused(text):
    with pytest.raises(BadRequest, match="base64"):
        read_body({"body": text, "isBase64Encoded": True}, 100)


@pytest.mark.parametrize("nest", [lambda n: "[" * n + "1" + "]" * n, lambda n: '{"a":' * n + "1" + "}" * n])
def test_the_deepest_nesting_is_taken_and_one_more_is_refused(nest):
    assert parse(nest(MAX_DEPTH).encode()) is not None
    with pytest.raises(BadRequest, match="deep"):
        parse(nest(MAX_DEPTH + 1).encode())


HOSTILE = {
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "digits": b"9" * 5_000,
    "many digits": b"9" * 1_000_000,
    "negative digits": b"-" + b"9" * 5_000,
    "a float of digits": b"1." + b"9" * 1_000_000 + b"e400",
    "NaN": b"NaN",
    "Infinity": b"[Infinity]",
    "-Infinity": b'{"a": -Infinity}',
    "1e999": b"1e999",
    "-1e999": b"[-1e999]",
    "repeated": b'{"a": 1, "\\u0061": 2}',
    "trailing": b"{} {}",
    "BOM": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "not UTF-8": b'"\xff"',
    "overlong": b'"\xc0\x80"',
    "raw control": b'"\n"',
    "empty": b"",
    "NUL": b"\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_quickly_and_cheaply(name):
    tracemalloc.start()
    began = time.process_time()

    with pytest.raises(BadRequest):
        parse(HOSTILE[name])

    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 1
    assert peak < 50_000_000


def test_a_refusal_says_where():
    with pytest.raises(BadRequest, match="line 2 column 3"):
        parse(b"{\n  x}")


def test_a_hundred_thousand_names_are_no_trouble():
    assert len(parse(json.dumps({f"k{n}": n for n in range(100_000)}).encode())) == 100_000
