"""The example apps as parts of demos: started for a while, and what they say they did. And how long demos wait."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tools.local.processes import Process, ProcessFailedError
from tools.local.services import ROOT, accepts
from tools.local.stack import DEMO_DIRECTORY

TIMER_NOTE = "waiting for the timer, which fires once a minute"


@contextmanager
def running(name: str, port: int, secret: str, *options: str) -> Iterator[None]:
    """The example of this name, as a process of its own for as long as the block lasts."""
    app = Process(name, DEMO_DIRECTORY)
    command = [sys.executable, str(ROOT / "examples" / f"{name}.py"), "--port", str(port), *options]
    app.start(command, os.environ | {"CONNECTOR_SECRET": secret})
    try:
        app.wait_until(lambda: accepts(port))
        yield
    finally:
        app.stop()


def said(name: str) -> list[Mapping[str, Any]]:
    """What the example says it has done, a line each; a trace between them is no such line."""
    lines = (DEMO_DIRECTORY / f"{name}.log").read_text(errors="replace").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def seconds(what: str, within: float) -> Iterator[int]:
    """Counts seconds, for as long as it is worth waiting. Raises ProcessFailedError then."""
    deadline, second = time.monotonic() + within, 0
    while time.monotonic() < deadline:
        yield second
        second += 1
        time.sleep(1)
    raise ProcessFailedError(f"waited {within:.0f} s for {what}")
