"""Senders of no sequence: they send whatever enrollments are bound to them, of as many sequences as there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from drumbeat.application.senders import NewSender, remove_sender, remove_unbound, seal
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind
from drumbeat.domain.reach import WHOLE, Reach
from drumbeat.domain.sender_health import recovered

if TYPE_CHECKING:
    from drumbeat.application.ports import LaneWaker, Numbers, SenderLanes, Sequences, Vault
    from drumbeat.domain.sequence import Sender


@dataclass(frozen=True, slots=True)
class NewSharedSender:
    """What a tenant asks for: a sender with whose it is, its own pace in seconds and its cap, none if None.

    It belongs to a `workspace`, or to the whole account.
    """

    sender: NewSender
    user: int | None = None
    workspace: int | None = None
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
        workspace=wanted.workspace,
        pace=wanted.pace,
        daily_mails=wanted.daily_mails,
        disabled_at=None if wanted.disabled_reason is None else now,
        disabled_reason=wanted.disabled_reason,
        fields=wanted.fields,
        updated_at=now,
    )
    made = sequences.create_sender(sender, intent=intent, now=now)
    return sender if made == number else find_sender(sequences, tenant=tenant, number=made)


def find_sender(sequences: Sequences, *, tenant: int, number: int, by: Reach = WHOLE) -> Sender:
    """The sender, of a sequence or not. Raises NotFound, for what is no mailbox or is beyond a key's reach too."""
    sender = sequences.sender(tenant, number)
    if sender is None or not sender.is_mailbox or not by.covers(workspace=sender.workspace, sender=number):
        raise NotFound("sender")
    return sender


def list_mailboxes(sequences: Sequences, *, tenant: int, by: Reach, after: int = 0) -> Iterator[Sender]:
    """The senders of mails behind `after` within a key's reach, of sequences or not, oldest first."""
    for sender in sequences.all_senders(tenant, after=after):
        if sender.is_mailbox and by.covers(workspace=sender.workspace, sender=sender.number):
            yield sender


def change_sender(
    sequences: Sequences,
    lanes: LaneWaker,
    *,
    tenant: int,
    number: int,
    change: Callable[[Sender], Sender],
    now: int,
    by: Reach = WHOLE,
) -> Sender:
    """Applies `change` to the sender, of a sequence or not, whose rest is over then.

    Raises NotFound as `find_sender`.
    """
    changed = change(recovered(find_sender(sequences, tenant=tenant, number=number, by=by)))
    sender = replace(changed, updated_at=now)
    lanes.wake(tenant, [number], now)
    sequences.update_sender(sender)
    return sender


def delete_sender(
    sequences: Sequences, lanes: SenderLanes, *, tenant: int, number: int, now: int, by: Reach = WHOLE
) -> None:
    """Deletes the sender, of a sequence or not.

    Raises NotFound as `find_sender`, and StillInUse while enrollments are bound to it.
    """
    sender = find_sender(sequences, tenant=tenant, number=number, by=by)
    if sender.sequence is None:
        remove_unbound(sequences, lanes, sender, now)
    else:
        remove_sender(sequences, lanes, tenant=tenant, sequence_number=sender.sequence, number=sender.number, now=now)
