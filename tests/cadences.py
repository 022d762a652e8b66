"""A client of the MyAgentMail API who knows methods and paths only, and what a tenant needs to run a cadence."""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.ids import EnrollmentKey, enrollment_key
from drumbeat.domain.tenant import tenant_of_key
from tests.architecture.stack import api_functions
from tests.contract.scene import everything
from tests.world import Answer, Caller, Context, api_event, new_tenant

type Row = dict[str, Any]
EMAIL = {
    "kind": "email",
    "delayDays": 0,
    "draftStrategy": "static",
    "staticSubject": "Hello {{first_name}}",
    "staticBody": "Hi {{first_name}}",
}
CONNECT = {"kind": "linkedin_connect", "delayDays": 1, "draftStrategy": "static", "staticBody": "Let us connect"}
MISSING = "00000000-0000-8000-8000-000000000000"
SESSION = "5e551050-0000-4000-8000-000000000001"
_numbers = count(1)


@cache
def _routes() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Method, path and module of everything that the template serves; the paths that are spelled out first."""
    found = [
        (*route, f"functions.{function.name.replace('/', '.')}")
        for function in api_functions()
        for route in function.routes
    ]
    found.sort(key=lambda route: route[1].count("{"))
    return tuple(
        (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$"), module)
        for method, path, module in found
    )


def routed(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The module that a path leads to, and its parameters. Raises LookupError where the gateway knows no such path."""
    for known, pattern, module in _routes():
        if known == method and (match := pattern.match(path)):
            return module, match.groupdict()
    raise LookupError(f"{method} {path}")


def operations() -> list[tuple[str, str]]:
    """Method and path of everything of the dialect that is below /v1, in a fixed order."""
    return sorted(
        route
        for function in api_functions()
        if function.name.startswith("myagentmail/")
        for route in function.routes
        if route.path.startswith("/v1/")
    )


@dataclass
class Client:
    """Calls the API by method and path with one key. `prefix` stands before paths that begin with neither."""

    key: str
    prefix: str = "/v1"
    context: Context = field(default_factory=Context)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        raw: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        module, parameters = routed(method, f"{self.prefix}{path}")
        sent = {"X-API-Key": self.key, "Content-Type": "application/json"} if headers is None else headers
        event = api_event(method, path=parameters, query=query, body=body, raw=raw, headers=sent)
        answer = importlib.import_module(module).handler(event, self.context)
        json.dumps(answer).encode()  # what the runtime does with it
        text = answer["body"]
        return Answer(answer["statusCode"], json.loads(text) if text else None, answer["headers"])

    @property
    def tenant(self) -> int:
        tenant = tenant_of_key(self.key)
        assert tenant is not None
        return tenant

    @property
    def others(self) -> Caller:
        """The same tenant as a client of the other dialects."""
        return Caller(self.key)

    def key_of(self, enrollment: str) -> EnrollmentKey:
        """What an enrollment's id packs."""
        key = enrollment_key(self.tenant, enrollment)
        assert key is not None
        return key


def new_client(name: str = "Acme") -> Client:
    """A client with the key of a new tenant."""
    return Client(new_tenant(name).key)


def good(answer: Answer, status: int = 200) -> Any:
    """The body of an answer that went well."""
    assert answer.status == status, answer
    return answer.body


def inbox(client: Client, port: int = 2525, **changes: Any) -> str:
    """The id of a new inbox, whose mails go to a port of this machine."""
    number = next(_numbers)
    login = {"host": "127.0.0.1", "port": port, "username": f"ann{number}", "password": "hunter2"}
    sender = {"name": "Ann", "email": f"ann{number}@acme.example", "smtp": login}
    wanted = sender | {"paceSeconds": [0, 1], "dailyLimit": 10_000} | changes
    return good(client("POST", "/inboxes", wanted), 201)["inbox"]["id"]


def cadence(client: Client, *, steps: list[Row] | None = None, **changes: Any) -> str:
    """The id of a new cadence that sends at any hour."""
    wanted = {
        "name": "Spring",
        "businessHoursOnly": False,
        "dailySendCap": None,
        "steps": [EMAIL] if steps is None else steps,
    } | changes
    return good(client("POST", "/cadences", wanted), 201)["cadence"]["id"]


def enrol(client: Client, cadence_id: str, **fields: Any) -> Answer:
    return client("POST", f"/cadences/{cadence_id}/enrollments", fields)


def enrolled(client: Client, cadence_id: str, external_id: str, **fields: Any) -> Row:
    """The enrollment that a new lead has."""
    made = good(enrol(client, cadence_id, leadExternalId=external_id, **fields))
    assert made["created"] is True, made
    return made["enrollment"]


def relink(client: Client, cadence_id: str, *updates: Any, retry_now: bool | None = None, **options: Any) -> Answer:
    query = None if retry_now is None else {"retryNow": "true" if retry_now else "false"}
    path = f"/cadences/{cadence_id}/enrollments/bulk-relink"
    return client("POST", path, {"updates": list(updates)}, query=query, **options)


def relinked(client: Client, cadence_id: str, *updates: Any, retry_now: bool | None = None) -> list[Row]:
    """What became of each row."""
    body = good(relink(client, cadence_id, *updates, retry_now=retry_now))
    results: list[Row] = body["results"]
    assert len(results) == len(updates)
    return results


def codes(results: list[Row]) -> list[str | None]:
    """The code of each row that failed, None for each that went well."""
    return [None if row["ok"] else row["code"] for row in results]


def patch(client: Client, enrollment: str, *, retry_now: bool | None = None, **fields: Any) -> Answer:
    query = None if retry_now is None else {"retryNow": "true" if retry_now else "false"}
    return client("PATCH", f"/enrollments/{enrollment}", fields, query=query)


def shown(client: Client, enrollment: str) -> Row:
    """The enrollment as it is shown."""
    return good(client("GET", f"/enrollments/{enrollment}"))["enrollment"]


def listed(client: Client, cadence_id: str, **query: str) -> Iterator[Row]:
    """All enrollments of a cadence, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = good(client("GET", f"/cadences/{cadence_id}/enrollments", query=query | cursor))
        yield from page["items"]
        if not page.get("nextCursor"):
            return
        cursor = {"cursor": page["nextCursor"]}


def ended(client: Client, enrollment: str, **state: Any) -> None:
    """Puts an enrollment into a state that only sending, signals and time lead to."""
    there = bootstrap.enrollments().get(client.tenant, client.key_of(enrollment))
    assert there is not None
    bootstrap.table().put(enrollment_item(replace(there, **state)))


def suppressed(client: Client, *addresses: str) -> None:
    """Nobody of the tenant mails these addresses any more."""
    answer = client.others("suppress", {"emails": list(addresses)}, group="drumbeat")
    assert answer.status in (200, 201), answer


def furnished(client: Client) -> dict[str, str]:
    """One of everything, by the names that path parameters have for it."""
    inbox_id = inbox(client)
    cadence_id = cadence(client, steps=[EMAIL, CONNECT])
    lead = {"leadName": "Jane", "leadEmail": "jane@lead.example", "inboxId": inbox_id, "sessionId": SESSION}
    return {
        "cadence_id": cadence_id,
        "enrollment_id": enrolled(client, cadence_id, "crm-1", **lead)["id"],
        "inbox_id": inbox_id,
        "workspace_id": good(client("POST", "/workspaces", {"name": "North"}), 201)["workspace"]["id"],
        "key_id": good(client("POST", "/keys", {"name": "spare"}), 201)["key"]["id"],
    }


def kept(client: Client) -> list[Row]:
    """All that is kept for the tenant, but what every call may count: numbers taken, and calls made."""
    mark = f"T#{client.tenant}#"
    counted = (f"{mark}COUNTER", f"{mark}CALLS")
    ours = [item for item in everything() if item.get("PK", {}).get("S", "").startswith(mark)]
    return [item for item in ours if not item["PK"]["S"].startswith(counted)]
