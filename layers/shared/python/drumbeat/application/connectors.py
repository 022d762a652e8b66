"""Connectors: where the tenant's own apps listen for what a sequence asks and tells, and what signs what they get."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from types import EllipsisType
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.records import update_record
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.ids import Kind
from drumbeat.domain.sender_health import recovered
from drumbeat.domain.sequence import Sender, SenderKind, Sequence

if TYPE_CHECKING:
    from drumbeat.application.ports import LaneWaker, Numbers, Records, Sequences, Vault

_NO_LIMIT = 1_000_000


class Connectors(Protocol):
    """Keeps a sequence and its connectors in step."""

    def create(
        self, sequence: Sequence, connectors: Many[Sender], *, hours_revision: int, intent: str | None, now: int
    ) -> int | None: ...
    def attach(self, sequence: Sequence, connector: Sender) -> bool: ...


@dataclass(frozen=True, slots=True)
class ConnectorPorts:
    """What connectors touch; `senders` are those that are connectors."""

    sequences: Sequences
    connectors: Connectors
    senders: Records[Sender]
    numbers: Numbers
    vault: Vault
    lanes: LaneWaker


@dataclass(frozen=True, slots=True)
class App:
    """Where the tenant's app listens, None for nowhere yet, and a fresh secret for it."""

    url: str | None
    secret: str


@dataclass(frozen=True, slots=True)
class Connected:
    """A sequence with where its app listens; `secret` is there on the one occasion on which it is known."""

    sequence: Sequence
    url: str | None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class AppChange:
    """What somebody wants to be different about an app; `url` is where it listens: None for nowhere, `...` as it is.

    `afresh` asks for another secret; without it an app keeps its secret as long as it listens somewhere.
    """

    url: str | EllipsisType | None = ...
    afresh: bool = False

    @property
    def is_none(self) -> bool:
        """Whether everything stays as it is."""
        return isinstance(self.url, EllipsisType) and not self.afresh


@dataclass(frozen=True, slots=True)
class Listening:
    """Where an app listens; `secret` is there on the one occasion on which it is known."""

    url: str | None
    secret: str | None = None


def connector_for(ports: ConnectorPorts, sequence: Sequence, number: int, app: App, now: int) -> Sender:
    """The sequence's connector as it is kept: its secret opens only for this tenant and sender."""
    sealed = "" if app.url is None else ports.vault.seal(app.secret, tenant=sequence.tenant, sender=number)
    return Sender(
        tenant=sequence.tenant,
        number=number,
        sequence=None,
        label=None,
        host=app.url or "",
        port=0,
        username="",
        sealed_password=sealed,
        from_name="",
        from_email="",
        daily_limit=_NO_LIMIT,
        created_at=now,
        kind=SenderKind.CONNECTOR,
        workspace=sequence.workspace,
    )


def connected(senders: Records[Sender], sequence: Sequence) -> Connected:
    """The sequence with where its app listens."""
    found = None if sequence.connector is None else senders.get(sequence.tenant, sequence.connector)
    return Connected(sequence, None if found is None else found.host or None)


def set_app(ports: ConnectorPorts, sequence: Sequence, app: App, *, afresh: bool = False, now: int) -> Connected:
    """Lets the sequence's app listen elsewhere, or nowhere; it keeps its secret as long as it listens somewhere.

    With `afresh` the secret is a new one in any case.
    """
    if sequence.connector is None:
        if app.url is None:
            return Connected(sequence, None)
        number = ports.numbers.take(sequence.tenant, Kind.SENDER)
        if ports.connectors.attach(sequence, connector_for(ports, sequence, number, app, now)):
            return Connected(replace(sequence, connector=number), app.url, app.secret)
        sequence = get_sequence(ports.sequences, tenant=sequence.tenant, number=sequence.number)
    number = sequence.connector or 0
    moved = move_app(ports, sequence.tenant, number, AppChange(app.url, afresh), app.secret, now)
    return Connected(sequence, moved.url, moved.secret)


def move_app(ports: ConnectorPorts, tenant: int, number: int, change: AppChange, secret: str, now: int) -> Listening:
    """Changes the connector with this number, and tells the `secret` where it has become the app's. Raises NotFound."""
    sealed = "" if change.url is None else ports.vault.seal(secret, tenant=tenant, sender=number)

    def wanted(seen: Sender) -> Sender:
        url = seen.host if isinstance(change.url, EllipsisType) else change.url or ""
        keeps = bool(url and seen.host) and not change.afresh
        return replace(
            recovered(seen), host=url, sealed_password=seen.sealed_password if keeps else sealed if url else ""
        )

    ports.lanes.wake(tenant, [number], now)
    kept = update_record(ports.senders, "sender", tenant=tenant, number=number, change=wanted, now=now)
    is_new = bool(sealed) and kept.sealed_password == sealed
    return Listening(kept.host or None, secret if is_new else None)
