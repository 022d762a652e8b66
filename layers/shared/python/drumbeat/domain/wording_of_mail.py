"""Text as it is compared with phrases: small letters, no accents, plain quotes and dashes, one space."""

import re
from unicodedata import combining, normalize

_PLAIN = str.maketrans({
    "ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "\u2018": "'", "\u2019": "'", "\u201b": "'", "`": "'",
    "\u00b4": "'", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-",
    "\u2212": "-",
})  # fmt: skip
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def folded(text: str) -> str:
    """`text` for comparison; its lines stay lines."""
    plain = normalize("NFKD", text.lower().translate(_PLAIN))
    letters = "".join(letter for letter in plain if not combining(letter))
    return _LINES.sub("\n", _BLANKS.sub(" ", letters)).strip()


def any_of(*phrases: str) -> re.Pattern[str]:
    """A pattern that finds each of the phrases, which are regular expressions, in folded text."""
    return re.compile("|".join(phrases), re.MULTILINE)
