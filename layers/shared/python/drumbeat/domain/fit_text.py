"""Which texts every store and every wire can hold (reliability F-04), and which of them are the same to people."""

import re
from unicodedata import normalize

# Controls, surrogates and the two noncharacters that SQS refuses; a text of several lines may break them.
_UNFIT_IN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_UNFIT_IN_BODY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def is_line(text: str) -> bool:
    """Whether the text is one printable line."""
    return _UNFIT_IN_LINE.search(text) is None


def is_text(text: str) -> bool:
    """Whether the text can be kept and shown: lines and tabs, but no other control characters."""
    return _UNFIT_IN_BODY.search(text) is None


def made_line(text: str) -> str:
    """The text as one printable line: what is unfit becomes a question mark."""
    return _UNFIT_IN_LINE.sub("?", text)


def comparable(text: str) -> str:
    """The text without white space at its ends, its accents encoded one way: what looks the same is the same."""
    return normalize("NFC", text).strip()
