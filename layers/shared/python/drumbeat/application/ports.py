"""What the use cases need from the outside world."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from drumbeat.domain.contact import Contact, ContactImport
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.sequence import Program, Sender, SequenceStatus
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.tenant import ApiKey, Tenant


class Numbers(Protocol):
    """Hands out numbers. A number is never handed out twice; gaps are normal."""

    def take(self, tenant: int, kind: Kind, count: int = 1) -> int:
        """The first of `count` consecutive numbers that nobody has had."""
        ...


class Vault(Protocol):
    """Seals secrets so that they open only under the same tenant and sender."""

    def seal(self, secret: str, *, tenant: int, sender: int) -> str: ...

    def open(self, sealed: str, *, tenant: int, sender: int) -> str: ...


class MailDomains(Protocol):
    """Knows which domains take mail."""

    def without_mx(self, domains: Iterable[str]) -> set[str]:
        """Those among `domains` that certainly have no MX record; a failed look-up is no proof."""
        ...
