"""Who reaches what of MyAgentMail's API: every function, with keys of every reach (contract 3.1, docs/adr/0029)."""

import importlib
import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from tests.architecture.stack import api_functions
from tests.contract.scene import everything, tenant_of
from tests.functional.myagentmail.account import INBOX, ids, inbox, with_key, workspace
from tests.functional.myagentmail.furniture import EMAIL, cadence
from tests.world import new_tenant, operator, tenant_id

# Whoever asks is about to touch something of workspace `here`, or the inbox `mine` in it.
CALLERS = (
    "account", "workspace", "other_workspace", "inbox", "inbox_beside", "inbox_elsewhere",
    "operator", "operator_for_it",
)  # fmt: skip
ANSWERS = {
    "list_workspaces": (200, 200, 200, 200, 200, 200, 400, 200),
    "create_workspace": (201, 403, 403, 403, 403, 403, 400, 201),
    "get_workspace": (200, 200, 404, 200, 200, 404, 400, 200),
    "list_keys": (200, 200, 200, 403, 403, 403, 400, 200),
    "create_key": (201, 201, 201, 403, 403, 403, 400, 201),
    "delete_key": (200, 200, 404, 403, 403, 403, 400, 200),
    "create_tenant": (403, 403, 403, 403, 403, 403, 201, 201),
    "list_inboxes": (200, 200, 200, 200, 200, 200, 400, 200),
    "create_inbox": (201, 201, 201, 403, 403, 403, 400, 201),
    "get_inbox": (200, 200, 404, 200, 404, 404, 400, 200),
    "update_inbox": (200, 200, 404, 403, 403, 403, 400, 200),
    "delete_inbox": (200, 200, 404, 403, 403, 403, 400, 200),
    "list_cadences": (200, 200, 200, 200, 200, 200, 400, 200),
    "create_cadence": (201, 201, 201, 403, 403, 403, 400, 201),
    "get_cadence": (200, 200, 404, 200, 200, 404, 400, 200),
    "update_cadence": (200, 200, 404, 403, 403, 404, 400, 200),
    "replace_cadence_steps": (200, 200, 404, 403, 403, 404, 400, 200),
    "run_cadence": (200, 200, 404, 403, 403, 404, 400, 200),
    "delete_cadence": (200, 200, 404, 403, 403, 404, 400, 200),
}
BODIES: dict[str, Any] = {
    "create_workspace": {"name": "Asia"},
    "create_key": {"name": "spare"},
    "create_tenant": {"name": "Acme", "email": "ops@acme.example"},
    "create_inbox": INBOX,
    "update_inbox": {"dailyLimit": 7},
    "create_cadence": {"name": "Summer", "steps": [EMAIL]},
    "update_cadence": {"name": "Autumn"},
    "replace_cadence_steps": {"steps": [EMAIL]},
}
CASES = [
    (operation, caller, answer)
    for operation in ANSWERS
    for caller, answer in zip(CALLERS, ANSWERS[operation], strict=True)
]


@dataclass(frozen=True)
class Account:
    """An account with two workspaces, what belongs to each and to neither, and a caller of every reach."""

    callers: dict[str, Any]
    path: dict[str, str]
    unseen: dict[str, tuple[str, ...]]

    def ask(self, operation: str, caller: str) -> Any:
        """The answer to a good request about what is in the first workspace."""
        route = importlib.import_module(f"functions.myagentmail.{operation}").handler.endpoint.path
        path = {name: spelled for name, spelled in self.path.items() if f"{{{name}}}" in route}
        return self.callers[caller](operation, BODIES.get(operation), **path)


def furnished() -> Account:
    owner = partial(new_tenant(), group="myagentmail")
    here, there = workspace(owner), workspace(owner, "elsewhere")
    mine, beside, elsewhere = (inbox(owner, workspaceId=place) for place in (here, here, there))
    inside, outside = with_key(owner, workspaceId=here), with_key(owner, workspaceId=there)
    spare = ids(inside, "list_keys")[0]
    agents = [with_key(owner, inboxId=spelled) for spelled in (mine, beside, elsewhere)]
    cadences = [cadence(maker, steps=[EMAIL]) for maker in (inside, outside, owner)]
    master = partial(operator(), group="myagentmail")
    acting = partial(master, headers={"X-Tenant-Id": tenant_id(owner.func)})
    of_here, of_there, of_nobody = (here, mine, beside, cadences[0]), (there, elsewhere, cadences[1]), (cadences[2],)
    return Account(
        dict(zip(CALLERS, (owner, inside, outside, *agents, master, acting), strict=True)),
        {"workspace_id": here, "key_id": spare, "inbox_id": mine, "cadence_id": cadences[0]},
        {
            "workspace": (*of_there, *of_nobody),
            "other_workspace": (*of_here, *of_nobody),
            "inbox": (beside, *of_there, *of_nobody),
            "inbox_beside": (mine, *of_there, *of_nobody),
            "inbox_elsewhere": (*of_here, *of_nobody),
            "operator": (*of_here, *of_there, *of_nobody),
        },
    )


@pytest.fixture
def account(stack):
    return furnished()


def test_every_function_is_in_the_table():
    functions = {f.name.partition("/")[2] for f in api_functions() if f.name.startswith("myagentmail/")}

    assert functions == set(ANSWERS)


@pytest.mark.parametrize(("operation", "caller", "status"), CASES, ids=[f"{o}-{c}" for o, c, _ in CASES])
def test_a_key_reaches_what_it_is_for_and_nothing_else(account, operation, caller, status):
    before = _kept(account)

    answer = account.ask(operation, caller)

    assert answer.status == status, answer
    assert not [spelled for spelled in account.unseen.get(caller, ()) if spelled in json.dumps(answer.body)]
    assert status < 300 or _kept(account) == before


@pytest.mark.parametrize("operation", [operation for operation in ANSWERS if 404 in ANSWERS[operation]])
def test_what_is_out_of_reach_is_worded_like_what_is_not_there(account, operation):
    stranger = Account({"stranger": partial(new_tenant(), group="myagentmail")}, account.path, {})

    foreign, missing = account.ask(operation, "other_workspace"), stranger.ask(operation, "stranger")

    assert (foreign.status, foreign.body) == (missing.status, missing.body)


def _kept(account: Account) -> list[dict[str, Any]]:
    """All that is kept for the account, but for what every call may leave: numbers taken, and keys seen."""
    mark = f"T#{tenant_of(account.callers['account'].func)}"
    places = [(item, item.get("PK", {}).get("S", ""), item.get("SK", {}).get("S", "")) for item in everything()]
    ours = [(item, pk, sk) for item, pk, sk in places if pk == mark or pk.startswith(f"{mark}#")]
    return [item for item, pk, sk in ours if not pk.startswith(f"{mark}#COUNTER") and not sk.startswith("KEY#")]
