"""The headers and parts of a mail that somebody sent us, whatever its bytes: nothing raises, and little is looked at.

Anybody can put anything into a mailbox, so this reads less than the standard library's parser and promises more: time
grows with the mail's length and no faster, depth and number of parts are bounded, and what is broken is read as far as
it makes sense. Headers are decoded (RFC 2047) when they are asked for, bodies (RFC 2045) too.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from html import unescape

MOST_BYTES = 1 << 20
"""What is looked at of a mail: its first MiB. Reports and words of an automatic answer stand at the beginning."""
MOST_OF_A_BODY = 64 << 10
"""What is looked at of one part's body."""
_MOST_OF_A_HEADER = 8_000
_MOST_HEADERS = 500
_MOST_PARTS = 50
_DEEPEST = 8

_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]{0,20}:(.*)", re.DOTALL)
_TYPE = re.compile(r"\s*([a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60})", re.IGNORECASE)
_PARAMETER = re.compile(r"""[;\s]([a-z-]{1,30})(?:\*0?\*?)?\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s;"]+))""", re.IGNORECASE)
_GUESSED_BOUNDARY = re.compile(rb"^--(\S.{0,69})\n(?=Content-)", re.MULTILINE | re.IGNORECASE)
_TEXT_CODEC = re.compile(
    r"utf-?(8|16|16le|16be)|us-ascii|ascii|latin-?\d|iso-?8859-?\d{1,2}|(windows|cp)-?\d{3,4}|koi8-?[rut]|macintosh"
    r"|gb2312|gbk|gb18030|big5(-hkscs)?|shift_?jis|euc-?(jp|kr|cn)|iso-?2022-?(jp|kr)|ks_c_5601-1987",
    re.IGNORECASE,
)
_ODD_TYPES = re.compile(r"message/(global|global-headers|rfc822-headers)|text/rfc822(-headers)?", re.IGNORECASE)
_LINE_ENDS = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6]|/?table|/?blockquote)\b[^<>]{0,1000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_UNSHOWN = re.compile(r"<(style|script|head|title|!--)", re.IGNORECASE)
_BROKEN_TEXT = (LookupError, ValueError, MessageError)


@dataclass(frozen=True, slots=True)
class Part:
    """A mail or a part of one: its fields as they came, its body still encoded, and what a multipart is made of."""

    fields: Mapping[str, tuple[str, ...]]
    body: bytes
    parts: tuple[Part, ...] = ()

    @property
    def kind(self) -> str:
        """The media type in small letters; text/plain where none is told."""
        told = _TYPE.match(self.field("content-type"))
        return told[1].lower() if told else "text/plain"

    def parameter(self, name: str) -> str:
        """A parameter of the content type, empty if there is none."""
        found = _PARAMETER.finditer(self.field("content-type")[:2_000])
        return next((each[2] or each[3] or "" for each in found if each[1].lower() == name), "")

    def field(self, name: str) -> str:
        """The first header of that name (in small letters), on one line, not decoded; empty if there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def header(self, name: str) -> str:
        """The first header of that name, decoded; empty if there is none."""
        return decoded_words(self.field(name))

    def content(self) -> bytes:
        """The beginning of the body without its transfer encoding; as it is where the encoding is broken."""
        return _decoded(self.body[:MOST_OF_A_BODY], self.field("content-transfer-encoding").strip().lower())

    def text(self) -> str:
        """The beginning of the body as text; HTML as one would read it."""
        text = as_text(self.content(), self.parameter("charset"))
        return _shown(text) if self.kind == "text/html" else text

    def embedded(self) -> Part:
        """The mail, or the headers of one, that the body holds."""
        encoding = self.field("content-transfer-encoding").strip().lower()
        return read_part(self.body if encoding in {"", "7bit", "8bit", "binary"} else self.content())

    @property
    def holds_a_mail(self) -> bool:
        """Whether the body is a mail or the headers of one."""
        return self.kind == "message/rfc822" or _ODD_TYPES.fullmatch(self.kind) is not None

    def leaves(self) -> Iterator[Part]:
        """All parts that are not made of others, in order; a mail within the mail is one of them."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def read_part(raw: bytes, *, depth: int = 0) -> Part:
    """The mail that these bytes are, as far as they are one. Never raises."""
    part = Part(*_halves(raw if depth else _with_plain_line_ends(raw[:MOST_BYTES])))
    if not part.kind.startswith("multipart/") or depth >= _DEEPEST:
        return part
    pieces = _pieces(part.body, part.parameter("boundary"))
    return Part(part.fields, b"" if pieces else part.body, tuple(read_part(piece, depth=depth + 1) for piece in pieces))


def decoded_words(text: str) -> str:
    """A header's text with its encoded words decoded, on one line; as it is where they are broken. Never raises."""
    return " ".join(_decoded_words(text).split())


def as_text(raw: bytes, charset: str) -> str:
    """Bytes as text by the charset that was told, or by one that fits. Never raises."""
    name = charset.strip().strip("'\"")
    for codec in (name if _TEXT_CODEC.fullmatch(name) else "utf-8", "utf-8"):
        try:
            return raw.decode(codec)
        except _BROKEN_TEXT:
            continue
    return raw.decode("cp1252", "replace")


def _with_plain_line_ends(raw: bytes) -> bytes:
    for ending in (b"\r\r\n", b"\r\n", b"\r"):
        raw = raw.replace(ending, b"\n")
    return raw.lstrip(b"\n")


def _halves(raw: bytes) -> tuple[dict[str, tuple[str, ...]], bytes]:
    """Headers and body; all of it is body where nothing at its beginning looks like a header."""
    if raw.startswith(b"\n"):
        return {}, raw[1:]
    head, _, body = raw.partition(b"\n\n")
    fields = _fields(head)
    return fields, body if fields else raw


def _fields(head: bytes) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in _unfolded(as_text(head[: 64 << 10], "")):
        field = _FIELD.fullmatch(line)
        if field:
            found.setdefault(field[1].lower(), []).append(field[2].strip()[:_MOST_OF_A_HEADER])
    return {name: tuple(values) for name, values in found.items()}


def _unfolded(head: str) -> list[str]:
    lines: list[list[str]] = []
    for line in head.split("\n"):
        if line[:1] in {" ", "\t"} and lines:
            lines[-1].append(line)
        elif len(lines) < _MOST_HEADERS:
            lines.append([line])
    return ["".join(line) for line in lines]


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    pieces = _split(body, boundary.encode("utf-8", "surrogateescape")) if boundary else []
    if not pieces:
        guessed = _GUESSED_BOUNDARY.search(body)
        pieces = _split(body, guessed[1]) if guessed else []
    return pieces[:_MOST_PARTS]


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the lines of a boundary; the last piece may lack its end."""
    begins: list[int] = []
    ends: list[int] = []
    for line in re.finditer(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", body, re.MULTILINE):
        ends.append(line.start())
        if line[1] is not None:
            return [body[begin:end] for begin, end in zip(begins, ends[1:], strict=True)]
        begins.append(line.end() + 1)
    return [body[begin:end] for begin, end in zip(begins, [*ends[1:], len(body)], strict=bool(begins))]


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding != "base64":
        return body
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    whole = letters[:-1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return body


def _decoded_words(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        words = decode_header(text[:2_000])
    except _BROKEN_TEXT:
        return text
    return "".join(word if isinstance(word, str) else as_text(word, charset or "") for word, charset in words)


def _shown(html: str) -> str:
    lines = _LINE_ENDS.sub("\n", _without_the_unshown(html))
    return unescape(_TAG.sub("", lines)).replace("\xa0", " ")


def _without_the_unshown(html: str) -> str:
    shown: list[str] = []
    small, at = html.lower(), 0
    while opened := _UNSHOWN.search(html, at):
        shown.append(html[at : opened.start()])
        ending = "-->" if opened[1] == "!--" else f"</{opened[1].lower()}>"
        closed = small.find(ending, opened.end()) if len(shown) < 100 else -1
        at = closed + len(ending) if closed >= 0 else opened.end()
    return "".join(shown) + html[at:]
