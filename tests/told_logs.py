"""The log as CloudWatch gets it."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from drumbeat.entrypoints.logs import logger

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.")
_NEVER = re.compile(f"{ADDRESS.pattern}|hunter2")


class Watched(io.TextIOBase):
    """A stream of log lines that keeps what must not be in them, and hands all on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._found: list[str] = []

    def write(self, text: str) -> int:
        self._found += _NEVER.findall(text)
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def taken(self) -> list[str]:
        """What was found since the last look."""
        found, self._found = self._found, []
        return found


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All lines that are written meanwhile, at the level that the template sets."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    logger.setLevel("INFO")
    try:
        yield stream
    finally:
        logger.setLevel("ERROR")
        logger.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """What was written since the last look."""
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return [json.loads(line) for line in text.splitlines()]
