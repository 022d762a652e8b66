"""Returned mail that says so in words only: older servers, and those that never learnt RFC 3464."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from drumbeat.domain.automatic_mail import is_from_a_server
from drumbeat.domain.delivery_status import MOST_RECIPIENTS, MOST_WORDS, Returned, still_hoped
from drumbeat.domain.permanence import permanence_of
from drumbeat.domain.wording_of_mail import any_of, folded

if TYPE_CHECKING:
    from drumbeat.domain.mime import Part

_MOST_TEXT = 16_000
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,64}@[A-Za-z0-9._-]{1,255}")
_FIRST = re.compile(r"^[ \t>]{0,8}<?([^\s<>\"'(),;:\[\]]{1,64}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9])>?", re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_SPACES = re.compile(r"\s+")
_FAILED = any_of(
    r"hi\. this is the|(could|can) ?not be (delivered|sent)|couldn't be delivered",
    r"wasn't delivered|(un|not )deliver(able|ed)",
    r"delivery (to the following recipients? )?(has )?failed|failed to deliver|failed permanently|unable to deliver",
    r"delivery status notification|returned mail|mail delivery (failed|failure|error|system)|delivery failure",
    r"return(ing message|ed) to sender|permanent(ly)? (fatal )?(error|failure)",
    r"had permanent fatal errors|did not reach",
    r"nicht zugestellt werden|unzustellbar|n'a pas (pu etre|ete) (remis|delivre|distribue)",
    r"no (se )?pudo (ser )?entregar|non e stato possibile (consegnare|recapitare)",
)
_LATE = any_of(
    r"warning message only|do(n't| not) need to (re-?send|take any action)|no action is required on your part",
    r"not yet been delivered|(has been|is) delayed|delivery delayed|delivery status notification \(delay\)",
    r"will (be retried|keep trying|continue to try|retry)|attempts to deliver the message will continue",
    r"still being (re)?tried|could not send message for past|verzogert",
)
_COPY = re.compile(
    r"^-{2,}.{0,40}(copy of the message|original message|below this line|(returned|unsent) message|headers? follow)"
    r"|^(received|return-path|message-id|mime-version):[ \t]|^original message headers|^--\S"
    r"|^(final-recipient|reporting-mta):",
    re.IGNORECASE | re.MULTILINE,
)


def returned_by_words(mail: Part) -> tuple[Returned, ...] | None:
    """Whom a mail did not reach, if a server says in words that it did not; None if that is not what it says."""
    failed = mail.field("x-failed-recipients")
    if not failed and not is_from_a_server(mail):
        return None
    text = _said(mail)
    said = folded(f"{mail.header('subject')}\n{text}")
    if not failed and not _FAILED.search(said):
        return None
    late = _LATE.search(said) is not None
    named = _ADDRESS.findall(failed[:4_000])[:MOST_RECIPIENTS]
    return tuple(_returned(who, words, late) for who, words in _told(text, named)) or (_returned(None, text, late),)


def _said(mail: Part) -> str:
    """What a report says before the returned mail begins."""
    text = next((leaf.text() for leaf in mail.leaves() if leaf.kind.startswith("text/")), "")[:_MOST_TEXT]
    copied = _COPY.search(text)
    return text[: copied.start()] if copied else text


def _told(text: str, named: list[str]) -> list[tuple[str, str]]:
    """Each recipient with the words that follow it, up to the next one."""
    places = list(_FIRST.finditer(text))
    ends = [*(each.start() for each in places[1:]), len(text)]
    found = {each[1]: text[each.end() : end] for each, end in zip(places, ends, strict=False)}
    # Words that stand at no recipient are those of the only one.
    otherwise = "" if found or len(named) > 1 else text
    return [(who, found.get(who, otherwise)) for who in named] or list(found.items())[:MOST_RECIPIENTS]


def _returned(who: str | None, text: str, late: bool) -> Returned:
    words = _SPACES.sub(" ", text).strip()[:MOST_WORDS]
    status = _STATUS.search(words)
    permanence = permanence_of(status[0] if status else None, words=words)
    return Returned(who, status[0] if status else None, still_hoped(permanence) if late else permanence, words, late)
