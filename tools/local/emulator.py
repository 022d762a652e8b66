"""Starts MiniStack with streams that tell of every write: run by the Python of MiniStack's own environment.

As it comes, it leaves out of a table's stream what PartiQL statements write, which is how enrollments are claimed and
settled (docs/adr/0031).
"""

import copy
import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any


def tell_of_statements(dynamodb: Any) -> None:
    """Has MiniStack's DynamoDB put the writes of PartiQL statements into the streams, as AWS does."""
    for name in ("_partiql_insert", "_partiql_update", "_partiql_delete"):
        setattr(dynamodb, name, _telling(dynamodb, getattr(dynamodb, name)))


def _telling(dynamodb: Any, write: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(write)
    def told(table: dict[str, Any], parsed: dict[str, Any], *rest: Any) -> Any:
        before = _item(dynamodb, table, parsed)
        answer = write(table, parsed, *rest)
        after = _item(dynamodb, table, parsed)
        if before != after:
            what = "INSERT" if before is None else "REMOVE" if after is None else "MODIFY"
            dynamodb._emit_stream_event(table["TableName"], what, before, after, False)
        return answer

    return told


def _item(dynamodb: Any, table: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any] | None:
    """A copy of the item that a statement is about, None if there is none."""
    if parsed["op"] == "INSERT":
        item = parsed.get("item", {})
        members = item["M"] if set(item) == {"M"} else item
        names = members.get(table["pk_name"]), members.get(table["sk_name"])
    else:
        equal = {name: value for name, sign, value in parsed.get("conditions") or [] if sign == "="}
        names = equal.get(table["pk_name"]), equal.get(table["sk_name"])
    partition, sort = (dynamodb._extract_key_val(name) for name in names)
    found: dict[str, Any] | None = table["items"].get(partition, {}).get(sort if table["sk_name"] else "__no_sort__")
    return copy.deepcopy(found)


if __name__ == "__main__":
    tell_of_statements(importlib.import_module("ministack.services.dynamodb"))
    sys.exit(importlib.import_module("ministack.app").main())
