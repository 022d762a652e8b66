"""Links of a mail, led over us: whoever follows one is sent on, and we know that it was followed."""

import re
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

from drumbeat.domain.web_address import web_address

type Tracked = Callable[[str], str | None]
"""What takes the place of a web address; None leaves the link as it is."""

_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?""")
_VALUES = (2, 3, 4)


def with_tracked_links(html: str, tracked: Tracked) -> str:
    """The HTML with other addresses in its links to the web; everything else stays byte for byte.

    Mail addresses, telephone numbers, anchors, and what is no clear address on the web are left alone.
    """
    finder = _Finder(html)
    finder.feed(html)
    finder.close()
    parts, end = [], 0
    for start, stop in finder.values:
        address = web_address(unescape(html[start:stop]))
        other = None if address is None else tracked(address)
        if other is not None:
            parts += [html[end:start], escape(other)]
            end = stop
    return "".join([*parts, html[end:]])


class _Finder(HTMLParser):
    """Finds where the addresses of links stand, as a browser would: not in comments, scripts or texts."""

    _LINKS = frozenset({"a", "area"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.values: list[tuple[int, int]] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._LINKS or not any(name == "href" for name, _ in attrs):
            return
        line, column = self.getpos()
        start, text = self._lines[line - 1] + column, self.get_starttag_text() or ""
        for found in _ATTRIBUTE.finditer(text, 1 + len(tag)):
            if found[1].lower() == "href":
                self.values += [(start + found.start(n), start + found.end(n)) for n in _VALUES if found[n] is not None]
                return  # of two, browsers take the first
