"""A tenant with an agent, and a good request to everything that agents and Julian's API have: that of the sample."""

import importlib
import json
from dataclasses import dataclass
from typing import Any

from tests.architecture.stack import EVENTS, Function, api_functions
from tests.contract.scene import everything, tenant_of
from tests.functional.julian.furniture import OFFICE_HOURS, WEBHOOK, agent
from tests.world import Answer, Caller, new_tenant

AGENTS = {"drumbeat/create_agent", "drumbeat/list_agents", "drumbeat/get_agent", "drumbeat/update_agent"}


def _is_of_agents(function: Function) -> bool:
    return function.name.startswith("julian/") or function.name in AGENTS


OPERATIONS = sorted(function.name for function in api_functions() if _is_of_agents(function))


def endpoint_of(operation: str) -> Any:
    """What the handler of an operation, spelled with its group, declares."""
    return importlib.import_module(f"functions.{operation.replace('/', '.')}").handler.endpoint


WITH_BODY = [operation for operation in OPERATIONS if endpoint_of(operation).body is not None]
WITH_PATH = [operation for operation in OPERATIONS if "{" in endpoint_of(operation).path]
READS = [operation for operation in OPERATIONS if endpoint_of(operation).method == "GET"]


@dataclass(frozen=True)
class Office:
    """A tenant's client, and what its agent is called."""

    caller: Caller
    agent_id: str

    def ask(self, operation: str, **changes: Any) -> Answer:
        """The answer to the good request, or to one with changes; what is no agent's is looked for in vain."""
        group, name = operation.split("/")
        sample = json.loads((EVENTS / f"{operation}.json").read_text())
        path = dict(sample["pathParameters"] or {})
        path |= {"agent_id": self.agent_id} if "agent_id" in path else {}
        asked = {"body": body_of(operation), "query": sample["queryStringParameters"]} | path | changes
        caller = asked.pop("caller", self.caller)
        return caller(name, asked.pop("body"), group=group, **asked)


def body_of(operation: str) -> Any:
    """The body of a good request, None where there is none."""
    sample = json.loads((EVENTS / f"{operation}.json").read_text())
    return None if sample["body"] is None else json.loads(sample["body"])


def furnished() -> Office:
    """A tenant of its own with an agent."""
    caller = new_tenant()
    return Office(caller, agent(caller, callWindows=OFFICE_HOURS, webhook={"url": WEBHOOK}))


def kept(office: Office) -> list[dict[str, Any]]:
    """All that is kept for the tenant, but for what every call may leave: numbers taken, and keys seen."""
    mark = f"T#{tenant_of(office.caller)}"
    places = [(item, item.get("PK", {}).get("S", ""), item.get("SK", {}).get("S", "")) for item in everything()]
    ours = [(item, pk, sk) for item, pk, sk in places if pk == mark or pk.startswith(f"{mark}#")]
    return [item for item, pk, sk in ours if not pk.startswith(f"{mark}#COUNTER") and not sk.startswith("KEY#")]
