"""What the production modules take from the machine, replaced for a schedule: sleeping, chance, and mails' bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn

from drumbeat.adapters import sqs
from drumbeat.adapters.dynamodb import items, table
from drumbeat.application import deliver
from drumbeat.application.send_ports import StepRequest
from drumbeat.domain import token
from drumbeat.domain.contact import Contact
from drumbeat.domain.mail import Mail, Marks
from drumbeat.domain.sealing import TokenKeys
from drumbeat.domain.sequence import Sender, Step
from tests.simulation.records import Who
from tests.simulation.scheduler import Scheduler

KEYS = TokenKeys(1, {1: b"simulation"})


def compose(sender: Sender, contact: Contact, _step: Step, marks: Marks, *_: Any, **__: Any) -> Mail:
    """A mail without words: building a real one takes longer than everything else (its tests are elsewhere)."""
    return Mail(sender.from_email, contact.email, marks.message_id.encode())


class NoApp:
    """In a world without steps that tenants' apps are asked for."""

    def ask(self, app: Sender, request: StepRequest) -> NoReturn:
        raise RuntimeError(f"sender {app.number} is asked for step {request.enrollment.step}")


@lru_cache(maxsize=10_000)
def _message_id(*place: Any) -> str:
    return token.message_id(KEYS, *place)


@lru_cache(maxsize=10_000)
def identify(mail: Mail) -> tuple[Who, int]:
    """Which step of which enrollment a mail is, as a reply to it would tell."""
    found = token.identified_by(KEYS, mail.content.decode())
    if found is None:
        raise RuntimeError("not one of our mails")
    tenant, key, step = found
    return Who(tenant, key.sequence, key.contact, key.run), step


class Plain:
    """`from_wire` that remembers items, lists and maps: the store never changes one in place."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Any, Any]] = {}
        self._items: dict[int, tuple[Any, dict[str, Any]]] = {}

    def __call__(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item as plain values."""
        seen = self._items.get(id(item))
        if seen is None:
            seen = self._items[id(item)] = item, self._read(item)
        return seen[1].copy()

    def _read(self, item: dict[str, Any]) -> dict[str, Any]:
        plain = {}
        for name, value in item.items():
            if "S" in value:
                plain[name] = value["S"]
            elif "N" in value:
                plain[name] = _number(value["N"])
            else:
                plain[name] = self._remembered(value)
        return plain

    def _remembered(self, value: Any) -> Any:
        seen = self._seen.get(id(value))
        if seen is None:
            seen = self._seen[id(value)] = value, items._plain(value)
        return seen[1]


def _number(content: str) -> int | float:
    try:
        return int(content)
    except ValueError:
        return float(content)


@contextmanager
def _with(module: ModuleType, **others: Any) -> Iterator[None]:
    """Others in place of a module's members: what `patch.multiple` does, in a tenth of the time."""
    members = {name: getattr(module, name) for name in others}
    module.__dict__.update(others)
    try:
        yield
    finally:
        module.__dict__.update(members)


@contextmanager
def standing_in(scheduler: Scheduler, rng: Random) -> Iterator[None]:
    """Virtual time and drawn chance for the adapters that sleep; cheap mails for the sender."""
    clock = SimpleNamespace(sleep=lambda seconds: scheduler.sleep(int(seconds * 1_000)))
    numbers = iter(range(10**9))
    uuids = SimpleNamespace(uuid4=lambda: f"uuid-{next(numbers)}")
    with (
        _with(table, time=clock, random=rng, uuid=uuids, from_wire=Plain()),
        _with(sqs, time=clock, random=rng),
        _with(
            deliver,
            compose=compose,
            message_id=lambda _keys, *place: _message_id(*place),
            open_token=lambda *_: "",
            unsubscribe_token=lambda *_: "",
            feedback_token=lambda *_: "",
        ),
    ):
        yield
