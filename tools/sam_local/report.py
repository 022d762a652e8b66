"""What `make sam-local` prints: its steps, a line for each call, and a summary that a program can read."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools.sam_local.invocation import Row

_NAME_WIDTH, _LEVEL_WIDTH = 44, 9
_LEVELS = ("0", "1")
"""At which every function is called."""


class Report:
    """Collects rows, and prints them as they come."""

    def __init__(self, functions: int) -> None:
        self._functions = functions
        self._rows: list[Row] = []
        self._skipped: dict[str, str] = {}
        self._began = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Says that something begins, and how long it took."""
        began = time.monotonic()
        print(f"{name} ...", end="", flush=True)
        try:
            yield
        finally:
            print(f" {time.monotonic() - began:.1f} s", flush=True)

    def skip(self, what: str, reason: str) -> None:
        """Says in one line that something is left out."""
        self._skipped[what] = " ".join(reason.split())
        print(f"{what} is skipped: {self._skipped[what]}", flush=True)

    def add(self, row: Row) -> None:
        """Prints the row."""
        if not self._rows:
            print(f"{'function':{_NAME_WIDTH}}{'level':{_LEVEL_WIDTH}}result    ms")
        self._rows.append(row)
        result = "ok" if row.passed else "FAILED"
        print(f"{row.function:{_NAME_WIDTH}}{row.level:{_LEVEL_WIDTH}}{result:6}{row.milliseconds:6}", flush=True)
        for problem in row.problems:
            print(f"    {problem}")

    @property
    def failed(self) -> int:
        """Calls that were not answered as expected, and calls that are missing."""
        return sum(not row.passed for row in self._rows) + sum(self._missing().values())

    def write(self, path: Path) -> None:
        """Prints the summary, and writes it with all rows."""
        for level, count in self._missing().items():
            print(f"level {level}: {count} of {self._functions} functions were not called")
        summary = self._summary()
        path.write_text(json.dumps({**summary, "table": [asdict(row) for row in self._rows]}, indent=1))
        print(f"SAM-LOCAL {json.dumps(summary)}")

    def _missing(self) -> dict[str, int]:
        called = Counter(level for level, _ in {(row.level, row.function) for row in self._rows})
        wanted = [level for level in _LEVELS if f"level {level}" not in self._skipped]
        return {level: self._functions - called[level] for level in wanted if called[level] != self._functions}

    def _summary(self) -> dict[str, Any]:
        passed = Counter(row.level for row in self._rows if row.passed)
        levels = {f"level{level.replace(' ', '_')}": count for level, count in passed.items()}
        return {
            "functions": self._functions,
            "rows": len(self._rows),
            **{"level0": 0, "level1": 0, **levels},
            "failed": self.failed,
            "seconds": round(time.monotonic() - self._began),
            **({"skipped": self._skipped} if self._skipped else {}),
        }
