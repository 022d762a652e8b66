"""Inboxes on the table: one that is read from time to time stands in the queue index under the next look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, ConditionFailed, Table
from drumbeat.adapters.dynamodb.updates import Update, change_if_so
from drumbeat.domain.inbox import LEASE, Inbox, InboxName

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sender

_QUEUE = "queue"
_HOW_FAR = ("mailbox", "uid_validity", "uid", "refusals")
_CHANGES = (*_HOW_FAR, "due", "polled_at", "troubles", "refused_logins", "trouble", "owner", "lease")
_NAMES = tuple(field.name for field in fields(Inbox))
_LOOK_AFRESH = (
    "SET #tenant = :tenant, #sender = :sender, #since = if_not_exists(#since, :since), #due = :due, qpk = :qpk,"
    " qsk = :qsk REMOVE #owner, #lease, #trouble, #troubles, #refused"
)
_AFRESH_NAMES = {f"#{name}": name for name in ("tenant", "sender", "since", "due", "owner", "lease")} | {
    "#trouble": "trouble", "#troubles": "troubles", "#refused": "refused_logins"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InboxStore:
    """Keeps how far mailboxes have been read; whoever writes holds the lease."""

    table: Table

    def due(self, until: int, most: int) -> list[InboxName]:
        """The inboxes to be looked at by `until`, longest due first: one query, however many there are."""
        between = ("0", keys.wakes_until(until))
        page = next(self.table.pages(keys.waking_inboxes(), index=_QUEUE, between=between, limit=most), [])
        return [InboxName(*map(int, row["qsk"].split("#")[1:])) for row in page]

    def get(self, name: InboxName) -> Inbox | None:
        """The inbox, or None."""
        item = self.table.get(keys.inbox(*name))
        return None if item is None else inbox_of(item)

    def all(self, tenant: int) -> dict[int, Inbox]:
        """The tenant's inboxes, by sender."""
        found = map(inbox_of, self.table.items(keys.inboxes(tenant)))
        return {inbox.sender: inbox for inbox in found}

    def claim(self, name: InboxName, owner: str, now: int) -> Inbox | None:
        """The inbox, if it is due and nobody reads it; for whoever looks, it is due again when the lease is over."""
        lease = now + LEASE
        sets = {"owner": owner, "lease": lease, "due": lease} | _place(name, lease)
        update = Update(sets)
        try:
            item = self.table.update(
                keys.inbox(*name),
                update.expression,
                condition=f"{PRESENT} AND due <= :now",
                names=update.names,
                values=update.values | {":now": now},
            )
        except ConditionFailed as refusal:
            is_mine = refusal.item is not None and refusal.item.get("owner") == owner
            return inbox_of(refusal.item) if refusal.item is not None and is_mine else None
        return inbox_of(item)

    def keep(self, inbox: Inbox) -> bool:
        """Notes how far its owner has come; False if the inbox is no longer that owner's."""
        return self._change(inbox, {name: getattr(inbox, name) for name in _HOW_FAR})

    def release(self, claimed: Inbox, told: Inbox) -> bool:
        """Ends the claim with what the look came to; False if the inbox is no longer that owner's."""
        return self._change(claimed, {name: getattr(told, name) for name in _CHANGES} | _place(told.name, told.due))

    def _change(self, claimed: Inbox, sets: Mapping[str, Any]) -> bool:
        return change_if_so(self.table, keys.inbox(*claimed.name), Update(sets, where={"owner": claimed.owner}))

    def begin(self, sender: Sender, now: int) -> None:
        """Begins an inbox that a sender with a mailbox should have and has not."""
        inbox = Inbox(sender.tenant, sender.number, sender.created_at, now)
        try:
            self.table.put(inbox_item(inbox), condition=ABSENT)
        except ConditionFailed:
            return

    def census(self) -> int | None:
        """Up to which tenant old senders have the inboxes that they should have; None once all do."""
        item = self.table.get(keys.inbox_census())
        return 0 if item is None else item.get("through")

    def note_census(self, through: int | None) -> None:
        """Notes that they have them up to this tenant, or all."""
        partition, sort = keys.inbox_census()
        self.table.put({"PK": partition, "SK": sort, "through": through})


def inbox_item(inbox: Inbox) -> dict[str, Any]:
    """The whole item, with its place in the index."""
    partition, sort = keys.inbox(*inbox.name)
    return {"PK": partition, "SK": sort} | asdict(inbox) | _place(inbox.name, inbox.due)


def inbox_of(item: Mapping[str, Any]) -> Inbox:
    """The inbox that `inbox_item` wrote."""
    return Inbox(**({"due": None} | {name: item[name] for name in _NAMES if name in item}))


def look_afresh(table: Table, sender: Sender) -> list[dict[str, Any]]:
    """Members of a transaction that writes the sender: its mailbox, if it has one, is read as soon as can be.

    An inbox that never was begins here. Whoever reads it at this moment has lost it: it might know an old password.
    That of a sender without a mailbox is left to whoever looks at it next.
    """
    if sender.imap is None:
        return []
    due = sender.updated_at or sender.created_at
    place = _place(InboxName(sender.tenant, sender.number), due)
    values = {":tenant": sender.tenant, ":sender": sender.number, ":since": sender.created_at, ":due": due}
    values |= {f":{name}": value for name, value in place.items()}
    key = keys.inbox(sender.tenant, sender.number)
    return [table.update_write(key, _LOOK_AFRESH, names=_AFRESH_NAMES, values=values)]


def first_inboxes(senders: Sequence[Sender]) -> list[dict[str, Any]]:
    """The inboxes of new senders, for those that have a mailbox."""
    return [
        inbox_item(Inbox(sender.tenant, sender.number, sender.created_at, sender.created_at))
        for sender in senders
        if sender.imap is not None
    ]


def _place(name: InboxName, due: int | None) -> dict[str, Any]:
    """The queue index's keys: nothing for what nobody looks at any more."""
    if due is None:
        return {"qpk": None, "qsk": None}
    return {"qpk": keys.waking_inboxes(), "qsk": keys.waking_inbox_sort(due, *name)}
