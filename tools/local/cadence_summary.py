"""What a run of the cadence's demo adds up to, and where its numbers contradict each other."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tools.local import delivered

SENT_WITHIN = 90_000
"""How soon after its repair a lead's mail must be there, in milliseconds: the timer fires once a minute."""


@dataclass(frozen=True)
class Summary:
    """The counts of one run; each is taken where its comment says."""

    enrolled: int  # the API's answers: created
    delivered: int  # the sink
    linkedin: int  # the app: steps it did, and was told that they count
    completed: int  # the API: states at the end
    replied: int  # the API: states at the end
    repaired: int  # the sink: mails soon after the repair of their leads, and not before
    duplicates: int  # the sink and the app: mails and steps that were one too many


def summarize(
    created: int,
    states: Mapping[str, str],
    mails: Sequence[delivered.Mail],
    acts: Sequence[Mapping[str, Any]],
    repairs: Mapping[str, int],
) -> Summary:
    """`states` by lead at the end, `acts` as the app logged them, `repairs`: when which address was put right."""
    ended = Counter(states.values())
    done = [act["lead"] for act in acts if act.get("did") == "linkedin_message" and act.get("changed")]
    arrived = {mail.recipient: mail.arrived for mail in mails}
    late = {address: arrived.get(address, 0) - at for address, at in repairs.items()}
    return Summary(
        enrolled=created,
        delivered=len(mails),
        linkedin=len(done),
        completed=ended["completed"],
        replied=ended["replied"],
        repaired=sum(0 <= wait <= SENT_WITHIN for wait in late.values()),
        duplicates=delivered.repeats(mails) + len(done) - len(set(done)),
    )


def disagreements(summary: Summary, *, leads: int, broken: int, replying: int) -> list[str]:
    """A sentence for every number that is not what it should be; an empty list when all is well."""
    finish = leads - replying
    wanted = Summary(leads, leads, finish, finish, replying, broken, 0)
    found, meant = asdict(summary), asdict(wanted)
    return [f"{name}: {found[name]}, not {meant[name]}" for name in found if found[name] != meant[name]]


def last_line(summary: Summary) -> str:
    """The line that a script reads."""
    return f"DEMO-CADENCE {json.dumps(asdict(summary), separators=(',', ':'))}"
