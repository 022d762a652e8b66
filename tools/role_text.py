"""How a role stands in the template: what it is called, and its statements."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tools.grants import CONDITIONS, Grant

_INDENT = " " * 14
_ONLY_IF = {"SesIdentities": "HasSes", "SesConfigurationSet": "HasSes", "SnsTopicArns": "HasSnsTopics"}
"""What is there under a condition of the template only."""
_SPELLED = {
    "*": '"*"',
    "Table/stream": "!GetAtt Table.StreamArn",
    "TokenSecret": "!GetAtt TokenSecret.Id",
    "SesIdentities": '!Split [",", !Ref SesIdentities]',
    "SesConfigurationSet": '!Sub "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/'
    '${SesConfigurationSet}"',
    "SnsTopicArns": '!Split [",", !Ref SnsTopicArns]',
}
_VERBS = {
    "dynamodb:GetItem": "Get",
    "dynamodb:BatchGetItem": "GetMany",
    "dynamodb:Query": "Query",
    "dynamodb:PutItem": "Put",
    "dynamodb:UpdateItem": "Update",
    "dynamodb:DeleteItem": "Delete",
    "dynamodb:BatchWriteItem": "WriteMany",
    "dynamodb:PartiQLInsert": "Insert",
    "dynamodb:PartiQLUpdate": "Change",
    "dynamodb:ConditionCheckItem": "Check",
    "kms:Encrypt": "Seal",
    "kms:Decrypt": "Open",
    "secretsmanager:GetSecretValue": "Sign",
    "sqs:SendMessage": "Tell",
}
_OBJECTS = {"Table": "", "SenderKey": "", "TokenSecret": "", "IdempotencyTable": "Mark"}
_TOGETHER = {
    "Noted": frozenset(Grant("dynamodb:UpdateItem", "Table", said) for said in ("last use of a key", "calls of a key")),
    "Once": frozenset(Grant(f"dynamodb:{verb}Item", "IdempotencyTable") for verb in ("Put", "Update", "Delete")),
}
"""What goes together, in one word."""


def role_name(group: str, grants: Iterable[Grant]) -> str:
    """What the role of a group's functions is called that may do this and what Lambda does for each of them."""
    left = frozenset(grants)
    together = [word for word, parts in _TOGETHER.items() if parts <= left]
    left = left.difference(*(_TOGETHER[word] for word in together))
    return "".join([group, *map(_word, sorted(left, key=_place)), *together, "Role"])


def _place(grant: Grant) -> tuple[int, Grant]:
    return list(_VERBS).index(grant.action), grant


def _word(grant: Grant) -> str:
    table, _, index = grant.resource.partition("/index/")
    thing = index.capitalize() or _OBJECTS.get(table, table.removesuffix("Queue"))
    said = "" if grant.action.startswith("kms:") else grant.condition  # a secret is never sealed without
    return _VERBS[grant.action] + thing + "".join(word.capitalize() for word in said.split())


def role_lines(name: str, grants: Iterable[Grant], condition: str | None) -> Iterator[str]:
    """The lines of a role that Lambda alone may assume; with a condition it is there only where that holds."""
    yield from (
        f"  {name}:",
        "    Type: AWS::IAM::Role",
        *([f"    Condition: {condition}"] if condition else []),
        "    Properties:",
        "      AssumeRolePolicyDocument:",
        '        Version: "2012-10-17"',
        "        Statement:",
        "          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: [sts:AssumeRole]}",
        "      Policies:",
        "        - PolicyName: Rights",
        "          PolicyDocument:",
        '            Version: "2012-10-17"',
        "            Statement:",
    )
    actions: Mapping[tuple[str, str], list[str]] = defaultdict(list)
    for grant in sorted(grants, key=lambda one: (one.resource, one.condition, one.action)):
        actions[grant.resource, grant.condition].append(grant.action)
    for (resource, under), named in actions.items():
        yield from _statement(resource, under, named, condition)
    yield ""


def _statement(resource: str, under: str, actions: list[str], condition: str | None) -> Iterator[str]:
    said = [f"Effect: Allow, Action: [{', '.join(actions)}]", f"Resource: {spelled(resource)}"]
    if under:
        said.append(f"Condition: {json.dumps(CONDITIONS[under])}")
    only_if = _ONLY_IF.get(resource)
    if only_if is None or only_if == condition:
        yield f"{_INDENT}- {{{', '.join(said)}}}"
    else:
        yield f"{_INDENT}- !If [{only_if}, {{{', '.join(said)}}}, !Ref AWS::NoValue]"


def spelled(resource: str) -> str:
    """The resource of a statement, for what we call it (`tools.grants.resource_of` reads it back)."""
    if resource in _SPELLED:
        return _SPELLED[resource]
    owner, _, part = resource.partition("/")
    return f'!Sub "${{{owner}.Arn}}/{part}"' if part else f"!GetAtt {owner}.Arn"
