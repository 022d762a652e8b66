"""TransactWriteItems: all or nothing, and once for each token within ten minutes.

A member that can never succeed refuses the whole call here; DynamoDB may name it among the reasons of a cancellation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.memory.capacity import Bill
from tests.memory.reads import charged
from tests.memory.refusal import Refusal, invalid
from tests.memory.writes import Prepared, prepare_delete, prepare_put, prepare_update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.memory.store import Store

_LIMIT = 100
_LARGEST = 4 * 1024 * 1024
_TOKEN_LIFE = 10 * 60 * 1000
_PREPARE = {
    "Put": prepare_put,
    "Update": prepare_update,
    "Delete": prepare_delete,
    "ConditionCheck": prepare_delete,
}


@dataclass(frozen=True, slots=True)
class Done:
    """A transaction that was committed at an instant under a token."""

    at: int
    items: list[Any]
    answer: dict[str, Any]


def transact_write_items(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Commits all members or none. The same token with the same members does nothing the second time."""
    members = params["TransactItems"]
    if not 1 <= len(members) <= _LIMIT:
        bound = f"less than or equal to {_LIMIT}" if members else "greater than or equal to 1"
        raise invalid(
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
            f"Member must have length {bound}"
        )
    token = params.get("ClientRequestToken")
    if token is not None and (done := _done(store, token)) is not None:
        if done.items != members:
            raise Refusal(
                "IdempotentParameterMismatchException",
                "Request token already in use for another request with a different payload",
            )
        return {}
    prepared = [_prepare(store, member) for member in members]
    _check_targets(prepared)
    _refuse(members, prepared)
    answer = _commit(store, params, members, prepared)
    if token is not None:
        store.tokens[token] = Done(store.now(), members, answer)
    return answer


def _done(store: Store, token: str) -> Done | None:
    done = store.tokens.get(token)
    if done is not None and store.now() - done.at >= _TOKEN_LIFE:
        del store.tokens[token]
        return None
    return done


def _prepare(store: Store, member: Mapping[str, Any]) -> Prepared:
    ((kind, params),) = member.items()
    return _PREPARE[kind](store, params)


def _check_targets(prepared: list[Prepared]) -> None:
    targets = {(write.table.shape.name, write.key) for write in prepared}
    if len(targets) != len(prepared):
        raise invalid("Transaction request cannot include multiple operations on one item")
    if sum(write.new.size for write in prepared if write.new) > _LARGEST:
        raise invalid("Transaction request exceeds the 4MB transaction size limit")


def _refuse(members: list[Any], prepared: list[Prepared]) -> None:
    if all(write.holds for write in prepared):
        return
    reasons: list[dict[str, Any]] = []
    for member, write in zip(members, prepared, strict=True):
        if write.holds:
            reasons.append({"Code": "None"})
            continue
        reason: dict[str, Any] = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
        ((_, params),) = member.items()
        if write.old is not None and params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            reason["Item"] = dict(write.old.item)
        reasons.append(reason)
    raise cancelled(reasons)


def cancelled(reasons: list[dict[str, Any]]) -> Refusal:
    """The refusal of a whole transaction, with a reason for each member."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return Refusal("TransactionCanceledException", message, CancellationReasons=reasons)


def _commit(store: Store, params: Mapping[str, Any], members: list[Any], prepared: list[Prepared]) -> dict[str, Any]:
    bill = Bill(writes=True)
    for member, write in zip(members, prepared, strict=True):
        if "ConditionCheck" in member:
            bill.write((max(1, -(-(write.old.size if write.old else 0) // 1024)), {}), times=2)
        else:
            bill.write(store.commit(write.table, write.key, write.new, write.touched), times=2)
    return charged(store, "TransactWriteItems", params, {}, prepared[0].table, bill, many=True)
