"""The handlers' declarations, the functions' descriptions and the API's routes are the same (docs/adr/0048)."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.architecture.stack import Function, Route, api_functions, dotted, functions, handlers, resources, tree
from tools.routes import TEMPLATE, rewritten

# What a token opens has entry points of its own, which know nothing of methods and paths.
KEYED = [function for function in api_functions() if not function.name.startswith("tracking/")]
API = pytest.mark.parametrize("function", api_functions(), ids=lambda function: function.name)
INTEGRATIONS = {
    Route(method.upper(), path): answer["x-amazon-apigateway-integration"]
    for path, answers in resources("AWS::Serverless::Api")["Api"]["Properties"]["DefinitionBody"]["paths"].items()
    for method, answer in answers.items()
}
INVOCATIONS = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"


def declared(path: Path) -> list[tuple[str, str]]:
    """The (method, path) pairs of a module's @endpoint decorators."""
    calls = [
        decorator
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and dotted(decorator.func).split(".")[-1] == "endpoint"
    ]
    return [tuple(ast.literal_eval(argument) for argument in call.args[:2]) for call in calls]


def test_the_template_has_the_routes_that_the_descriptions_name():
    text = TEMPLATE.read_text()

    assert rewritten(text) == text, "make routes writes them anew"


def test_no_function_has_an_api_s_event():
    """SAM would make a permission of each: a resource of the 500 for nothing."""
    kinds = {f.logical_id: {event["Type"] for event in f.own.get("Events", {}).values()} for f in functions()}

    assert {name for name, found in kinds.items() if found & {"Api", "HttpApi"}} == set()


@API
def test_a_route_leads_to_its_function_whole(function: Function):
    uri = {"Fn::Sub": INVOCATIONS % function.logical_id}
    found = [{**INTEGRATIONS[route], "credentials": None} for route in function.routes]

    assert found == [{"type": "aws_proxy", "httpMethod": "POST", "credentials": None, "uri": uri}] * len(found)


def test_the_api_has_no_other_routes():
    assert set(INTEGRATIONS) == {route for function in functions() for route in function.routes}


@API
def test_a_handler_begins_with_the_route_that_the_template_gives_it(function: Function):
    first = (ast.get_docstring(tree(function.source)) or "").splitlines()[0]

    assert first == " ".join(function.route)


@pytest.mark.parametrize("function", KEYED, ids=lambda function: function.name)
def test_the_handler_declares_the_route_that_the_template_gives_it(function: Function):
    assert declared(function.source) == [function.route]


def test_nothing_but_api_functions_declares_a_route():
    elsewhere = set(handlers()) - {function.source for function in api_functions()}

    assert [path for path in elsewhere if declared(path)] == []


def test_no_route_is_deployed_twice():
    routes = [route for function in functions() for route in function.routes]

    assert len(routes) == len(set(routes))


def test_a_place_in_a_path_has_one_variable_name():
    """API Gateway refuses two sibling resources that differ only in the name of their variable."""
    names: dict[str, set[str]] = defaultdict(set)
    for route in INTEGRATIONS:
        segments = route.path.split("/")
        for place, segment in enumerate(segments):
            if segment.startswith("{"):
                names["/".join(segments[:place])].add(segment)

    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}


def test_an_api_takes_so_many_paths():
    """API Gateway counts every beginning of one, and takes 300 unless the account was given more."""
    segments = [route.path.split("/") for route in INTEGRATIONS]

    assert len({tuple(parts[:length]) for parts in segments for length in range(1, len(parts) + 1)}) <= 300


@API
def test_descriptions_name_methods_and_plain_paths(function: Function):
    assert all(method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} for method, _ in function.routes)
    assert all(re.fullmatch(r"(/[A-Za-z0-9_-]+|/\{[a-z_]+\})+", path) for _, path in function.routes)
    assert len(function.own["Description"]) <= 256  # Lambda takes no longer one


@API
def test_a_function_has_one_route_unless_the_contract_prints_several(function: Function):
    """MyAgentMail's cadences with and without /v1, and the replacement of their steps as PATCH and as PUT.

    An agent is checked at either of the URLs that schedule its calls (contract 4.2). Scanners ask for links by HEAD.
    """
    methods, paths = {function.route.method}, {function.route.path}
    if function.name == "myagentmail/replace_cadence_steps":
        methods.add("PUT")
    if function.route.path.startswith(("/v1/cadences", "/v1/enrollments")):
        paths.add(function.route.path.removeprefix("/v1"))
    if function.name in {"tracking/open", "tracking/click", "tracking/show_unsubscribe"}:
        methods.add("HEAD")
    if function.name == "julian/check_agent":
        paths.add(f"{function.route.path}s")

    assert sorted(function.routes) == sorted((method, path) for method in methods for path in paths)
