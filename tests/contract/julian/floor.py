"""An organization at work: its dialler is asked for calls and tells what they came to, and its webhook hears of it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from drumbeat.domain.times import iso
from tests.cadences import good
from tests.contract.julian.vendor import LOST, WON, Office, exchange, office
from tests.functional.outreach.bulk import worked
from tests.listening import Wire, deliver, received
from tests.memory.store import Store
from tests.scripted_web import Asked, ScriptedWebServer
from tests.stage import Stage
from tests.world import Answer

type Body = dict[str, Any]
REACHED = {"resultType": "Goal Completed", "outcomes": [{"name": WON["name"], "reasoning": "They said yes."}]}
DECLINED = {"resultType": "Goal Not Completed", "outcomes": [{"name": LOST["name"], "reasoning": "They said no."}]}
BUSY = {"resultType": "Busy"}
VOICEMAIL = {"resultType": "Voicemail"}


def bodies(asked: list[Asked]) -> list[Body]:
    return [json.loads(one.body) for one in asked]


@dataclass
class Floor:
    """The organization, and those it talks to. Time passes only where a method says so."""

    stage: Stage
    wire: Wire
    dialler: ScriptedWebServer
    webhook: ScriptedWebServer
    office: Office = field(init=False)

    def opens(self, **wanted: Any) -> Office:
        """A new organization whose agent has our dialler and our webhook."""
        self.office = office(dialler={"url": self.dialler.url("/calls")}, webhook=self.listens(), **wanted)
        return self.office

    def listens(self) -> Body:
        """What an agent is told of the webhook."""
        return {"url": self.webhook.url("/results")}

    @property
    def now(self) -> str:
        """The time as the wire spells it."""
        return iso(self.stage.now)

    def later(self, milliseconds: int) -> str:
        """A time to come, as the wire spells it."""
        return iso(self.stage.now + milliseconds)

    def work(self, minutes: int = 3) -> None:
        """Lets time pass, and everybody in the background do what there is to do."""
        worked()
        self.stage.run(minutes)
        self.settle()

    def settle(self) -> None:
        """What was written is followed and told; no time passes."""
        assert self.wire.follow() == []
        assert self.wire.publish() == []
        assert deliver(received()) == []

    def calls(self) -> list[Body]:
        """What the dialler was asked for so far."""
        return bodies(self.dialler.asked)

    def called(self) -> list[str]:
        """Who was called so far, by name."""
        return [call["contact"]["name"] for call in self.calls()]

    def call_of(self, name: str) -> Body:
        """The last request to call somebody."""
        return [call for call in self.calls() if call["contact"]["name"] == name][-1]

    def tell(self, call: Body, result: Mapping[str, Any]) -> Answer:
        """The dialler tells what a call came to."""
        return exchange("POST", call["callbacks"]["result"], result, headers={"Content-Type": "application/json"})

    def fail(self, call: Body, why: Mapping[str, Any]) -> Answer:
        """The dialler tells that it can not make a call."""
        return exchange("POST", call["callbacks"]["failed"], why, headers={"Content-Type": "application/json"})

    def ended(self, name: str, result: Mapping[str, Any]) -> None:
        """The call of somebody came to this, and everybody took note."""
        assert good(self.tell(self.call_of(name), result)) == {"changed": True}
        self.settle()

    def is_open(self, call: Body) -> bool:
        """Whether the dialler may still dial."""
        answer: bool = good(exchange("GET", call["callbacks"]["check"], headers={}))["open"]
        return answer

    def heard(self) -> list[Body]:
        """What the webhook was told so far."""
        return bodies(self.webhook.asked)

    def lifecycles(self, batch_id: str) -> list[str | None]:
        """How far each contact of a batch is."""
        return [row.get("lifecycleStatus") for row in self.office.batch(batch_id)["contacts"]]


@contextmanager
def opened_floor(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    """A floor for as long as the block lasts."""
    stage, wire = Stage(monkeypatch), Wire(store)
    with ScriptedWebServer() as dialler, ScriptedWebServer() as webhook:
        yield Floor(stage, wire, dialler, webhook)
