"""Senders: identities that send, with their secrets sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.domain.errors import NotFound, StillInUse, StoreBusy
from drumbeat.domain.ids import Kind
from drumbeat.domain.sender_health import recovered, switched_on
from drumbeat.domain.sequence import ImapAccess, Sender, SenderKind

if TYPE_CHECKING:
    from drumbeat.application.ports import LaneWaker, Numbers, SenderLanes, Sequences, Vault

_TRIES = 5
_STILL_BOUND = (
    "Enrollments are bound to this sender, or were about to be a moment ago: bind them to another one, or end them."
)


@dataclass(frozen=True, slots=True)
class NewImapAccess:
    """Where replies arrive, with the password still in clear."""

    host: str
    port: int
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class NewSender:
    """What a tenant asks for, with passwords still in clear. Only the kind smtp has a server to log in at."""

    label: str | None
    from_name: str
    from_email: str
    daily_limit: int
    kind: SenderKind = SenderKind.SMTP
    host: str = ""
    port: int = 0
    username: str = ""
    password: str = ""
    imap: NewImapAccess | None = None
    tagged_return_path: bool = False


def seal(vault: Vault, wanted: NewSender, *, tenant: int, sequence: int | None, number: int, now: int) -> Sender:
    """The sender as it is kept: its passwords open only for this tenant and sender."""
    logs_in = wanted.kind is SenderKind.SMTP
    return Sender(
        tenant=tenant,
        number=number,
        sequence=sequence,
        label=wanted.label,
        host=wanted.host,
        port=wanted.port,
        username=wanted.username,
        sealed_password=vault.seal(wanted.password, tenant=tenant, sender=number) if logs_in else "",
        from_name=wanted.from_name,
        from_email=wanted.from_email,
        daily_limit=wanted.daily_limit,
        created_at=now,
        imap=seal_imap(vault, wanted.imap, tenant=tenant, number=number),
        kind=wanted.kind,
        tagged_return_path=wanted.tagged_return_path,
    )


def seal_imap(vault: Vault, wanted: NewImapAccess | None, *, tenant: int, number: int) -> ImapAccess | None:
    """The mailbox access as it is kept."""
    if wanted is None:
        return None
    sealed = vault.seal(wanted.password, tenant=tenant, sender=number)
    return ImapAccess(wanted.host, wanted.port, wanted.username, sealed)


def login_problem(sender: Sender, asked: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a change of host, port, username or password: the field at fault, and why; None if nothing.

    A sender of another kind logs in nowhere. What is kept goes to no server that it was not given for.
    """
    if not asked:
        return None
    if sender.kind is not SenderKind.SMTP:
        return "kind", "This mailbox logs in at no server."
    server = asked.get("host", sender.host), asked.get("port", sender.port)
    if "password" not in asked and server != (sender.host, sender.port):
        return "password", "Another server needs the password again."
    return None


def with_login(sender: Sender, asked: Mapping[str, Any], vault: Vault) -> Sender:
    """The sender with what is asked for of host, port, username and password; the password is sealed on the way."""
    plain = {name: value for name, value in asked.items() if name != "password"}
    if "password" not in asked:
        return replace(sender, **plain)
    return replace(
        sender, **plain, sealed_password=vault.seal(asked["password"], tenant=sender.tenant, sender=sender.number)
    )


def add_sender(
    sequences: Sequences,
    numbers: Numbers,
    vault: Vault,
    lanes: LaneWaker,
    *,
    tenant: int,
    sequence_number: int,
    wanted: NewSender,
    intent: str | None,
    now: int,
) -> Sender:
    """Puts another sender into the sequence's rotation. Raises NotFound."""
    if sequences.get(tenant, sequence_number) is None:
        raise NotFound("sequence")
    number = numbers.take(tenant, Kind.SENDER)
    sender = seal(vault, wanted, tenant=tenant, sequence=sequence_number, number=number, now=now)
    lanes.wake(tenant, [number], now)
    made = sequences.add_sender(sender, intent=intent, now=now)
    return (
        sender if made == number else get_sender(sequences, tenant=tenant, sequence_number=sequence_number, number=made)
    )


def list_senders(sequences: Sequences, *, tenant: int, sequence_number: int) -> list[Sender]:
    """The sequence's senders in the order of their rotation. Raises NotFound."""
    sequence = sequences.get(tenant, sequence_number)
    if sequence is None:
        raise NotFound("sequence")
    return sequences.senders(sequence)


def get_sender(sequences: Sequences, *, tenant: int, sequence_number: int, number: int) -> Sender:
    """The sequence's sender. Raises NotFound for the sequence or the sender."""
    if sequences.get(tenant, sequence_number) is None:
        raise NotFound("sequence")
    sender = sequences.sender(tenant, number)
    if sender is None or sender.sequence != sequence_number:
        raise NotFound("sender")
    return sender


def update_sender(
    sequences: Sequences,
    lanes: LaneWaker,
    *,
    tenant: int,
    sequence_number: int,
    number: int,
    change: Callable[[Sender], Sender],
    now: int,
) -> Sender:
    """Applies `change` to the sender, which may let it send what it could not before: its rest is over.

    Raises NotFound.
    """
    sender = change(recovered(get_sender(sequences, tenant=tenant, sequence_number=sequence_number, number=number)))
    lanes.wake(tenant, [number], now)
    sequences.update_sender(sender)
    return sender


def remove_sender(
    sequences: Sequences, lanes: SenderLanes, *, tenant: int, sequence_number: int, number: int, now: int
) -> None:
    """Deletes the sender; the sequence's other senders take its follow-ups over.

    Raises NotFound, and StillInUse for one that enrollments are bound to.
    """
    sender = get_sender(sequences, tenant=tenant, sequence_number=sequence_number, number=number)
    sequence = sequences.get(tenant, sequence_number)
    if sequence is not None:
        lanes.wake(tenant, [other for other in sequence.senders if other != number], now)
    remove_unbound(sequences, lanes, sender, now)


def remove_unbound(sequences: Sequences, lanes: SenderLanes, sender: Sender, now: int) -> None:
    """Deletes a sender that nothing is bound to, or begins to be meanwhile. Raises NotFound, StillInUse."""
    for _ in range(_TRIES):
        revision = lanes.revision_if_unbound(sender.tenant, sender.number, now)
        if revision is None:
            raise StillInUse(_STILL_BOUND)
        if sequences.remove_sender(sender, lane_revision=revision):
            return
    raise StoreBusy("The sender keeps changing. Try again.")


def reenable_sender(
    sequences: Sequences, lanes: LaneWaker, *, tenant: int, sequence_number: int, number: int, now: int
) -> Sender:
    """Lets a disabled sender send again. Raises NotFound."""
    return update_sender(
        sequences,
        lanes,
        tenant=tenant,
        sequence_number=sequence_number,
        number=number,
        change=lambda sender: switched_on(sender, now),
        now=now,
    )
