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
    (route,) = function.events("Api")

    assert (ast.get_docstring(tree(function.source)) or "").splitlines()[0] == f"{route['Method']} {route['Path']}"


@pytest.mark.parametrize("function", KEYED, ids=lambda function: function.name)
def test_the_handler_declares_the_route_that_the_template_gives_it(function: Function):
    (route,) = function.events("Api")

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
    for function in api_functions():
        (route,) = function.events("Api")
        segments = route["Path"].split("/")
        for place, segment in enumerate(segments):
            if segment.startswith("{"):
                names["/".join(segments[:place])].add(segment)

    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}


@API
def test_path_variables_are_plain_names(function: Function):
    (route,) = function.events("Api")

    assert re.fullmatch(r"(/[A-Za-z0-9_]+|/\{[a-z_]+\})+", route["Path"])
