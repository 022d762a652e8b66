"""Names of hosts in ASCII, as the DNS has them."""

from unicodedata import normalize


def ascii_name(name: str) -> str | None:
    """The name in ASCII small letters; None where that is not certain to be the same host.

    The IDNA that Python knows drops or replaces letters, ß among them: that would be somebody else's.
    """
    if name.isascii():
        return name.lower()
    try:
        spelled = name.encode("idna").decode("ascii").lower()
        is_same = spelled.encode().decode("idna") == normalize("NFC", name.lower())
    except UnicodeError:
        return None
    return spelled if is_same else None
