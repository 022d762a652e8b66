"""What people do while others are called: they pause, finish, unsubscribe and delete whoever is there by now."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.call_oracle import CallOracle
from tests.simulation.call_scenery import APP
from tests.simulation.records import Who
from tests.simulation.scenery import NO_SEQUENCE
from tests.simulation.users import Act, Target, Users

_ACTIONS = (
    "pause", "resume", "resume", "unsubscribe", "delete", "take away", "pause one", "pause one",
    "resume one", "resume one", "finish", "finish", "disable", "reenable", "accepted", "not accepted", "resend",
    "resend", "open",
)  # fmt: skip
_OF_AGENTS = frozenset({"pause", "resume", "disable", "reenable"})


@dataclass(frozen=True, slots=True)
class CallUsers(Users):
    """Whom an action is about is drawn when it is done: nobody is there in the beginning."""

    known: Callable[[], CallOracle] = field(kw_only=True)

    def draw(self, tenant: int) -> tuple[str, Act]:
        """One action of a tenant's users."""
        name, place = self.rng.choice(_ACTIONS), self.rng.random()
        sender = self.rng.choice((APP, *self.scenery.senders_of(NO_SEQUENCE)))

        def act(now: int) -> object:
            there = sorted(self.known().members)
            if there:
                return self.named(name, self.target_of(there[int(place * len(there))], sender))(now)
            if name in _OF_AGENTS:
                return self.named(name, Target(tenant, self.scenery.sequences[0], sender=sender))(now)
            return None

        return f"{name} {tenant}/{sender}", act

    def at_place(self, name: str, place: int) -> Act:
        """An action on whoever was made at this place, if anybody was."""

        def act(now: int) -> object:
            there = list(self.known().members)
            return self.named(name, self.target_of(there[place]))(now) if place < len(there) else None

        return act

    def target_of(self, me: Who, sender: int = 0) -> Target:
        """Somebody who is there by now."""
        return Target(me.tenant, me.sequence, me.contact, sender)
