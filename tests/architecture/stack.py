"""Reads what the architecture tests compare: the template (of tools.template) and the sources."""

import ast
from functools import cache
from pathlib import Path

from tools.template import (
    EVENTS,
    FUNCTIONS,
    ROOT,
    Function,
    Route,
    api_functions,
    functions,
    resources,
    template,
)

__all__ = [
    "EVENTS", "FUNCTIONS", "LAYER", "PACKAGE", "ROOT", "Function", "Route", "api_functions",
    "docstring_positions", "dotted", "functions", "handlers", "imported", "modules", "relative", "resources",
    "template", "tree",
]  # fmt: skip

LAYER = ROOT / "layers/shared"
PACKAGE = LAYER / "python/drumbeat"


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
