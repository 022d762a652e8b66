"""The part of the oracle that keeps accounts: what is drawn from an allowance is what the lanes count, at any time."""

from drumbeat.adapters.dynamodb.allowances import allowance_of
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.sequence_items import sequence_of
from drumbeat.domain.allowance import Allowance
from drumbeat.domain.lane import Lane
from drumbeat.domain.sequence import Sequence
from drumbeat.domain.times import utc_day
from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.oracle import MOST_SKEW, Oracle
from tests.simulation.records import Claim, Violation


class Accounts:
    """Watches lanes, sequences and allowances; compares them whenever something is claimed, and when told to."""

    def __init__(self, oracle: Oracle) -> None:
        self._scheduler = oracle.scheduler
        self._lanes: dict[tuple[int, int], Lane] = {}
        self._sequences: dict[tuple[int, int], Sequence] = {}
        self._allowances: dict[tuple[int, int], dict[int, Allowance]] = {}
        oracle.watchers.append(self.changed)
        oracle.on_claim.append(self.claimed)

    def changed(self, kind: str, tenant: int, key: Key, _before: Item | None, after: Item | None) -> None:
        """Observes a commit."""
        if after is None:
            return
        if kind == "lane":
            lane = lane_of(from_wire(after))
            self._lanes[tenant, lane.sender] = lane
        elif kind == "sequence":
            sequence = sequence_of(from_wire(after))
            self._sequences[tenant, sequence.number] = sequence
        elif kind == "cap":
            allowances = self._allowances.setdefault((tenant, int(key[0].split("#")[-1])), {})
            allowances[int(key[1])] = allowance_of(from_wire(after))

    def claimed(self, claim: Claim) -> None:
        """The sequence of whoever is claimed has its accounts in order."""
        self.check(claim.who.tenant, claim.who.sequence)

    def check(self, tenant: int, number: int) -> None:
        """What was drawn while the cap was set and taken away is known only once somebody has counted it anew.

        Days that are over are over: nobody draws from them any more, nor gives anything back.
        """
        sequence, today = self._sequences[tenant, number], utc_day(self._scheduler.now + MOST_SKEW)
        if sequence.schedule is not None:
            return
        lanes = [self._lanes[tenant, sender] for sender in sequence.every_sender if (tenant, sender) in self._lanes]
        for day, allowance in self._allowances.get((tenant, number), {}).items():
            counted = sum(lane.steps_of(number, day) for lane in lanes)
            if day >= today and counted != allowance.used:
                drawn = f"{allowance.used} drawn, {counted} counted"
                raise Violation("drifted", f"allowance of sequence {number} on day {day}: {drawn}")

    def check_all(self) -> None:
        """All of them."""
        for tenant, number in self._sequences:
            self.check(tenant, number)
