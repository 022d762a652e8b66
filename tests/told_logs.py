"""The log as CloudWatch gets it."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drumbeat.entrypoints.logs import logger


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
