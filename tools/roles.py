"""Writes the functions' roles into the template, by what the tests' last run recorded: python -m tools.roles.

Functions that need the same share a role, called after what it may do (docs/adr/0053). After a run of some tests roles
only grow, after one of all they are what was called. What Lambda itself does as a function follows from the template.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cfnlint.decode import decode_str  # type: ignore[import-untyped]

from tools import role_text
from tools.expanded import fulfilled
from tools.grants import Grant, granted_by, without_the_covered
from tools.rights import Record, last_record

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
_BEGIN = "Written by `make roles`"
_END = "The end of what `make roles` writes"
_READING_A_QUEUE = "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"
_READING_A_STREAM = (
    "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
)  # fmt: skip
_LOGGING = "logs:CreateLogStream", "logs:PutLogEvents"
_TRACING = "xray:PutTraceSegments", "xray:PutTelemetryRecords"
type Properties = Mapping[str, Any]
type Needs = dict[str, frozenset[Grant]]
"""What each function needs, by its logical id."""


def rewritten(text: str, record: Record) -> str:
    """The template with roles that grant each function what it needs by the record, and what Lambda needs for it."""
    decoded, problems = decode_str(text)
    if decoded is None:
        raise ValueError(problems)
    resources, shared = decoded["Resources"], decoded["Globals"]["Function"]
    functions = {name: made for name, made in resources.items() if made["Type"].endswith("::Function")}
    needs = {
        name: without_the_covered(_needed(made["Properties"], resources, record))
        | frozenset(done_by_lambda({**shared, **made["Properties"]}))
        for name, made in functions.items()
    }
    roles = _roles(needs)
    lines = list(_with_roles(text.splitlines(), {name: role for role, names in roles.items() for name in names}))
    (begin,) = (place for place, line in enumerate(lines) if _BEGIN in line)
    (end,) = (place for place, line in enumerate(lines) if _END in line)
    written: list[str] = []
    for role, names in roles.items():
        conditions = {functions[name].get("Condition") for name in names}
        written += role_text.role_lines(role, needs[names[0]], conditions.pop() if len(conditions) == 1 else None)
    return "\n".join([*lines[: begin + 1], "", *written, *lines[end:], ""])


def name_of(function: Properties) -> str:
    """Group and operation of a function, as in ampout/enroll, from its properties."""
    return f"{Path(function['CodeUri']).name}/{function['Handler'].removesuffix('.handler')}"


def done_by_lambda(function: Properties) -> Iterator[Grant]:
    """What Lambda does as a function, from its properties: logs, traces, reads queue or stream, tells of failures."""
    yield from (Grant(action, function["LoggingConfig"]["LogGroup"]["Ref"]) for action in _LOGGING)
    yield from (Grant(action, "*") for action in _TRACING)
    for event in function.get("Events", {}).values():
        match event:
            case {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": [queue, "Arn"]}}}:
                yield from (Grant(action, queue) for action in _READING_A_QUEUE)
            case {"Type": "DynamoDB", "Properties": {"Stream": {"Fn::GetAtt": [table, "StreamArn"]}} as settings}:
                yield from (Grant(action, f"{table}/stream") for action in _READING_A_STREAM)
                yield from _telling_of_failures(settings)
    yield from _telling_of_failures(function.get("EventInvokeConfig", {}))


def _telling_of_failures(settings: Properties) -> Iterator[Grant]:
    match settings:
        case {"DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": [queue, "Arn"]}}}}:
            yield Grant("sqs:SendMessage", queue)


def _needed(function: Properties, resources: Mapping[str, Any], record: Record) -> frozenset[Grant]:
    """What a function calls: by the record, and unless that is of all tests what it may do today."""
    called = record.of(name_of(function))
    match function.get("Role"):
        case {"Fn::GetAtt": [role, "Arn"]} if not record.is_whole:
            return called | {one for one in granted_to(resources[role]["Properties"]) if not is_lambda_s(one)}
    return called


def is_lambda_s(grant: Grant) -> bool:
    own = (*_LOGGING, *_TRACING, *_READING_A_QUEUE, *_READING_A_STREAM)
    return grant.action in own or grant.resource.endswith("Dlq")


def granted_to(role: Properties) -> frozenset[Grant]:
    """What a role's own policies grant, with all conditions of the template fulfilled."""
    policies = fulfilled(role.get("Policies", []))
    return frozenset(one for policy in policies for one in granted_by(policy["PolicyDocument"]["Statement"]))


def _roles(needs: Needs) -> dict[str, list[str]]:
    """Functions by the role that they get: called after the function if it is the only one. Raises ValueError."""
    alike: dict[frozenset[Grant], list[str]] = defaultdict(list)
    for name, grants in needs.items():
        alike[grants].append(name)
    roles: dict[str, list[str]] = {}
    for grants, names in alike.items():
        role = f"{names[0].removesuffix('Function')}Role" if len(names) == 1 else _shared(grants)
        if role in roles:
            raise ValueError(f"{role} is two roles: of {roles[role]} and of {names}")
        roles[role] = names
    return dict(sorted(roles.items()))


def _shared(grants: frozenset[Grant]) -> str:
    (group,) = {one.resource.removesuffix("LogGroup") for one in grants if one.action in _LOGGING}
    return role_text.role_name(group, (one for one in grants if not is_lambda_s(one)))


def _with_roles(lines: Sequence[str], roles: Mapping[str, str]) -> Iterator[str]:
    """The lines, where each function has the role that `roles` names, and nothing else that says what it may do."""
    starts = [place for place, line in enumerate(lines) if re.match(r"  \w+:$", line)]
    for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        name = lines[start].strip(" :")
        block = lines[start:end]
        yield from _with_role(block, roles[name]) if name in roles else block


def _with_role(block: Iterable[str], role: str) -> Iterator[str]:
    """The lines of a function, its role right behind its handler."""
    skipping = False
    for line in block:
        skipping = line.startswith(("      Policies:", "      Role:")) or (skipping and line.startswith("       "))
        if not skipping:
            yield line
        if line.startswith("      Handler:"):
            yield f"      Role: !GetAtt {role}.Arn"


if __name__ == "__main__":
    TEMPLATE.write_text(rewritten(TEMPLATE.read_text(), last_record()))
