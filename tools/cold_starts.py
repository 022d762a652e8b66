"""What functions import when they are started anew: `make cold` counts it and writes docs/cold-starts.md."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tools.sam_local.code import make_layers, unbuilt
from tools.sam_local.runtime import link_runtime
from tools.template import ROOT, Function, functions

PAGE = ROOT / "docs/cold-starts.md"
_PROBE = Path(__file__).with_name("cold_probe.py")
_TURNS = 3
_ALSO_WITHOUT_BYTECODE = ("outreach/list_prospects", "ampout/enroll", "workers/send_step")
_PACKAGES = ("drumbeat", "botocore", "pydantic", "aws_lambda_powertools")
_EVERY = "## Every function"
_HEAD = """# Cold starts

What a function imports before it can answer its first call, written by `make cold` (docs/adr/0054). Each is imported by
an interpreter of its own that has imported nothing, on Lambda's search path: the function's folder, its layers as they
are shipped, then the runtime's packages and nothing else of the machine. A test holds the counts. Milliseconds are of
the machine that wrote this page, and of use to compare functions with one another.

* *Modules*: all that are imported beyond those of an interpreter that has just begun, the standard library's included.
* *Ours*: those of them that are `drumbeat` or the handler.
* *Models*: whether pydantic is among them.
* *CPU*: milliseconds of processor time, the median of three.
"""


@dataclass(frozen=True)
class Start:
    """What one import took."""

    modules: frozenset[str]
    milliseconds: float

    def of(self, *packages: str) -> int:
        """How many of the modules are of these packages."""
        return sum(module.split(".")[0] in packages for module in self.modules)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    modules: int
    ours: int
    models: bool


class Machine:
    """Everything that a fresh interpreter may import from, as on Lambda; made in a folder of one's own."""

    def __init__(self, folder: Path) -> None:
        self._sources, self._layers, self._runtime = folder / "functions", folder / "layers", folder / "runtime"
        # A handler is deployed without bytecode; here some may lie beside it.
        shutil.copytree(ROOT / "functions", self._sources, ignore=shutil.ignore_patterns("__pycache__"))
        make_layers(self._layers)
        link_runtime(self._runtime)

    def start(self, function: Function) -> Start:
        """Imports the function's handler. Raises CalledProcessError where that can't be done."""
        layers = [path for path in unbuilt(function, self._layers).search_path if self._layers in path.parents]
        group = self._sources / function.source.parent.name
        told = subprocess.run(
            [sys.executable, "-I", "-S", "-B", _PROBE, function.source.stem, group, *layers, self._runtime],
            check=True,
            capture_output=True,
            text=True,
        )
        spent, *modules = told.stdout.split()
        return Start(frozenset(modules), int(spent) / 1e6)

    def forget_bytecode(self) -> None:
        """As if our modules were shipped without bytecode; packages are bytecode and nothing else."""
        for kept in self._layers.rglob("__pycache__"):
            shutil.rmtree(kept)


@contextmanager
def machine() -> Iterator[Machine]:
    """A machine, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="drumbeat-cold-") as folder:
        yield Machine(Path(folder))


def row_of(name: str, start: Start) -> Row:
    """What the table says of a function."""
    ours = start.of("drumbeat", name.rpartition("/")[2])
    return Row(len(start.modules), ours, models="pydantic" in start.modules)


def written() -> Mapping[str, Row]:
    """The table of the page as it is committed, by function."""
    table = PAGE.read_text().partition(_EVERY)[2]
    cells = (line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `"))
    return {name.strip("`"): Row(int(all_), int(ours), models == "yes") for name, all_, ours, models, _ in cells}


def _measured(lambda_: Machine, wanted: Sequence[Function]) -> dict[str, Start]:
    """By name what each took, all of them once before any of them again."""
    turns = [[lambda_.start(function) for function in wanted] for _ in range(_TURNS)]
    return {function.name: _typical(each) for function, *each in zip(wanted, *turns, strict=True)}


def _typical(starts: Sequence[Start]) -> Start:
    """The same modules each time, and the median of what they took."""
    return Start(starts[0].modules, median(start.milliseconds for start in starts))


def _table(title: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(title)} |"
    yield f"| --- |{' ---: |' * (len(title) - 1)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def _page(starts: Mapping[str, Start], bare: Mapping[str, Start]) -> Iterator[str]:
    yield _HEAD
    counts, spent = [len(start.modules) for start in starts.values()], [s.milliseconds for s in starts.values()]
    yield f"{len(starts)} functions: {min(counts)} to {max(counts)} modules, half of them at most {median(counts):.0f};"
    yield f"{min(spent):.0f} to {max(spent):.0f} ms, half of them at most {median(spent):.0f} ms.\n"
    yield "## With our bytecode and without\n"
    yield from _table(
        ["Function", "CPU as shipped", "CPU without our bytecode", *(f"`{name}`" for name in _PACKAGES)],
        (
            [f"`{name}`", round(starts[name].milliseconds), round(start.milliseconds), *map(start.of, _PACKAGES)]
            for name, start in bare.items()
        ),
    )
    yield f"\n{_EVERY}\n"
    yield from _table(
        ["Function", "Modules", "Ours", "Models", "CPU"],
        (
            [f"`{name}`", row.modules, row.ours, "yes" if row.models else "no", round(start.milliseconds)]
            for name, start in starts.items()
            for row in [row_of(name, start)]
        ),
    )


def main() -> None:
    """Measures every function and writes the page."""
    everything = sorted(functions(), key=lambda function: function.name)
    compared = [function for function in everything if function.name in _ALSO_WITHOUT_BYTECODE]
    with machine() as lambda_:
        starts = _measured(lambda_, everything)
        lambda_.forget_bytecode()
        bare = _measured(lambda_, compared)
    text = "\n".join(_page(starts, bare)) + "\n"
    PAGE.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
