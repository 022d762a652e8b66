"""An agent whose dialler is asked: one enrollment that waits for a call, and what the dialler and the listener are."""

from dataclasses import dataclass, replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.callees import callee_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.agent import Agent, CallRetry, Goal
from drumbeat.domain.callee import Callee
from drumbeat.domain.enrollment import Awaits, new_enrollment
from drumbeat.domain.sequence import Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR
from tests.asked_about import KEY, SEQUENCE, Waiting
from tests.stage import START, person

DIALLER, LISTENER = 7, 8
DIALLER_SECRET, LISTENER_SECRET = "whsec_dialler", "whsec_listener"
CALL = Step(1, "", "", 0, kind=StepKind.CALL)
BOOKED = Goal("Meeting booked", "A time was agreed on", successful=True)
DECLINED = Goal("Declined", None, successful=False)
AGENT = Agent(
    zones=("America/New_York",),
    goals=(BOOKED, DECLINED),
    retries={"Busy": CallRetry(times=1, minutes=5)},
    listener=LISTENER,
)
CALLER = Sequence(
    0, SEQUENCE, "Julian", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (CALL,), (), START,
    connector=DIALLER, agent=AGENT,
)  # fmt: skip
JANE = Callee("Jane Doe", "+15551234567", {"account_id": "acme"}, "America/Chicago", extension="12")


@dataclass
class Calling(Waiting):
    """A tenant of its own, whose agent has asked its dialler to call Jane an hour ago."""

    def begin(self, *, agent: Sequence = CALLER, listens_at: str = "https://crm.example/calls", **fields: Any) -> None:
        """Stores all of it; `fields` are the enrollment's."""
        table = bootstrap.table()
        for item in (
            sequence_item(replace(agent, tenant=self.tenant)),
            sender_item(self._app(DIALLER, "https://dialler.example/", DIALLER_SECRET)),
            sender_item(self._app(LISTENER, listens_at, LISTENER_SECRET)),
            callee_item(self.tenant, KEY, JANE),
        ):
            table.put(item)
        bootstrap.contacts().add([person(1, self.tenant)])
        made = new_enrollment(
            self.tenant, KEY, batch_number=1, batch_tag="b1.0", now=START - DAY, zone=JANE.zone, bound_to=DIALLER
        )
        waits = replace(made, awaits=Awaits.STEP, asked=1, due=START + 23 * HOUR, timed=True, has_callee=True)
        self.put(replace(waits, **fields))

    def _app(self, number: int, url: str, secret: str) -> Sender:
        sealed = bootstrap.vault().seal(secret, tenant=self.tenant, sender=number)
        place = None, None, url, 0, "", sealed, "", "", 1_000, START
        return Sender(self.tenant, number, *place, kind=SenderKind.CONNECTOR)

    def change_agent(self, **fields: Any) -> None:
        found = bootstrap.sequences().get(self.tenant, SEQUENCE)
        assert found is not None
        bootstrap.table().put(sequence_item(replace(found, **fields)))
