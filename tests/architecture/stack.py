"""Reads what the architecture tests compare: the template with its Globals applied, and the sources."""

import ast
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cfnlint.decode import decode

from tools.routes import routes_of

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"
LAYER = ROOT / "layers/shared"
PACKAGE = LAYER / "python/drumbeat"
EVENTS = ROOT / "events"


class Route(NamedTuple):
    """What leads to a function."""

    method: str
    path: str


@dataclass(frozen=True)
class Function:
    """A function as the template deploys it."""

    logical_id: str
    own: dict[str, Any]
    globals: dict[str, Any]

    @property
    def source(self) -> Path:
        module, _, entry = self.own["Handler"].rpartition(".")
        assert entry == "handler", f"{self.logical_id} is entered at {self.own['Handler']}"
        return ROOT / self.own["CodeUri"] / f"{module}.py"

    @property
    def name(self) -> str:
        """Group and operation, as in ampout/enroll."""
        return self.source.relative_to(FUNCTIONS).with_suffix("").as_posix()

    @property
    def environment(self) -> dict[str, Any]:
        shared = self.globals.get("Environment", {}).get("Variables", {})
        return {**shared, **self.own.get("Environment", {}).get("Variables", {})}

    @property
    def policies(self) -> set[str]:
        """The shared policies it names, those included that depend on a parameter, or its role's."""
        return {conditional(policy)["Ref"] for policy in self.own.get("Policies", [])} | self._role_policies()

    @property
    def role(self) -> str | None:
        """The role it shares with others, if it has none of its own."""
        return self.own["Role"]["Fn::GetAtt"][0] if "Role" in self.own else None

    def _role_policies(self) -> set[str]:
        if self.role is None:
            return set()
        attached = resources("AWS::IAM::Role")[self.role]["Properties"]["ManagedPolicyArns"]
        return {policy["Ref"] for policy in map(conditional, attached) if "Ref" in policy}

    @property
    def log_group(self) -> str:
        merged = {**self.globals.get("LoggingConfig", {}), **self.own.get("LoggingConfig", {})}
        return merged["LogGroup"]["Ref"]

    @property
    def timeout(self) -> int:
        return self.own.get("Timeout", self.globals["Timeout"])

    @property
    def routes(self) -> list[Route]:
        """What its description names."""
        return [Route(*route) for route in routes_of(self.own)]

    @property
    def route(self) -> Route:
        """The route that its handler declares: the first one."""
        return self.routes[0]

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [event["Properties"] for event in self.own.get("Events", {}).values() if event["Type"] == kind]


def conditional(value: dict[str, Any]) -> dict[str, Any]:
    """What an `!If [Condition, value, !Ref AWS::NoValue]` gives when the condition holds; anything else as it is."""
    match value:
        case {"Fn::If": [str(), dict(there), {"Ref": "AWS::NoValue"}]}:
            return there
    return value


@cache
def template() -> dict[str, Any]:
    decoded, problems = decode(str(ROOT / "template.yaml"))
    assert decoded is not None, problems
    return json.loads(json.dumps(decoded))


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The template's resources of a type, by logical id."""
    return {name: made for name, made in template()["Resources"].items() if made["Type"] == kind}


@cache
def functions() -> tuple[Function, ...]:
    shared = template()["Globals"]["Function"]
    found = resources("AWS::Serverless::Function")
    return tuple(Function(name, made["Properties"], shared) for name, made in found.items())


def api_functions() -> tuple[Function, ...]:
    return tuple(function for function in functions() if function.routes)


def modules(*folders: str) -> list[Path]:
    """The package's modules below these folders of it, or all."""
    return sorted(path for folder in folders or (".",) for path in (PACKAGE / folder).rglob("*.py"))


def handlers() -> list[Path]:
    return sorted(FUNCTIONS.glob("*/*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imported(path: Path) -> set[str]:
    """The dotted names a module imports, each with all of its parents."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {".".join(name.split(".")[:length]) for name in names for length in range(1, name.count(".") + 2)}


def dotted(node: ast.expr) -> str:
    """The source text of a chain of names, such as datetime.now; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            head = dotted(value)
            return f"{head}.{name}" if head else ""
        case _:
            return ""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def docstring_positions(path: Path) -> set[int]:
    """The ids of the string nodes that are docstrings, to tell them from strings that do something."""
    owners = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    bodies = (node.body for node in ast.walk(tree(path)) if isinstance(node, owners))
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
