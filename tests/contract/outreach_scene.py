"""A tenant that has one of everything of Outreach's API, made by the sample events, and good requests to all of it."""

import copy
import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drumbeat.domain.ids import EnrollmentKey, enrollment_number
from drumbeat.domain.sequence import step_number
from tests.contract.scene import everything, tenant_of
from tests.world import Answer, Caller, Context, new_tenant

_EVENTS = Path(__file__).resolve().parents[2] / "events/outreach"
# What is made first is what later ones are linked to.
_MAKERS = (
    "create_user", "create_account", "create_opportunity", "create_prospect", "create_custom_object", "create_ruleset",
    "create_sequence", "create_sequence_step", "activate_sequence", "create_mailbox", "create_sequence_state",
)  # fmt: skip
_COLLECTIONS = {
    "users", "accounts", "opportunities", "prospects", "customObjects", "rulesets", "sequences", "sequenceSteps",
    "sequenceStates", "mailboxes",
}  # fmt: skip


# Their ids tell of what they are; of everything else the first is meant.
_PACKED = {
    "sequence_state": enrollment_number(EnrollmentKey(1, 1)),
    "sequence_step": step_number(1, 0),
}
_ANY_ID = re.compile(r'"id": \d+')


def _samples() -> dict[str, dict[str, Any]]:
    found = {path.stem: json.loads(path.read_text()) for path in sorted(_EVENTS.glob("*.json"))}
    return {name: event for name, event in found.items() if event["path"].split("/")[3] in _COLLECTIONS}


_SAMPLES = _samples()
OPERATIONS = tuple(_SAMPLES)


@dataclass(frozen=True)
class OutreachScene:
    """A caller and what it asks."""

    caller: Caller

    def event(self, operation: str) -> dict[str, Any]:
        """The sample event of an operation, with the caller's key and a path that names what is there."""
        event = copy.deepcopy(_SAMPLES[operation])
        headers = event["headers"] | {"Authorization": f"Bearer {self.caller.key}"}
        headers.pop("Idempotency-Key", None)
        path = event["pathParameters"]
        number = next((number for end, number in _PACKED.items() if operation.endswith(end)), 1) if path else 1
        event["body"] = event["body"] and _ANY_ID.sub(f'"id": {number}', event["body"])
        if path and "id" in path:
            path["id"] = str(number)
        return event | {"headers": headers, "multiValueHeaders": None}

    def send(self, operation: str, **changes: Any) -> Answer:
        """The answer to the sample event, with changes to it."""
        handler = importlib.import_module(f"functions.outreach.{operation}").handler
        answer = handler(self.event(operation) | changes, Context())
        json.dumps(answer).encode()  # what the runtime does with it
        text = answer["body"]
        return Answer(answer["statusCode"], json.loads(text) if text else None, answer["headers"])

    def kept(self) -> list[Mapping[str, Any]]:
        """All that is kept for the tenant, but what every call may count: numbers taken, and calls made."""
        mark = f"T#{tenant_of(self.caller)}#"
        counted = (f"{mark}COUNTER", f"{mark}CALLS")
        ours = [item for item in everything() if item.get("PK", {}).get("S", "").startswith(mark)]
        return [item for item in ours if not item["PK"]["S"].startswith(counted)]


def furnished_for_outreach() -> OutreachScene:
    """A tenant with one of everything: the first of its kind, whatever number the samples name."""
    scene = OutreachScene(new_tenant())
    for operation in _MAKERS:
        answer = scene.send(operation)
        assert answer.status in (200, 201), (operation, answer)
    return scene


def body_of(operation: str) -> Any:
    """The model of an operation's body, None where it takes none."""
    return importlib.import_module(f"functions.outreach.{operation}").handler.endpoint.body
