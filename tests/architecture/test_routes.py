"""The template's routes and the handlers' own declarations are the same."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.architecture.stack import Function, api_functions, dotted, functions, handlers, tree

# What a token opens has entry points of its own, which know nothing of methods and paths.
KEYED = [function for function in api_functions() if not function.name.startswith("tracking/")]
API = pytest.mark.parametrize("function", api_functions(), ids=lambda function: function.name)


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


@API
def test_a_handler_begins_with_the_route_that_the_template_gives_it(function: Function):
    route = function.route

    assert (ast.get_docstring(tree(function.source)) or "").splitlines()[0] == f"{route['Method']} {route['Path']}"


@pytest.mark.parametrize("function", KEYED, ids=lambda function: function.name)
def test_the_handler_declares_the_route_that_the_template_gives_it(function: Function):
    route = function.route

    assert declared(function.source) == [(route["Method"], route["Path"])]


def test_nothing_but_api_functions_declares_a_route():
    elsewhere = set(handlers()) - {function.source for function in api_functions()}

    assert [path for path in elsewhere if declared(path)] == []


def test_no_route_is_deployed_twice():
    routes = [(r["Method"], r["Path"]) for function in functions() for r in function.events("Api")]

    assert len(routes) == len(set(routes))


def test_all_routes_are_of_the_one_api():
    apis = {str(route["RestApiId"]) for function in api_functions() for route in function.events("Api")}

    assert apis == {str({"Ref": "Api"})}


def test_a_place_in_a_path_has_one_variable_name():
    """API Gateway refuses two sibling resources that differ only in the name of their variable."""
    names: dict[str, set[str]] = defaultdict(set)
    for path in (route["Path"] for function in api_functions() for route in function.events("Api")):
        segments = path.split("/")
        for place, segment in enumerate(segments):
            if segment.startswith("{"):
                names["/".join(segments[:place])].add(segment)

    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}


@API
def test_path_variables_are_plain_names(function: Function):
    assert all(re.fullmatch(r"(/[A-Za-z0-9_-]+|/\{[a-z_]+\})+", route["Path"]) for route in function.events("Api"))


@API
def test_a_function_has_one_route_unless_the_contract_prints_several(function: Function):
    """MyAgentMail's cadences with and without /v1, and the replacement of their steps as PATCH and as PUT.

    An agent is checked at either of the URLs that schedule its calls (contract 4.2).
    """
    declared_route = function.route
    methods, paths = {declared_route["Method"]}, {declared_route["Path"]}
    if function.name == "myagentmail/replace_cadence_steps":
        methods.add("PUT")
    if declared_route["Path"].startswith(("/v1/cadences", "/v1/enrollments")):
        paths.add(declared_route["Path"].removeprefix("/v1"))
    if function.name == "julian/check_agent":
        paths.add(f"{declared_route['Path']}s")

    routes = [(route["Method"], route["Path"]) for route in function.events("Api")]
    assert sorted(routes) == sorted((method, path) for method in methods for path in paths)
