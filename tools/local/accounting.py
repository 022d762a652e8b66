"""What became of every mail of a run whose workers were killed: the store's word beside the sink's."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.local.load import Errand


@dataclass(frozen=True)
class Fate:
    """Where an enrollment ended: its state, and how many of its steps are settled as sent."""

    enrollment: str
    state: str
    settled: int


@dataclass(frozen=True)
class Account:
    """The counts of a run."""

    mails: int
    repeats: int  # mails with a Message-ID that was there before
    lost: int  # steps that are settled as sent, and are not in the sink
    unsettled: int  # mails in the sink that the store knows nothing of: they would be sent again
    stuck: int  # enrollments that are neither finished nor parked
    parked: int
    parked_arrived: int  # parked, and the mail is in the sink
    in_flight: int  # claims held by killed processes, over all kills
    parked_elsewhere: int  # parked, but not held by a process that was killed

    def failures(self) -> list[str]:
        """A sentence for every promise that was not kept."""
        bad = ("repeats", "lost", "unsettled", "stuck", "parked_elsewhere")
        sentences = [f"{getattr(self, name)} {name}" for name in bad if getattr(self, name)]
        if self.parked > self.in_flight:
            sentences.append(f"{self.parked} parked, but only {self.in_flight} were in flight")
        return sentences

    def last_line(self, **run: int) -> str:
        """The line that a report quotes, with what is to be said about the run first."""
        return f"KILL {json.dumps(run | vars(self), separators=(',', ':'))}"


def account(
    fates: Iterable[Fate],
    arrived: Sequence[tuple[Errand, str]],
    held: Sequence[Collection[Errand]],
) -> Account:
    """`arrived` has each mail of the sink with its Message-ID, `held` what was claimed at each kill."""
    fates = list(fates)
    there = {errand for errand, _ in arrived}
    by_id = Counter(message_id for _, message_id in arrived)
    in_doubt = {(fate.enrollment, fate.settled + 1) for fate in fates if fate.state == "parked"}
    settled = {(fate.enrollment, step) for fate in fates for step in range(1, fate.settled + 1)}
    flying = {errand for claims in held for errand in claims}
    return Account(
        mails=len(arrived),
        repeats=sum(seen - 1 for seen in by_id.values()),
        lost=len(settled - there),
        unsettled=len(there - settled - in_doubt),
        stuck=sum(fate.state not in {"finished", "parked"} for fate in fates),
        parked=len(in_doubt),
        parked_arrived=len(in_doubt & there),
        in_flight=sum(len(claims) for claims in held),
        parked_elsewhere=len(in_doubt - flying),
    )


def fate_of(explanation: Mapping[str, object], steps: int) -> Fate:
    """What the API's explanation of an enrollment says about its end."""
    position = explanation["next_step"]
    settled = position - 1 if isinstance(position, int) else steps
    return Fate(str(explanation["enrollment_id"]), str(explanation["state"]), settled)
