"""Writes the API's routes into the template, with the roles that invoke its functions: python -m tools.routes.

A function's description names its routes, as `GET /campaigns/{campaign_id}`, with commas between several. SAM would
make a permission of each; API Gateway needs none for what a role may invoke that it assumes (docs/adr/0048).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cfnlint.decode import decode_str  # type: ignore[import-untyped]

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
_BEGIN = "Written by `make routes`"
_END = "The end of what `make routes` writes"
_INVOCATIONS = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"
Routes = dict[str, dict[str, str]]


def routes_of(function: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Methods and paths that lead to a function, from its properties; none where it has no description."""
    described = [route.partition(" ") for route in str(function.get("Description", "")).split(", ") if route]
    return [(method, path) for method, _, path in described]


def rewritten(text: str) -> str:
    """The template with the routes that its functions' descriptions name. Raises ValueError if two name the same."""
    lines = text.splitlines()
    (begin,) = (place for place, line in enumerate(lines) if _BEGIN in line)
    (end,) = (place for place, line in enumerate(lines) if _END in line)
    decoded, problems = decode_str(text)
    if decoded is None:
        raise ValueError(problems)
    functions = {n: m["Properties"] for n, m in decoded["Resources"].items() if m["Type"].endswith("::Function")}
    return "\n".join([*lines[: begin + 1], *_written(functions), *lines[end:], ""])


def _written(functions: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    paths: dict[str, dict[str, str]] = defaultdict(dict)
    groups: dict[str, list[str]] = defaultdict(list)
    for name, function in functions.items():
        for method, path in routes_of(function):
            if method in paths[path]:
                raise ValueError(f"{method} {path} leads to {paths[path][method]} and to {name}")
            paths[path][method] = name
        if routes_of(function):
            groups[_role(function)].append(name)
    roles = {name: role for role, names in groups.items() for name in names}
    yield from _definition(paths, roles)
    for role, names in sorted(groups.items()):
        yield from _invoking(role, names)


def _role(function: Mapping[str, Any]) -> str:
    """The role by which API Gateway invokes what stands in a function's folder."""
    return f"{Path(function['CodeUri']).name.capitalize()}InvokeRole"


def _definition(paths: Mapping[str, Mapping[str, str]], roles: Mapping[str, str]) -> Iterator[str]:
    yield from (
        "      DefinitionBody:",
        "        openapi: 3.0.1",
        '        info: {title: !Ref AWS::StackName, version: "1.0"}',
        "        paths:",
    )
    for path, methods in sorted(paths.items()):
        yield f"          {path}:"
        for method, name in sorted(methods.items()):
            uri = f'!Sub "{_INVOCATIONS % name}"'
            how = f"type: aws_proxy, httpMethod: POST, credentials: !GetAtt {roles[name]}.Arn, uri: {uri}"
            yield f"            {method.lower()}: {{responses: {{}}, x-amazon-apigateway-integration: {{{how}}}}}"
    yield ""


def _invoking(role: str, functions: list[str]) -> Iterator[str]:
    yield from (
        f"  {role}:",
        "    Type: AWS::IAM::Role",
        "    Properties:",
        "      AssumeRolePolicyDocument:",
        '        Version: "2012-10-17"',
        "        Statement:",
        "          - {Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: [sts:AssumeRole]}",
        "      Policies:",
        "        - PolicyName: Invoke",
        "          PolicyDocument:",
        '            Version: "2012-10-17"',
        "            Statement:",
        "              - Effect: Allow",
        "                Action: [lambda:InvokeFunction]",
        "                Resource:",
        *(f"                  - !GetAtt {name}.Arn" for name in sorted(functions)),
        "",
    )


if __name__ == "__main__":
    TEMPLATE.write_text(rewritten(TEMPLATE.read_text()))
