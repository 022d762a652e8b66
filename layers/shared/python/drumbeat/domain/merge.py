"""Merge fields: `{{first_name}}` and its kin, filled in one pass from what is known; there is no template engine.

A filled-in value is never looked at again, so a contact named `{{email}}` stays literally that.
"""

import html
import re
from collections.abc import Callable, Mapping

FIELDS = ("first_name", "last_name", "email", "company")
_PLACEHOLDER = re.compile(r"\{\{[ \t]{0,8}([^{}\r\n]{0,64}?)[ \t]{0,8}\}\}")
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def unknown_fields(template: str) -> tuple[str, ...]:
    """The names in placeholders that not every contact can fill, each once, in order of appearance."""
    names = (match[1] for match in _PLACEHOLDER.finditer(template))
    return tuple(dict.fromkeys(name for name in names if name not in FIELDS))


def fill_line(template: str, values: Mapping[str, str | None]) -> str:
    """The template as one line of plain text: control characters and line ends become spaces."""
    return one_line(_fill(template, values, str))


def one_line(text: str) -> str:
    """The text without control characters and line ends; nothing in it is filled in."""
    return _LINE_ENDS.sub(" ", text).strip()


def fill_text(template: str, values: Mapping[str, str | None]) -> str:
    """The template as plain text that may have several lines."""
    return _fill(template, values, str)


def fill_html(template: str, values: Mapping[str, str | None]) -> str:
    """The template as HTML: values are escaped for text and for quoted attributes."""
    return _fill(template, values, html.escape)


def _fill(template: str, values: Mapping[str, str | None], spelled: Callable[[str], str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        return spelled(values.get(name) or "") if name in FIELDS or name in values else match[0]

    return _PLACEHOLDER.sub(value, template)
