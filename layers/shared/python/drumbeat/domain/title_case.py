"""Names that were typed in capitals, or in none."""

import re

_WORD = re.compile(r"[^\s\-\u2010\u2011\u2013/.]+")
_PREFIXED = re.compile(r"(\w)(['\u2019])(\w{2,})")


def title_cased(text: str) -> str:
    """The text with a capital at the beginning of each word: JOHN becomes John, mary-ann O'NEIL Mary-Ann O'Neil.

    A word that has both capitals and small letters is left as it is: whoever wrote McDonald or DeShawn meant it. Words
    end at blanks, hyphens, slashes and dots. An apostrophe begins a new one only behind a single letter and before
    several: O'Neil, but John's. It knows no names and no abbreviations: MCDONALD becomes Mcdonald, and USA becomes Usa.
    """
    return _WORD.sub(_titled, text)


def _titled(match: re.Match[str]) -> str:
    word = match[0]
    if not (word.isupper() or word.islower()):
        return word
    prefixed = _PREFIXED.fullmatch(word)
    return _capital(word) if prefixed is None else f"{prefixed[1].title()}{prefixed[2]}{_capital(prefixed[3])}"


def _capital(word: str) -> str:
    return word[:1].title() + word[1:].lower()
