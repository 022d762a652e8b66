"""An account with two workspaces, and a caller of every reach who asks about the first of them."""

import copy
import importlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.contract.scene import everything, tenant_of
from tests.functional.myagentmail.account import INBOX, ids, inbox, with_key, workspace
from tests.functional.myagentmail.furniture import EMAIL, cadence
from tests.world import new_tenant, operator, tenant_id

# Whoever asks is about to touch something of workspace `here`, or the inbox `mine` in it.
CALLERS = (
    "account", "workspace", "other_workspace", "inbox", "inbox_beside", "inbox_elsewhere",
    "operator", "operator_for_it",
)  # fmt: skip
BODIES: dict[str, Any] = {
    "create_workspace": {"name": "Asia"},
    "create_key": {"name": "spare"},
    "create_tenant": {"name": "Acme", "email": "ops@acme.example"},
    "create_inbox": INBOX,
    "update_inbox": {"dailyLimit": 7},
    "create_cadence": {"name": "Summer", "steps": [EMAIL]},
    "update_cadence": {"name": "Autumn"},
    "replace_cadence_steps": {"steps": [EMAIL]},
    "create_enrollment": {"leadExternalId": "crm-2", "leadName": "Bo", "leadEmail": "bo@corp.example"},
    "update_enrollment": {"leadName": "Cy"},
    "bulk_relink": {"updates": [{"leadName": "Cy"}]},
}


@dataclass(frozen=True)
class Account:
    """An account with two workspaces, what belongs to each and to neither, and a caller of every reach."""

    callers: dict[str, Any]
    path: dict[str, str]
    unseen: dict[str, tuple[str, ...]]

    def ask(self, operation: str, caller: str, **changes: Any) -> Any:
        """The answer to a good request about what is in the first workspace, or to one with changes."""
        route = importlib.import_module(f"functions.myagentmail.{operation}").handler.endpoint.path
        path = {name: spelled for name, spelled in self.path.items() if f"{{{name}}}" in route}
        options = {"body": self.body_of(operation)} | path | changes
        return self.callers[caller](operation, options.pop("body"), **options)

    def body_of(self, operation: str) -> Any:
        """The body of a good request, which names what is in the first workspace; None where there is none."""
        body = copy.deepcopy(BODIES.get(operation))
        if operation == "create_enrollment":
            body["inboxId"] = self.path["inbox_id"]
        if operation == "bulk_relink":
            body["updates"][0]["enrollmentId"] = self.path["enrollment_id"]
        return body


def furnished() -> Account:
    owner = partial(new_tenant(), group="myagentmail")
    here, there = workspace(owner), workspace(owner, "elsewhere")
    mine, beside, elsewhere = (inbox(owner, workspaceId=place) for place in (here, here, there))
    inside, outside = with_key(owner, workspaceId=here), with_key(owner, workspaceId=there)
    spare = ids(inside, "list_keys")[0]
    agents = [with_key(owner, inboxId=spelled) for spelled in (mine, beside, elsewhere)]
    cadences = [cadence(maker, steps=[EMAIL]) for maker in (inside, outside, owner)]
    lead = {"leadExternalId": "crm-1", "leadEmail": "al@corp.example", "inboxId": mine}
    enrolled = owner("create_enrollment", lead, cadence_id=cadences[0]).body["enrollment"]["id"]
    master = partial(operator(), group="myagentmail")
    acting = partial(master, headers={"X-Tenant-Id": tenant_id(owner.func)})
    of_here, of_there = (here, mine, beside, cadences[0], enrolled), (there, elsewhere, cadences[1])
    of_nobody = (cadences[2],)
    return Account(
        dict(zip(CALLERS, (owner, inside, outside, *agents, master, acting), strict=True)),
        {"workspace_id": here, "key_id": spare, "inbox_id": mine, "cadence_id": cadences[0], "enrollment_id": enrolled},
        {
            "workspace": (*of_there, *of_nobody),
            "other_workspace": (*of_here, *of_nobody),
            "inbox": (beside, *of_there, *of_nobody),
            "inbox_beside": (mine, enrolled, *of_there, *of_nobody),
            "inbox_elsewhere": (*of_here, *of_nobody),
            "operator": (*of_here, *of_there, *of_nobody),
        },
    )


def kept(account: Account) -> list[dict[str, Any]]:
    """All that is kept for the account, but for what every call may leave: numbers taken, and keys seen."""
    mark = f"T#{tenant_of(account.callers['account'].func)}"
    places = [(item, item.get("PK", {}).get("S", ""), item.get("SK", {}).get("S", "")) for item in everything()]
    ours = [(item, pk, sk) for item, pk, sk in places if pk == mark or pk.startswith(f"{mark}#")]
    return [item for item, pk, sk in ours if not pk.startswith(f"{mark}#COUNTER") and not sk.startswith("KEY#")]
