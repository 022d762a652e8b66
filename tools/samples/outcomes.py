"""What each function's sample comes to, written down in outcomes/<group>.json, and how far an answer is from that."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ANYTHING = "*"
"""As an expected value: anything but null."""
OTHERS = "..."
"""In an expected list: any number of elements, which are not looked at."""
_FOLDER = Path(__file__).with_name("outcomes")


@dataclass(frozen=True)
class Outcome:
    """What an answer must have: the named fields, equal; lists of that length, one by one (`OTHERS` apart).

    `status`, `headers` and `body` are of an answer over HTTP, `says` is text that its page must have; `answer` is what
    any other function returns. `effects` is what is in the stack afterwards (tools.samples.effects).
    """

    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: Any = None
    says: str | None = None
    answer: Any = None
    effects: Mapping[str, Any] | None = None
    why: str | None = None
    """Where the outcome is not a good one: why nothing else is possible."""


@cache
def outcomes() -> Mapping[str, Outcome]:
    """Every outcome, by function, as ampout/enroll."""
    groups = {path.stem: json.loads(path.read_text()) for path in sorted(_FOLDER.glob("*.json"))}
    return {f"{group}/{name}": Outcome(**told) for group, written in groups.items() for name, told in written.items()}


def expected(function: str) -> Outcome:
    """What a function's sample comes to. Raises KeyError where nobody has written it down."""
    return outcomes()[function]


def differences(outcome: Outcome, answer: Any) -> list[str]:
    """How an answer is not what was expected, a line each; empty where it is."""
    if outcome.status is None:
        return list(unlike(outcome.answer, answer, "answer"))
    if not isinstance(answer, Mapping) or "statusCode" not in answer:
        return [f"answer: {answer!r} is none over HTTP"]
    if answer["statusCode"] != outcome.status:
        return [f"status: {answer['statusCode']} instead of {outcome.status}: {answer.get('body')}"]
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    wanted = {name.lower(): value for name, value in (outcome.headers or {}).items()}
    found = list(unlike(wanted, headers, "headers"))
    if outcome.says is not None and outcome.says not in answer["body"]:
        found.append(f"body: has no {outcome.says!r}")
    if outcome.body is not None:
        found += unlike(outcome.body, _read(answer["body"]), "body")
    return found


def unlike(wanted: Any, given: Any, place: str) -> Iterator[str]:
    """Where what is given lacks, or has otherwise, what is wanted."""
    match wanted:
        case "*":
            if given is None:
                yield f"{place}: null"
        case dict() if isinstance(given, dict):
            for name, part in wanted.items():
                if name in given:
                    yield from unlike(part, given[name], f"{place}.{name}")
                else:
                    yield f"{place}.{name}: not there, only {', '.join(given)}"
        case list() if isinstance(given, list | tuple):
            yield from _unlike_list(wanted, list(given), place)
        case _ if isinstance(wanted, bool) is not isinstance(given, bool) or wanted != given:
            yield f"{place}: {given!r} instead of {wanted!r}"


def _unlike_list(wanted: list[Any], given: list[Any], place: str) -> Iterator[str]:
    if OTHERS in wanted:
        at, most = wanted.index(OTHERS), len(wanted) - 1
        behind = len(given) - most + at
        wanted, given = wanted[:at] + wanted[at + 1 :], given[:at] + given[max(behind, at) :]
    if len(wanted) != len(given):
        yield f"{place}: {len(given)} instead of {len(wanted)}: {given!r}"
        return
    for number, (part, value) in enumerate(zip(wanted, given, strict=True)):
        yield from unlike(part, value, f"{place}[{number}]")


def _read(body: str) -> Any:
    """A JSON text's value, NDJSON's lines as a list, any other text as it is, also an empty one."""
    if not body:
        return body
    try:
        return json.loads(body)
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in body.splitlines()]
    except ValueError:
        return body
