"""The mail itself: one recipient, one step, as the bytes that go over the wire."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from html import escape
from html.parser import HTMLParser
from types import MappingProxyType
from typing import TYPE_CHECKING

from drumbeat.domain.email import normalized
from drumbeat.domain.merge import fill_html, fill_line, one_line
from drumbeat.domain.person_name import first_and_last
from drumbeat.domain.sequence import Sender, SenderKind, Step
from drumbeat.domain.times import SECOND
from drumbeat.domain.tracked_links import Tracked, with_tracked_links

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.draft import Draft

FEEDBACK_HEADER = "X-Drumbeat-Feedback"
"""What a provider that we reach by SMTP hands back with its reports."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n")
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_FOOTER = '<p style="font-size:12px;color:#777"><a href="{unsubscribe}">Unsubscribe</a></p>'
_NO_LINK = '<p style="font-size:12px;color:#777">This is a test: only a real mail can be unsubscribed from here.</p>'
_PIXEL = '<img src="{pixel}" width="1" height="1" alt="" style="border:0;opacity:0">'


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with its envelope; `content` is 7-bit clean, ends its lines with CRLF, and is not dot-stuffed.

    `feedback` is what a provider hands back with its reports about the mail; by SMTP it goes out as a header.
    """

    envelope_from: str
    recipient: str
    content: bytes
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What makes this mail this one: its Message-ID, the mail it follows, its links, its name in reports about it.

    `tracked` says what the links of its text become; without it they stay. Bounces go to its `return_path`, or to the
    sender itself. A mail without URLs is for the tenant's own eyes: nothing in it opens or unsubscribes anybody.
    """

    message_id: str
    pixel_url: str | None
    unsubscribe_url: str | None
    thread: str | None = None
    feedback: str = ""
    tracked: Tracked | None = None
    return_path: str | None = None


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header that must stay on one line as it is: long URLs and ids would else be folded into encoded words."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in (
    "list-unsubscribe", "list-unsubscribe-post", "message-id", "in-reply-to", "references", FEEDBACK_HEADER.lower(),
):  # fmt: skip
    _HEADERS.map_to_type(_name, _Verbatim)
_POLICY = SMTP.clone(header_factory=_HEADERS, cte_type="7bit")


def compose(
    sender: Sender,
    contact: Contact,
    step: Step,
    marks: Marks,
    now: int,
    *,
    name: str | None = None,
    draft: Draft | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> Mail:
    """The mail of one step, or of the draft for it. Raises ValueError for what would break a header.

    `name` is what the tenant calls the contact, where that differs; `variables` are merge fields of its own.
    """
    values = values_of(contact, name, variables)
    text = fill_html(body_of(step), values) if draft is None else html_of(draft.text)
    tracked = text if marks.tracked is None else with_tracked_links(text, marks.tracked)
    message = EmailMessage(_POLICY)
    mine, theirs = _one_address(sender.from_email), _one_address(contact.email)
    message["From"] = Address(display_name=_clean(sender.from_name), addr_spec=mine)
    message["To"] = Address(addr_spec=theirs)
    message["Subject"] = subject_of(step, values, draft)
    message["Date"] = format_datetime(datetime.fromtimestamp(now // SECOND, UTC))
    message["Message-ID"] = _clean(marks.message_id)
    if marks.thread is not None:
        message["In-Reply-To"] = message["References"] = _clean(marks.thread)
    if marks.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{_clean(marks.unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if marks.feedback and sender.kind is SenderKind.SMTP:
        message[FEEDBACK_HEADER] = _clean(marks.feedback)
    # As plain text a link is its address: who reads it sees where it leads, and it leads there.
    message.set_content(text_of(_with_footer(text, marks)), cte="quoted-printable")
    message.add_alternative(_with_footer(tracked, marks), subtype="html", cte="quoted-printable")
    # "=_" never occurs in quoted-printable text, and a fixed boundary makes a mail's bytes repeatable.
    message.set_boundary(f"=_{hashlib.sha256(marks.message_id.encode()).hexdigest()[:32]}")
    return Mail(marks.return_path or mine, theirs, message.as_bytes(), marks.feedback)


def text_of(html: str) -> str:
    """The HTML as plain text: paragraphs become lines, links keep their address, nothing else survives."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def html_of(text: str) -> str:
    """Plain text as HTML that reads the same: empty lines part paragraphs, and every line stays one."""
    paragraphs = (part.strip() for part in _EMPTY_LINES.split(text.replace("\r\n", "\n")))
    return "".join(f"<p>{escape(part).replace('\n', '<br>')}</p>" for part in paragraphs if part)


def values_of(
    contact: Contact | None, name: str | None, variables: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str | None]:
    """What merge fields say about a contact that the tenant may call by another `name`.

    `variables` are merge fields of the tenant's own; one that is spelled like ours says what the contact does not.
    """
    first, last = first_and_last(name)
    own_name = (None, None) if contact is None else (contact.first_name, contact.last_name)
    first, last = own_name if first is None else (first, last)
    ours = {
        "first_name": first,
        "last_name": last,
        "email": None if contact is None else contact.email,
        "company": None if contact is None else contact.company,
    }
    return {**ours, **variables, **{field: value for field, value in ours.items() if value is not None}}


def body_of(step: Step) -> str:
    """What a mail of the step says, as HTML; its merge fields are not filled in."""
    return step.body_html if step.text is None else html_of(step.text)


def subject_of(step: Step, values: Mapping[str, str | None], draft: Draft | None) -> str:
    """The subject of a step's mail: the draft's, where it has one."""
    if draft is None or draft.subject is None:
        return fill_line(step.subject, values)
    return one_line(draft.subject)


def _with_footer(html: str, marks: Marks) -> str:
    url, pixel = marks.unsubscribe_url, marks.pixel_url
    footer = _NO_LINK if url is None else _FOOTER.format(unsubscribe=escape(url))
    footer += "" if pixel is None else _PIXEL.format(pixel=escape(pixel))
    ends = list(_BODY_END.finditer(html))
    place = ends[-1].start() if ends else len(html)
    return html[:place] + footer + html[place:]


def _one_address(text: str | None) -> str:
    address = None if text is None else normalized(text)
    if address is None:
        raise ValueError("not one e-mail address")
    return address


def _clean(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("control characters do not belong into a header")
    return text


class _Text(HTMLParser):
    """Collects what a reader of the HTML would see."""

    _LINES = frozenset({"br", "tr", "li", "div", "hr"})
    _BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"})
    _HIDDEN = frozenset({"script", "style", "head", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        if tag == "a" and self._links:
            self._link(self._links.pop())
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _link(self, address: str) -> None:
        if address and address not in self.parts and not self._hidden:
            self.parts.append(f" ({address})")

    def _break(self, tag: str) -> None:
        if tag in self._BLOCKS:
            self.parts.append("\n\n")
        elif tag in self._LINES:
            self.parts.append("\n")
