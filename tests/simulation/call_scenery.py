"""Who is there before any call: agents, their dialler, a mailbox, and nobody to call."""

from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.agent import Agent, Goal
from drumbeat.domain.sequence import Sender, SenderKind, Sequence
from tests.simulation.call_options import CallOptions
from tests.simulation.diallers import BOOKED, NOT_NOW
from tests.simulation.scenery import WINDOWS, KeyAndRow, Scenery, _kept

APP, MAILBOX = 9, 1
"""The numbers of the dialler and of the mailbox; agents share them."""
REQUIRED = "account_id"
"""The variable that everybody who is called has to have."""
_GOALS = (Goal(BOOKED, None, successful=True), Goal(NOT_NOW, "They do not want it.", successful=False))


@dataclass(frozen=True, slots=True)
class CallScenery(Scenery):
    """Agents in place of sequences; the contacts come with the calls."""

    options: CallOptions

    def contacts_of(self, tenant: int) -> range:
        """Nobody."""
        return range(1, 1)

    def mailboxes_of(self, tenant: int, sequence: int) -> tuple[int, ...]:
        """Whoever may have something to do for an agent."""
        return (MAILBOX, APP)

    def _rows_of(self, tenant: int, sequence: int) -> Iterator[tuple[KeyAndRow, bool]]:
        yield self._agent(tenant, sequence), True
        app = Sender(
            tenant, APP, None, None, "https://dialler.example", 0, "", "sealed", "", "", 100, 0,
            kind=SenderKind.CONNECTOR,
        )  # fmt: skip
        yield _kept(sender_item(app)), True
        partition, sort = keys.credit_account(tenant)
        yield _kept({"PK": partition, "SK": sort, "allocated": self.options.allocated, "held": 0}), True

    def _agent(self, tenant: int, number: int) -> KeyAndRow:
        options = self.options
        sequence = Sequence(
            tenant, number, "Agent", self.status, None, options.min_wait, options.max_wait, False, 1.0,
            options.steps_of_agents, (), 0, daily_cap=options.daily_cap, connector=APP,
            hours=WINDOWS if options.windows else None, mailboxes=self.mailboxes_of(tenant, number),
            agent=Agent(
                ("UTC",), (REQUIRED,), _GOALS, options.retries, options.price,
                sender=MAILBOX if options.mails else None,
            ),
        )  # fmt: skip
        return _kept(sequence_item(sequence))
