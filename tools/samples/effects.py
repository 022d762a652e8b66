"""What a function has left behind in the stack, beside what was expected: its outcome's `effects`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from drumbeat import bootstrap
from drumbeat.domain.ids import EnrollmentKey
from tools.samples.outcomes import Outcome, unlike
from tools.samples.prepared import TENANT
from tools.samples.stack import messages


def effect_differences(outcome: Outcome) -> list[str]:
    """How the stack that the environment names is not as it should be afterwards; takes the messages it looks at."""
    return [line for kind, wanted in (outcome.effects or {}).items() for line in _unlike(kind, wanted)]


def _unlike(kind: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, part in wanted.items():
        yield from unlike(part, _READERS[kind](name), f"{kind} {name}")


def _enrollment(name: str) -> Any:
    """Of sequence.contact.run; None if it is not there."""
    found = bootstrap.enrollments().get(TENANT, EnrollmentKey(*map(int, name.split("."))))
    return None if found is None else asdict(found)


_READERS: Mapping[str, Callable[[str], Any]] = {"enrollments": _enrollment, "queues": messages}
