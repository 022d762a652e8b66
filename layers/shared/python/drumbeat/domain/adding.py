"""Whether a contact may be added to a sequence: the ruleset's questions, put to what is known of the contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.batch import NO_SUCH_TARGET, Outcome
from drumbeat.domain.enrollment import ENGAGED, Enrollment
from drumbeat.domain.ids import NUMBERED_RUN_BITS
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset
from drumbeat.domain.times import SECOND

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact

ALREADY_ENROLLED = "ALREADY_ENROLLED"
ACTIVE_ELSEWHERE = "ACTIVE_ELSEWHERE"
OPTED_OUT = "OPTED_OUT"
TOUCHED_RECENTLY = "TOUCHED_RECENTLY"
NO_EMAIL = "NO_EMAIL"

MOST_RUNS = 1 << NUMBERED_RUN_BITS


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a contact.

    `runs` are its runs through the sequence, the deleted ones too; `rivals` its enrollments in sequences that keep it
    out; `others` all of its enrollments elsewhere, where somebody asked for them; `sibling` is set if another sequence
    of a program with unique contacts took it.
    """

    contact: Contact | None
    runs: Sequence[Enrollment] = ()
    rivals: Sequence[Enrollment] = ()
    others: Sequence[Enrollment] = ()
    sibling: bool = False


def refusal(
    known: Known,
    ruleset: Ruleset | None,
    now: int,
    *,
    usual: Duplicates = Duplicates.DISALLOW,
    needs_address: bool = True,
) -> Outcome | None:
    """Why the contact is not added, None if it may be; without a ruleset its defaults hold, and the `usual` duplicates.

    Who has no address is added only where the addition does not need one.
    """
    contact = known.contact
    if contact is None:
        return NO_SUCH_TARGET
    return (
        _repeated(known.runs, usual if ruleset is None else ruleset.duplicates)
        or _unmailable(contact, needs_address)
        or _engaged_elsewhere(known)
        or _touched(contact, [*known.runs, *known.others], 0 if ruleset is None else ruleset.touched_interval, now)
    )


def keeps_out(mine: Exclusivity, other: Exclusivity) -> bool:
    """Whether an enrollment under `other` keeps its contact out of a sequence under `mine`."""
    if Exclusivity.ALL in {mine, other}:
        return True
    return mine is other is Exclusivity.EXCLUSIVE


def _repeated(runs: Sequence[Enrollment], duplicates: Duplicates) -> Outcome | None:
    if len(runs) >= MOST_RUNS:
        return Outcome(ALREADY_ENROLLED, f"The contact has been in this sequence {MOST_RUNS} times.")
    there = [run for run in runs if not run.is_deleted]
    if duplicates is Duplicates.DISALLOW and there:
        return Outcome(ALREADY_ENROLLED, "The contact is or was in this sequence.")
    if duplicates is Duplicates.ONLY_IF_INACTIVE and any(run.state in ENGAGED for run in there):
        return Outcome(ALREADY_ENROLLED, "The contact is in this sequence and not finished.")
    return None


def _unmailable(contact: Contact, needs_address: bool) -> Outcome | None:
    if contact.unsubscribed_at is not None:
        return Outcome(OPTED_OUT, "The contact has opted out.")
    if needs_address and contact.email is None:
        return Outcome(NO_EMAIL, "The contact has no e-mail address.")
    return None


def _engaged_elsewhere(known: Known) -> Outcome | None:
    if known.sibling:
        return Outcome(ACTIVE_ELSEWHERE, "Another sequence of the program has the contact.")
    rival = next((rival for rival in known.rivals if rival.state in ENGAGED), None)
    if rival is None:
        return None
    return Outcome(ACTIVE_ELSEWHERE, f"The contact is active in sequence {rival.key.sequence}.")


def _touched(contact: Contact, enrollments: Sequence[Enrollment], interval: int, now: int) -> Outcome | None:
    mails = [entry.last_sent_at or 0 for entry in enrollments]
    if not interval or max([contact.touched_at or 0, *mails]) <= now - interval * SECOND:
        return None
    return Outcome(TOUCHED_RECENTLY, f"The contact was touched less than {interval} seconds ago.")
