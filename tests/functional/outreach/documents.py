"""Bodies and answers as tests of Outreach's API write and read them."""

from typing import Any

from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from tests.contract.scene import everything
from tests.world import Answer, imported


def document(kind: str, attributes: dict[str, Any], relations: dict[str, Any] | None = None) -> dict[str, Any]:
    """A body."""
    data: dict[str, Any] = {"type": kind, "attributes": attributes}
    return {"data": data | ({"relationships": relations} if relations else {})}


def linked(**relations: Any) -> dict[str, Any]:
    """Relations from pairs of type and id, or lists of such pairs."""
    return {name: {"data": _named(named)} for name, named in relations.items()}


def _named(named: Any) -> Any:
    return [_named(each) for each in named] if isinstance(named, list) else {"type": named[0], "id": named[1]}


def create(
    call: Any, kind: str, attributes: dict[str, Any], relations: dict[str, Any] | None = None, **options: Any
) -> Answer:
    """What is answered to the creation of a resource."""
    return call(f"create_{kind}", document(kind, attributes, relations), **options)


def made(call: Any, kind: str, relations: dict[str, Any] | None = None, **attributes: Any) -> int:
    """The id of a resource that was just made."""
    answer = create(call, kind, attributes, relations)
    assert answer.status == 201, answer.body
    return answer.body["data"]["id"]


def refusal(answer: Answer) -> tuple[int, str, Any]:
    """Status, id and source of the answer's first error."""
    error = answer.body["errors"][0]
    return answer.status, error["id"], error.get("source")


def contact_id(call: Any, number: int) -> str:
    """AmpOut's id of one of the caller's contacts."""
    import_id = imported(call.func, [{"email": f"one-more-than-{number}@corp.example"}])
    tenants = range(1, 1_000)
    tenant = next(t for t in tenants if resource_number(Kind.CONTACT_IMPORT, t, import_id) is not None)
    return resource_uuid(Kind.CONTACT, tenant, number)


def kept() -> list[Any]:
    """What the store holds, but for what every call may touch: counters, the caller's budget and its key."""
    return [item for item in everything() if not _is_of_calls(item)]


def _is_of_calls(item: dict[str, Any]) -> bool:
    partition, sort = item.get("PK", {}).get("S", ""), item.get("SK", {}).get("S", "")
    return "#COUNTER" in partition or "#CALLS#" in partition or sort.startswith("KEY#")
