"""What servers say, fit to be kept and shown."""

import re

_MOST = 160
_ADDRESS = re.compile(r"[^\s<>@,;:]+@[^\s<>@,;:]+")


def fit_to_keep(text: str) -> str:
    """One short printable line without anybody's address."""
    line = " ".join(_ADDRESS.sub("<address>", text).split())
    return "".join(sign if sign.isprintable() else "?" for sign in line)[:_MOST]
