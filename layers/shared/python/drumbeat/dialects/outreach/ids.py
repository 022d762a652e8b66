"""Ids in paths: plain numbers (contract 1.1)."""

from drumbeat.domain.errors import NotFound


def number_in_path(kind: str, text: str) -> int:
    """The number that a path names. Raises NotFound for anything else: no such resource can be."""
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise NotFound(kind)
    return int(text)
