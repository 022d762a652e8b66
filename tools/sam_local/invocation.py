"""One call of a function by the interface that Lambda's emulators share, and what came of it."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any

from tools.samples.effects import effect_differences
from tools.samples.events import moved
from tools.samples.outcomes import differences, expected, outcomes
from tools.template import Function

_API = "/2015-03-31/functions/{}/invocations"


@dataclass(frozen=True)
class Row:
    """How a function's sample fared at a level."""

    function: str
    level: str
    problems: list[str]
    milliseconds: int

    @property
    def passed(self) -> bool:
        """Whether the answer was what is expected of the sample."""
        return not self.problems


class Stopwatch:
    """Measures from the moment it is made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def milliseconds(self) -> int:
        """Since it was made."""
        return round((time.monotonic() - self._began) * 1000)


def event_of(function: Function) -> bytes:
    """The event that it is called with: its sample, as it would come now."""
    return json.dumps(moved(function.sample, time.time_ns() // 1_000_000)).encode()


def post(address: tuple[str, int], name: str, event: bytes, patience: float) -> str:
    """Calls the function of that name there; its answer as text.

    Raises OSError or http.client.HTTPException where nobody answers within `patience` seconds.
    """
    connection = http.client.HTTPConnection(*address, timeout=patience)
    try:
        connection.request("POST", _API.format(name), event)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def problems_of(function: Function, text: str) -> list[str]:
    """What is wrong with what a function said to its sample; empty where nothing is.

    The emulators tell of an error, or of a function that took too long, in the text alone: neither a status nor an exit
    code does.
    """
    try:
        answer = json.loads(text)
    except ValueError:
        return [f"no answer: {text.strip() or 'nothing'}"]
    if isinstance(answer, dict) and "errorType" in answer:
        return [f"{answer['errorType']}: {answer.get('errorMessage')}"]
    return problems_of_answer(function, answer)


def problems_of_answer(function: Function, answer: Any) -> list[str]:
    """What is not as it is written down of a function's sample: in its answer, or in what it left behind."""
    if function.name not in outcomes():
        return ["what its sample comes to is not written down in tools/samples/outcomes"]
    outcome = expected(function.name)
    return [*differences(outcome, answer), *effect_differences(outcome)]
