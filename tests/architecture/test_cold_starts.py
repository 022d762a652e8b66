"""A cold start pays for what the function uses, and docs/cold-starts.md says what that is (docs/adr/0054)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.stack import PACKAGE, functions, tree
from tools.cold_starts import Machine, row_of, written

# What is needed by few and costs much: whoever needs it imports it then, in an adapter that `bootstrap` builds.
_LATER = {"boto3", "cryptography", "dns", "imapclient", "imaplib", "phonenumbers", "smtplib"}
_NEVER = {
    "aws_xray_sdk", "aws_lambda_powertools.event_handler", "aws_lambda_powertools.tracing",
    "aws_lambda_powertools.utilities.batch", "aws_lambda_powertools.utilities.data_classes",
    "aws_lambda_powertools.utilities.parser",
}  # fmt: skip
_STARTED = (
    "admin/create_tenant", "ampout/enroll", "ampout/list_api_keys", "outreach/list_prospects", "streams/follow_calls",
    "timers/sweep", "tracking/take_sns", "workers/send_step",
)  # fmt: skip
# What has a use for models though no body of a request is read; everybody else of that sort does without.
_MODELS_WITHOUT_A_BODY = {
    "admin/set_plan": "the event is read by a model",
    "drumbeat/list_events": "instants of the query are read like those of bodies",
}
NAMES = sorted(function.name for function in functions())
BY_NAME = {function.name: function for function in functions()}


def file_of(module: str) -> Path | None:
    """Where a module of ours is."""
    place = PACKAGE.parent / module.replace(".", "/")
    found = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return found if module.split(".", maxsplit=1)[0] == "drumbeat" and found.is_file() else None


def run_at_import(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that a module makes when it is imported: not those in functions, nor those for annotations."""
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom():
                yield node
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                yield from run_at_import(otherwise)
            case ast.If(body=inner, orelse=otherwise):
                yield from run_at_import([*inner, *otherwise])
            case ast.Try(body=inner) | ast.With(body=inner):
                yield from run_at_import(inner)


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file asks for when it is imported, each with its parents."""
    names: set[str] = set()
    for node in run_at_import(tree(path).body):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {node.module} | {name for name in named if file_of(name)}
    return frozenset(".".join(name.split(".")[:end]) for name in names for end in range(1, name.count(".") + 2))


@cache
def imported_by(name: str) -> frozenset[str]:
    """What a function's handler imports, and what that imports in turn, as far as it is ours."""
    found: set[str] = set()
    todo = [BY_NAME[name].source]
    while todo:
        new = imports(todo.pop()) - found
        found |= new
        todo += [path for path in map(file_of, new) if path]
    return frozenset(found)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_imported_at_a_start_that_few_need(name: str):
    assert imported_by(name) & (_LATER | _NEVER) == set()


def reads_a_body(name: str) -> bool:
    """Whether the function's endpoint names the model of a body."""
    calls = (node for node in ast.walk(tree(BY_NAME[name].source)) if isinstance(node, ast.Call))
    endpoints = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "endpoint")
    return any(keyword.arg == "body" for endpoint in endpoints for keyword in endpoint.keywords)


def test_models_are_imported_by_those_who_read_a_body_and_no_others():
    with_models = {name for name in NAMES if "pydantic" in imported_by(name)}

    assert with_models == {name for name in NAMES if reads_a_body(name)} | _MODELS_WITHOUT_A_BODY.keys()


def test_the_page_has_every_function():
    assert sorted(written()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_page_tells_what_a_function_imports_of_ours_and_whether_it_has_models(name: str):
    row = written()[name]
    ours = sum(module.split(".")[0] == "drumbeat" for module in imported_by(name)) + 1

    assert row.ours == pytest.approx(ours, abs=3), "make cold"
    assert row.models == ("pydantic" in imported_by(name)), "make cold"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("machine"))


@pytest.mark.parametrize("name", _STARTED)
def test_the_page_tells_how_much_is_imported(machine: Machine, name: str):
    start = machine.start(BY_NAME[name])
    row = row_of(name, start)

    assert row.modules == pytest.approx(written()[name].modules, rel=0.05), "make cold"
    assert row.ours == pytest.approx(written()[name].ours, abs=3), "make cold"
    assert start.of(*_LATER) == 0
    assert start.modules & _NEVER - {"aws_lambda_powertools.tracing"} == set()
