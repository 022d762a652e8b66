"""A client written for the vendor: a base URL, a key in `x-api-key`, JSON. It knows methods and paths only."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.cadences import good, routed
from tests.world import Answer, Caller, Context, api_event, new_tenant

BASE_URL = "https://drumbeat.acme.example/api/v1"
"""All that such a client has to change, besides its key: the vendor's is https://julian.11x.ai/api/v1."""
MISSING_AGENT = "agent." + "0" * 25
DIALLER = "https://dialler.acme.example/calls"
WON = {"name": "Renewed", "description": "They renew for another year.", "successful": True}
LOST = {"name": "Not interested", "description": None, "successful": False}
WEEKDAYS = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}]
_places = count(2_000_000)


@dataclass(frozen=True)
class Vendor:
    """Sends requests as curl of the source document does."""

    key: str
    base_url: str = BASE_URL
    context: Context = field(default_factory=Context)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: str | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request; `key` is its Idempotency-Key."""
        sent = {"Content-Type": "application/json"} | ({"x-api-key": self.key} if self.key else {})
        sent |= {} if key is None else {"Idempotency-Key": key}
        sent |= headers or {}
        return exchange(method, self.base_url + path, body, raw=raw, headers=sent, context=self.context)


def exchange(
    method: str,
    url: str,
    body: Any = None,
    *,
    raw: str | None = None,
    headers: Mapping[str, str],
    context: Context | None = None,
) -> Answer:
    """What the API answers to a request at a whole URL."""
    parts = urlsplit(url)
    module, parameters = routed(method, parts.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    event = api_event(method, path=parameters, query=query, body=body, raw=raw, headers=headers)
    answer = importlib.import_module(module).handler(event, context or Context())
    json.dumps(answer).encode()  # what the runtime does with it
    text = answer["body"]
    return Answer(answer["statusCode"], json.loads(text) if text else None, answer["headers"])


@dataclass(frozen=True)
class Office:
    """An organization with an agent that may call at any time, unless it was made otherwise."""

    ask: Vendor
    agent: str

    @property
    def own(self) -> Caller:
        """The same organization as a client of our own and of the other APIs."""
        return Caller(self.ask.key)

    def schedule(self, contacts: Any, *, key: str | None = None, **fields: Any) -> Answer:
        """Many contacts at once."""
        return self.ask("POST", f"/agents/{self.agent}/schedule/sequences", {"contacts": contacts} | fields, key=key)

    def schedule_one(self, contact: Any, *, key: str | None = None) -> Answer:
        return self.ask("POST", f"/agents/{self.agent}/schedule/sequence", contact, key=key)

    def cancel(self, name: str, value: str, **fields: Any) -> Answer:
        return self.ask("POST", "/sequences/cancel", {"referenceKey": name, "referenceValue": value} | fields)

    def usage(self, query: str = "") -> Answer:
        return self.ask("GET", f"/credits/usage{query}")

    def batch(self, batch_id: str) -> Any:
        """How far a batch is."""
        return good(self.ask("GET", f"/batches/{batch_id}"))

    def allocate(self, credits: int) -> None:
        """From now on the organization has so many credits a month."""
        good(self.own("set_credits", {"allocatedCredits": credits}, group="drumbeat"))

    def hire(self, **wanted: Any) -> "Office":
        """The same organization with another agent."""
        return Office(self.ask, made_agent(self.own, **wanted)["id"])

    def change(self, **fields: Any) -> None:
        """Changes the agent."""
        good(self.own("update_agent", fields, group="drumbeat", agent_id=self.agent))


def office(**wanted: Any) -> Office:
    """A new organization with a new agent."""
    caller = new_tenant()
    return Office(Vendor(caller.key), made_agent(caller, **wanted)["id"])


def made_agent(caller: Caller, **wanted: Any) -> Any:
    """What our own API answers to a new agent."""
    usual = {
        "name": "Renewals",
        "timezones": ["America/New_York"],
        "dialler": {"url": DIALLER},
        "outcomes": [WON, LOST],
    }
    return good(caller("create_agent", usual | wanted, group="drumbeat"), 201)


def mailbox(caller: Caller, port: int = 2525) -> str:
    """The id of a sender for the e-mail steps of agents."""
    smtp = {"host": "127.0.0.1", "port": port, "username": "ann", "password": "open sesame"}
    wanted = {"email": "ann@acme.example", "name": "Ann", "smtp": smtp, "paceSeconds": [0, 1]}
    return good(caller("create_inbox", wanted, group="myagentmail"), 201)["inbox"]["id"]


def contact(**fields: Any) -> dict[str, Any]:
    """A row that is good; no two have one number."""
    return {"name": "John Doe", "phoneNumber": f"+1555{next(_places)}"} | fields


def contacts(many: int, **fields: Any) -> list[dict[str, Any]]:
    return [contact(**fields) for _ in range(many)]
