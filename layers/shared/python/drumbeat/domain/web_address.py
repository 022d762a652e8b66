"""Addresses on the web that a link of a mail may lead to, as they go into a redirect."""

import re
from urllib.parse import quote

from drumbeat.domain.idna import ascii_name

_AROUND = " \t\n\r\f\x00"
_PARTS = re.compile(r"(https?://)([^/?#\\@:\[\]\s]+)(:\d{1,5})?([/?#].*)?", re.IGNORECASE | re.DOTALL)
_FOLLOWED = re.compile(
    r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?", re.IGNORECASE
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def is_web_address(text: str) -> bool:
    """Whether a browser may be sent there: http or https, a host without a name or password before it, only ASCII.

    Nothing in it can end a header's line, and no browser reads another host into it: it has no backslash, no space.
    """
    return _FOLLOWED.fullmatch(text) is not None


def web_address(text: str) -> str | None:
    """Where a link leads, entities decoded, in ASCII: byte for byte what it says, if that is ASCII. None for the rest.

    Of other letters it makes what browsers make of them: those of a host are spelled by IDNA, others as their UTF-8
    with percent signs. A host that IDNA's versions do not agree on is none we know.
    """
    bare = text.strip(_AROUND)
    if is_web_address(bare):
        return bare
    parts = _PARTS.fullmatch(bare)
    host = None if parts is None else _host(parts[2])
    if parts is None or host is None:
        return None
    try:
        rest = _NOT_ASCII.sub(lambda letters: quote(letters[0]), parts[4] or "")
    except UnicodeEncodeError:
        return None  # half a surrogate pair
    spelled = f"{parts[1]}{host}{parts[3] or ''}{rest}"
    return spelled if is_web_address(spelled) else None


def _host(name: str) -> str | None:
    return name if name.isascii() else ascii_name(name)
