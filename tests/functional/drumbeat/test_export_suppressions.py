"""GET /drumbeat/v1/suppressions/export"""

import csv
import importlib
import io
from urllib.parse import parse_qs, urlsplit

from tests.world import Context, api_event, presented


def _export(caller, **query):
    """The answer as it is: it is no JSON."""
    handler = importlib.import_module("functions.drumbeat.export_suppressions").handler
    event = api_event("GET", query=query, headers=presented(caller.key, "drumbeat") | {"Host": "api.example"})
    return handler(event, Context())


def _suppress(caller, *rows):
    assert caller("suppress", {"emails": list(rows)}, group="drumbeat").status == 200


def test_a_spreadsheet_reads_it_and_computes_nothing(caller):
    hostile = [
        {"email": "=cmd@corp.example", "source": '=HYPERLINK("http://evil.example","x")'},
        {"email": "+1@corp.example", "source": "\uff1d1+1"},
        {"email": "-1@corp.example", "source": 'a,"b"'},
        {"email": "good@corp.example", "source": " @SUM(1)"},
    ]
    _suppress(caller, *hostile)

    answer = _export(caller)

    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "text/csv; charset=utf-8; header=present")
    assert "Link" not in answer["headers"]
    names, *rows = csv.reader(io.StringIO(answer["body"], newline=""), strict=True)
    assert names == ["email", "digest", "reason", "source", "since"]
    assert not [cell for row in rows for cell in row if cell.strip()[:1] in set("=+-@\uff1d\uff0b\uff0d\uff20")]
    told = {(row[0].removeprefix("'"), row[3].removeprefix("'")) for row in rows}
    assert told == {(row["email"], row["source"]) for row in hostile}


def test_the_parts_of_a_long_list_are_one_file(caller):
    emails = sorted(f"p{place}@corp.example" for place in range(7))
    _suppress(caller, *emails)
    query, parts = {"limit": "3", "reason": "manual"}, []

    while query:
        answer = _export(caller, **query)
        parts.append(answer["body"])
        link = answer["headers"].get("Link", "").partition(">")[0].removeprefix("<")
        assert link == "" or link.startswith("https://api.example/")
        query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}

    rows = list(csv.DictReader(io.StringIO("".join(parts), newline="")))
    assert (len(parts), sorted(row["email"] for row in rows)) == (3, emails)


def test_an_empty_list_is_a_file_with_names_of_columns(caller):
    assert _export(caller)["body"].splitlines() == ['"email","digest","reason","source","since"']


def test_a_cursor_that_is_none_is_refused(caller):
    assert _export(caller, cursor="nonsense")["statusCode"] == 422
