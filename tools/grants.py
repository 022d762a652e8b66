"""What a role may do, and whether a call is among it: the part of IAM that the template uses.

Resources are called as in the template: `Table`, `Table/index/queue`, `SendQueue`, the parameter that lists them.
"""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

type Condition = Mapping[str, Mapping[str, Any]]
type Context = Mapping[str, frozenset[str]]
"""What conditions see of a call: the values under each of IAM's condition keys."""

# ForAllValues alone would accept a call that names nothing at all.
CONDITIONS: Mapping[str, Condition] = {
    # Every call with a key may note when the key was last used and be counted.
    "last use of a key": {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["PK", "SK", "last_used_at"]},
        "Null": {"dynamodb:Attributes": "false"},
    },
    "calls of a key": {
        "ForAllValues:StringLike": {"dynamodb:Attributes": ["PK", "SK", "calls*", "expires_at"]},
        "Null": {"dynamodb:Attributes": "false"},
    },
    # A secret is sealed and opened for a tenant and a sender.
    "tenant and sender": {
        "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant", "sender"]},
        "Null": {"kms:EncryptionContext:tenant": "false", "kms:EncryptionContext:sender": "false"},
    },
}
_NARROWER = {
    "dynamodb:UpdateItem": ("last use of a key", "calls of a key"),
    "kms:Encrypt": ("tenant and sender",),
    "kms:Decrypt": ("tenant and sender",),
}


@dataclass(frozen=True)
class Call:
    """A call as IAM sees it."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource, where a condition holds: one of CONDITIONS by name, or none."""

    action: str
    resource: str
    condition: str = ""

    def allows(self, call: Call) -> bool:
        """Whether IAM lets the call pass by this grant."""
        named = (self.action, self.resource) == (call.action, call.resource)
        return named and (not self.condition or is_fulfilled(CONDITIONS[self.condition], call.context))

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}" + (f", {self.condition}" if self.condition else "")


def narrowest(call: Call) -> Grant:
    """The least of what we grant that lets a call pass."""
    narrower = (Grant(call.action, call.resource, name) for name in _NARROWER.get(call.action, ()))
    return next((grant for grant in narrower if grant.allows(call)), Grant(call.action, call.resource))


def without_the_covered(grants: Iterable[Grant]) -> frozenset[Grant]:
    """The grants but for those under a condition that are there without one as well."""
    every = frozenset(grants)
    return frozenset(one for one in every if not one.condition or Grant(one.action, one.resource) not in every)


def is_fulfilled(condition: Condition, context: Context) -> bool:
    """Whether a statement's condition holds. Raises NotImplementedError for an operator that we do not use."""
    wanted = [(operator, key, value) for operator, keys in condition.items() for key, value in keys.items()]
    return all(_holds(operator, value, context.get(key, frozenset())) for operator, key, value in wanted)


def _holds(operator: str, wanted: Any, seen: frozenset[str]) -> bool:
    match operator:
        case "Null":
            return bool(seen) is (wanted == "false")
        case "ForAllValues:StringEquals":
            return seen <= set(wanted)
        case "ForAllValues:StringLike":
            return all(any(fnmatch.fnmatchcase(one, like) for like in wanted) for one in seen)
    raise NotImplementedError(operator)


def granted_by(statements: Iterable[Mapping[str, Any]]) -> Iterator[Grant]:
    """What the statements of a policy grant. Raises ValueError for one that is more than that, or not of our making."""
    for statement in statements:
        condition = _name_of(statement.get("Condition"))
        if statement["Effect"] != "Allow" or not statement.keys() <= {"Effect", "Action", "Resource", "Condition"}:
            raise ValueError(statement)
        yield from (Grant(action, resource_of(statement["Resource"]), condition) for action in statement["Action"])


def _name_of(condition: Condition | None) -> str:
    named = {"": None, **CONDITIONS}
    for name, known in named.items():
        if known == condition:
            return name
    raise ValueError(condition)


def resource_of(spelled: Any) -> str:
    """What we call the resource that a statement spells. Raises ValueError for one that is spelled otherwise."""
    match spelled:
        case "*":
            return "*"
        case {"Ref": name} | {"Fn::GetAtt": [name, "Arn" | "Id"]} | {"Fn::Split": [",", {"Ref": name}]}:
            return str(name)
        case {"Fn::GetAtt": [name, "StreamArn"]}:
            return f"{name}/stream"
        case {"Fn::Sub": str(text)}:
            return text.rpartition("configuration-set/")[2].replace(".Arn", "").replace("${", "").replace("}", "")
    raise ValueError(spelled)
