"""The file that tells other programs where the local stack is, and with which key to use it."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; a reader sees the old text or the new one, never a part."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def env_text(values: Mapping[str, str]) -> str:
    """`NAME=value` lines for a shell or a dotenv reader; a value is quoted only if it has to be."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
