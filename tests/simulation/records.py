"""What the oracle keeps: claims, accepted mails and the instants of stops. Items are read as the store keeps them."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from tests.memory.values import Item
from tests.simulation.scheduler import Process


class Violation(BaseException):
    """The system broke a promise: `kind` says which. No `except Exception` of the code under test may swallow it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Who(NamedTuple):
    """An enrollment of a tenant."""

    tenant: int
    sequence: int
    contact: int
    run: int


@dataclass(slots=True, eq=False)
class Claim:
    """One claim, from its commit on; `fate` is what the mail server knows of its mail."""

    who: Who
    process: Process
    owner: str
    step: int
    epoch: int
    sender: int
    at: int
    commit: int
    lease: int
    life: int
    bound: bool = False
    fate: str | None = None


@dataclass(slots=True)
class Accepted:
    """A mail that a server took over."""

    claim: Claim
    at: int
    sender: int


@dataclass(slots=True)
class Stops:
    """Since when somebody or something must not send or be mailed, by its number; absent while it may.

    Sequences and senders have the number of the commit that stopped them, contacts and addresses the instant.
    """

    paused: dict[tuple[int, int], int] = field(default_factory=dict)
    senders: dict[tuple[int, int], int] = field(default_factory=dict)
    contacts: dict[tuple[int, int], int] = field(default_factory=dict)
    addresses: dict[tuple[int, str], int] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def kind_of(partition: str) -> tuple[str, int]:
    """What lies in a partition, and whose it is."""
    parts = partition.split("#")
    tenant = int(parts[1])
    if len(parts) == 2:
        return "tenant", tenant
    match parts[2]:
        case "S" if len(parts) == 5 and parts[4] != "SKIPS":
            return "enrollment", tenant
        case "C":
            return "contact", tenant
    return parts[2].lower(), tenant


def number(item: Item, name: str) -> int:
    """A numeric attribute that is there."""
    return int(item[name]["N"])


def maybe(item: Item, name: str) -> int | None:
    """A numeric attribute, None if it is not there."""
    value = item.get(name)
    return None if value is None else int(value["N"])


def text(item: Item | None, name: str) -> str | None:
    """A text attribute, None if it or the item is not there."""
    value: Any = None if item is None else item.get(name)
    return None if value is None else value["S"]


def who(tenant: int, item: Item) -> Who:
    """Whose item this is."""
    return Who(tenant, number(item, "sequence"), number(item, "contact"), number(item, "run"))
