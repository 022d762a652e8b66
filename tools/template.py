"""Reads the template for tools and tests: its resources, and its functions with the Globals applied."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cfnlint.decode import decode  # type: ignore[import-untyped]

from tools.routes import routes_of

ROOT = Path(__file__).resolve().parents[1]
FUNCTIONS = ROOT / "functions"
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
        """The file that is run."""
        module, _, entry = self.own["Handler"].rpartition(".")
        if entry != "handler":
            raise ValueError(f"{self.logical_id} is entered at {self.own['Handler']}")
        return ROOT / str(self.own["CodeUri"]) / f"{module}.py"

    @property
    def name(self) -> str:
        """Group and operation, as in ampout/enroll."""
        return self.source.relative_to(FUNCTIONS).with_suffix("").as_posix()

    @property
    def environment(self) -> dict[str, Any]:
        """Its variables with what the template says of them."""
        shared = self.globals.get("Environment", {}).get("Variables", {})
        return {**shared, **self.own.get("Environment", {}).get("Variables", {})}

    @property
    def role(self) -> str:
        """The logical id of its role."""
        return str(self.own["Role"]["Fn::GetAtt"][0])

    @property
    def log_group(self) -> str:
        """The logical id of where it logs."""
        merged = {**self.globals.get("LoggingConfig", {}), **self.own.get("LoggingConfig", {})}
        return str(merged["LogGroup"]["Ref"])

    @property
    def timeout(self) -> int:
        """Seconds it may take."""
        return int(self.own.get("Timeout", self.globals["Timeout"]))

    @property
    def routes(self) -> list[Route]:
        """What its description names."""
        return [Route(*route) for route in routes_of(self.own)]

    @property
    def route(self) -> Route:
        """The route that its handler declares: the first one."""
        return self.routes[0]

    @property
    def sample(self) -> Any:
        """What it is handed in its sample event."""
        return json.loads((EVENTS / f"{self.name}.json").read_text())

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Its sources of events of a type."""
        return [event["Properties"] for event in self.own.get("Events", {}).values() if event["Type"] == kind]


def conditional(value: dict[str, Any]) -> dict[str, Any]:
    """What an `!If [Condition, value, !Ref AWS::NoValue]` gives when the condition holds; anything else as it is."""
    match value:
        case {"Fn::If": [str(), dict(there), {"Ref": "AWS::NoValue"}]}:
            return there
    return value


@cache
def template() -> dict[str, Any]:
    """The template as JSON. Raises ValueError where it can't be read."""
    decoded, problems = decode(str(ROOT / "template.yaml"))
    if decoded is None:
        raise ValueError(problems)
    plain: dict[str, Any] = json.loads(json.dumps(decoded))
    return plain


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The template's resources of a type, by logical id."""
    return {name: made for name, made in template()["Resources"].items() if made["Type"] == kind}


@cache
def functions() -> tuple[Function, ...]:
    """All functions, as the template lists them."""
    shared = template()["Globals"]["Function"]
    found = resources("AWS::Serverless::Function")
    return tuple(Function(name, made["Properties"], shared) for name, made in found.items())


def api_functions() -> tuple[Function, ...]:
    """Those that a route leads to."""
    return tuple(function for function in functions() if function.routes)
