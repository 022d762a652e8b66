"""Relinking enrollments: whom they are about, who sends them, and when; one row or many, each answered on its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.lead_ports import Found, Leads, Wanted, may_serve
from drumbeat.domain.contact import Contact
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind
from drumbeat.domain.person_name import first_and_last
from drumbeat.domain.relink import Decision, Group, decide
from drumbeat.domain.relink_row import KEEPS_CHANGING, SENDER_GONE, Picture, Result, Row
from drumbeat.domain.resolution import senders_for

if TYPE_CHECKING:
    from drumbeat.application.enrollment_actions import EnrollmentChanges
    from drumbeat.application.ports import Contacts, LaneWaker, Numbers, Sequences
    from drumbeat.domain.lifecycle import Move
    from drumbeat.domain.reach import Reach
    from drumbeat.domain.sequence import Sequence as Cadence

_TRIES = 5


@dataclass(frozen=True, slots=True)
class RelinkPorts:
    """What relinking touches."""

    leads: Leads
    changes: EnrollmentChanges
    contacts: Contacts
    numbers: Numbers
    sequences: Sequences
    lanes: LaneWaker


class Relinking(NamedTuple):
    """What became of each row, the sequence that they were about, and the addresses of contacts that they brought.

    A contact that a later row of the same enrollment replaced has a number there, and was never made.
    """

    sequence: Cadence
    results: list[Result]
    addresses: Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class _Call:
    """What is asked. `woken` are the senders whose lanes have been told."""

    ports: RelinkPorts
    tenant: int
    sequence: int
    retry_now: bool
    reach: Reach
    now: int
    woken: set[int]


class _Looked(NamedTuple):
    """What was read, and the contacts in it that are not there yet, by number."""

    picture: Picture
    fresh: Mapping[int, Contact]


def relink_enrollments(
    ports: RelinkPorts,
    *,
    tenant: int,
    sequence_number: int,
    rows: Sequence[Row],
    retry_now: bool,
    reach: Reach,
    now: int,
    asked_at: int | None = None,
) -> Relinking:
    """Applies the rows one by one in their order and tells what became of each; a refused one changes nothing.

    Rows that touch each other by an external id are written together or not at all, every other one on its own. Nothing
    is sent here: with `retry_now`, what a row leaves active is due at once, and leaves at the next tick. Said again, a
    call comes to the same, and hurries nothing that has had a step done since `asked_at`.

    Raises NotFound for the sequence, and StoreBusy.
    """
    call = _Call(ports, tenant, sequence_number, retry_now, reach, now, set())
    results: dict[int, Result] = {}
    left = dict(enumerate(rows))
    losses = 0
    addresses: dict[int, str | None] = {}
    looked = _look(call, left)
    while left:
        addresses |= {number: person.email for number, person in looked.fresh.items()}
        decision = decide(looked.picture, left, retry_now=retry_now, now=now, asked_at=asked_at)
        written, lost = _write(call, looked, decision)
        results |= written
        losses += bool(lost)
        if losses >= _TRIES:
            results |= dict.fromkeys(lost, KEEPS_CHANGING)
            lost = []
        left = {place: rows[place] for place in sorted([*lost, *decision.later])}
        looked = _look(call, left) if left else looked
    return Relinking(looked.picture.sequence, [results[place] for place in range(len(rows))], addresses)


def relink_one(ports: RelinkPorts, *, tenant: int, row: Row, retry_now: bool, reach: Reach, now: int) -> Relinking:
    """`relink_enrollments` of one row, in its own sequence. Raises NotFound for the enrollment, and StoreBusy."""
    if row.key is None:
        raise NotFound("enrollment")
    number = row.key.sequence
    try:
        return relink_enrollments(
            ports, tenant=tenant, sequence_number=number, rows=[row], retry_now=retry_now, reach=reach, now=now
        )
    except NotFound as refusal:
        raise NotFound("enrollment") from refusal


def _look(call: _Call, rows: Mapping[int, Row]) -> _Looked:
    """What the rows are about, as far as the caller reaches; a contact that is not there yet has a number already."""
    changes = [row.changes for row in rows.values()]
    emails = [change["email"] for change in changes if change.get("email") is not None]
    wanted = Wanted(
        sequence=call.sequence,
        enrollments=list(dict.fromkeys(row.key for row in rows.values() if row.key is not None)),
        external_ids=list(dict.fromkeys(change["external_id"] for change in changes if change.get("external_id"))),
        addresses=emails,
        senders=list(dict.fromkeys(change["sender"] for change in changes if change.get("sender") is not None)),
    )
    found = call.ports.leads.look(call.tenant, wanted)
    sequence = found.sequences.get(call.sequence)
    if sequence is None or not call.reach.covers(workspace=sequence.workspace):
        raise NotFound("sequence")
    call.ports.leads.free(call.tenant, found.dead)
    fresh = _strangers(call, {same_mailbox_key(email): email for email in reversed(emails)}, found)
    people = {**found.people, **fresh}
    picture = Picture(
        sequence=sequence,
        enrollments={key: entry for key, entry in found.enrollments.items() if _reaches(call, found, entry)},
        holders=found.holders,
        people={mailbox: _as_barred(person, mailbox in found.barred, call.now) for mailbox, person in people.items()},
        senders=frozenset(n for n, sender in found.senders.items() if may_serve(sender, sequence, call.reach)),
        may_unbind=call.reach.sender is None,
    )
    return _Looked(picture, {person.number: person for person in fresh.values()})


def _reaches(call: _Call, found: Found, enrollment: Enrollment) -> bool:
    sequence = found.sequences.get(enrollment.key.sequence)
    return sequence is not None and call.reach.covers(workspace=sequence.workspace, sender=enrollment.sender)


def _strangers(call: _Call, emails: Mapping[str, str], found: Found) -> dict[str, Contact]:
    """Contacts to be for the addresses that nobody has; numbers that are not used after all only leave gaps."""
    unknown = [mailbox for mailbox in emails if mailbox not in found.people]
    if not unknown:
        return {}
    first = call.ports.numbers.take(call.tenant, Kind.CONTACT, len(unknown))
    return {
        mailbox: Contact(
            call.tenant, first + place, 0, emails[mailbox], None, None, None, call.now, updated_at=call.now
        )
        for place, mailbox in enumerate(unknown)
    }


def _as_barred(person: Contact, is_barred: bool, now: int) -> Contact:
    return replace(person, unsubscribed_at=now) if is_barred and person.unsubscribed_at is None else person


def _write(call: _Call, looked: _Looked, decision: Decision) -> tuple[dict[int, Result], list[int]]:
    """What rows came to, and the places of those that lost to somebody else, to be decided anew."""
    strangers = _make_contacts(call, looked, decision.groups)
    gone = _announce(call, looked.picture, [move for group in decision.groups for move in group.moves])
    results: dict[int, Result] = {}
    lost: list[int] = []
    ready: list[Group] = []
    for group in decision.groups:
        if any(move.told.relinked_to in strangers for move in group.moves):
            lost += group.results
        elif any(move.told.sender in gone for move in group.moves):
            results |= dict.fromkeys(group.results, SENDER_GONE)
        else:
            ready.append(group)
    for group, is_written in zip(ready, _write_groups(call.ports.changes, ready), strict=True):
        if is_written:
            results |= group.results
        else:
            lost += group.results
    return results, lost


def _write_groups(changes: EnrollmentChanges, groups: Sequence[Group]) -> list[bool]:
    """Groups of one enrollment that keeps its external id are one conditional change each, others transactions."""
    alone = [group for group in groups if len(group.moves) == 1 and not group.moves_ids]
    together = [group for group in groups if group.moves and group not in alone]
    done = changes.change([group.moves[0] for group in alone]) if alone else []
    done_together = changes.change_together([group.moves for group in together]) if together else []
    written = {id(group): is_done for group, is_done in zip([*alone, *together], [*done, *done_together], strict=True)}
    return [written.get(id(group), True) for group in groups]


def _make_contacts(call: _Call, looked: _Looked, groups: Iterable[Group]) -> set[int]:
    """Makes the new contacts that are relinked to; returns those whose address somebody took meanwhile."""
    wanted: dict[int, Contact] = {}
    for group in groups:
        for move in group.moves:
            contact = looked.fresh.get(move.told.relinked_to or 0)
            if contact is not None:
                first, last = first_and_last(move.told.lead.name)
                wanted.setdefault(contact.number, replace(contact, first_name=first, last_name=last))
    made = call.ports.contacts.add(list(wanted.values())) if wanted else set()
    return wanted.keys() - made


def _announce(call: _Call, picture: Picture, moves: Sequence[Move]) -> set[int]:
    """Tells the lanes before anything is written; returns the senders that are gone by then.

    A sender is looked for after its lane knows of the sequence: from then on nobody deletes it without noticing.
    """
    sequence, ports = picture.sequence, call.ports
    chosen: set[int] = set()
    for move in moves:
        told = move.told
        if told.bound and told.sender is not None and (_is_bound_anew(move) or _goes_on(move)):
            chosen.add(told.sender)
    for sender in sorted(chosen - call.woken):
        sequence = ports.sequences.add_mailbox(sequence, sender)
    bound: set[int] = chosen.copy()
    rotating: set[int] = set()
    for move in moves:
        if _is_sooner(move) or (_is_bound_anew(move) and not move.told.bound):
            (bound if move.told.bound else rotating).update(senders_for(move.told, sequence))
    ports.lanes.wake(call.tenant, sorted(bound - call.woken), call.now, serves=sequence.number)
    ports.lanes.wake(call.tenant, sorted(rotating - call.woken), call.now)
    call.woken.update(bound, rotating)
    if not chosen:
        return set()
    there = ports.leads.look(call.tenant, Wanted(sequence.number, senders=sorted(chosen))).senders
    return chosen - there.keys()


def _is_bound_anew(move: Move) -> bool:
    return (move.seen.bound, move.seen.sender) != (move.told.bound, move.told.sender)


def _goes_on(move: Move) -> bool:
    return move.seen.state is not EnrollmentState.ACTIVE and move.told.state is EnrollmentState.ACTIVE


def _is_sooner(move: Move) -> bool:
    return move.told.state is EnrollmentState.ACTIVE and (move.told.due < move.seen.due or _goes_on(move))
