"""Splits expressions and statements into tokens, and walks over them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.memory.refusal import Refusal, invalid

_TOKEN = re.compile(
    r"""\s*(?:(?P<reference>[#:][A-Za-z0-9_]+|\?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<string>'(?:[^']|'')*')
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<mark><>|<=|>=|[=<>(),+\-{}:.\[\]])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token and what kind of token it is; `end` is the kind behind the last one."""

    kind: str
    text: str


_END = Token("end", "<EOF>")


class Tokens:
    """The tokens of a text, one after another. `complain` makes the error for a text that is not understood."""

    def __init__(self, text: str, complain: Callable[[str], Refusal]) -> None:
        self._complain = complain
        self._tokens: list[Token] = []
        self._place = 0
        position, end = 0, len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise complain(f'Syntax error; token: "{text[position:].split(maxsplit=1)[0]}"')
            position = found.end()
            self._tokens.append(Token(found.lastgroup or "", found[found.lastgroup or 0]))

    @property
    def next(self) -> Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else _END

    @property
    def after_next(self) -> Token:
        return self._tokens[self._place + 1] if self._place + 1 < len(self._tokens) else _END

    def take(self) -> Token:
        """The next token; the one behind it is next from then on."""
        token = self.next
        self._place += 1
        return token

    def take_if(self, *texts: str) -> str | None:
        """The next token's text, in capitals, if it is one of these words or marks."""
        token = self.next
        if token.kind in {"word", "mark"} and token.text.upper() in texts:
            self._place += 1
            return token.text.upper()
        return None

    def expect(self, *texts: str) -> str:
        found = self.take_if(*texts)
        if found is None:
            raise self.wrong()
        return found

    def wrong(self) -> Refusal:
        """The error for a text in which the next token makes no sense."""
        return self._complain(f'Syntax error; token: "{self.next.text}"')


def complainer(what: str) -> Callable[[str], Refusal]:
    """Makes the errors of an expression of this kind."""
    return lambda message: invalid(f"Invalid {what}: {message}")
