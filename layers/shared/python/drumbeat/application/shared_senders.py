"""Senders of no sequence: they send whatever enrollments are bound to them, of as many sequences as there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from drumbeat.application.ports import LaneWaker, Numbers, SenderLanes, Sequences, Vault
from drumbeat.application.senders import NewSender, remove_sender, remove_unbound, seal
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind
from drumbeat.domain.sender_health import recovered
from drumbeat.domain.sequence import Sender


@dataclass(frozen=True, slots=True)
class NewSharedSender:
    """What a tenant asks for: a sender with whose it is, its own pace in seconds and its cap, none if None."""

    sender: NewSender
    user: int | None = None
    pace: tuple[int, int] | None = None
    daily_mails: int | None = None
    disabled_reason: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def create_shared_sender(
    sequences: Sequences,
    numbers: Numbers,
    vault: Vault,
    *,
    tenant: int,
    wanted: NewSharedSender,
    intent: str | None,
    now: int,
) -> Sender:
    """Makes a sender that is in no rotation; one with a `disabled_reason` sends nothing yet."""
    number = numbers.take(tenant, Kind.SENDER)
    sealed = seal(vault, wanted.sender, tenant=tenant, sequence=None, number=number, now=now)
    sender = replace(
        sealed,
        user=wanted.user,
        pace=wanted.pace,
        daily_mails=wanted.daily_mails,
        disabled_at=None if wanted.disabled_reason is None else now,
        disabled_reason=wanted.disabled_reason,
        fields=wanted.fields,
        updated_at=now,
    )
    made = sequences.create_sender(sender, intent=intent, now=now)
    return sender if made == number else find_sender(sequences, tenant=tenant, number=made)


def find_sender(sequences: Sequences, *, tenant: int, number: int) -> Sender:
    """The sender, of a sequence or not. Raises NotFound, for what is no mailbox too."""
    sender = sequences.sender(tenant, number)
    if sender is None or not sender.is_mailbox:
        raise NotFound("sender")
    return sender


def change_sender(
    sequences: Sequences, lanes: LaneWaker, *, tenant: int, number: int, change: Callable[[Sender], Sender], now: int
) -> Sender:
    """Applies `change` to the sender, of a sequence or not, whose rest is over then. Raises NotFound."""
    changed = change(recovered(find_sender(sequences, tenant=tenant, number=number)))
    sender = replace(changed, updated_at=now)
    lanes.wake(tenant, [number], now)
    sequences.update_sender(sender)
    return sender


def delete_sender(sequences: Sequences, lanes: SenderLanes, *, tenant: int, number: int, now: int) -> None:
    """Deletes the sender, of a sequence or not. Raises NotFound, and StillInUse while enrollments are bound to it."""
    sender = find_sender(sequences, tenant=tenant, number=number)
    if sender.sequence is None:
        remove_unbound(sequences, lanes, sender, now)
    else:
        remove_sender(sequences, lanes, tenant=tenant, sequence_number=sender.sequence, number=sender.number, now=now)
