"""The part of a delivery report that is meant for machines (RFC 3464): which recipient, what became of it, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.domain.mime import Part, as_text, decoded_words
from drumbeat.domain.permanence import Permanence, permanence_of

MOST_RECIPIENTS = 100
MOST_WORDS = 500
_MOST_FIELDS = 60
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]{0,20}:(.*)", re.DOTALL)
_OF_A_RECIPIENT = {"final-recipient", "original-recipient", "action", "status", "diagnostic-code"}
_ONCE = ("final-recipient", "action", "status")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,64}@[A-Za-z0-9._\[\]-]{1,255}")
_COMMENT = re.compile(r"\([^()]{0,500}\)")


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report says about one recipient: that the mail came back, or, if `delayed`, that it is still being tried.

    `status` is an enhanced code (RFC 3463) if one was told, `words` what the server said, on one line.
    """

    recipient: str | None
    status: str | None
    permanence: Permanence
    words: str
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """A report's recipients that mail did not reach, and the id the mail's envelope went out with."""

    returned: tuple[Returned, ...]
    envelope_id: str | None
    recipients: int  # that it speaks of at all


def delivery_status(part: Part) -> DeliveryStatus:
    """What a message/delivery-status says. Without an action the class of the status says it: never more than told."""
    about_the_mail: dict[str, str] = {}
    groups: list[_Group] = []
    for group in _groups(as_text(part.content(), "")):
        if group.fields.keys() & _OF_A_RECIPIENT:
            groups.append(group)
        elif not groups:
            about_the_mail |= group.fields
    returned = tuple(each for each in map(_returned, groups) if each is not None)
    return DeliveryStatus(returned, about_the_mail.get("original-envelope-id") or None, len(groups))


def first_address(text: str) -> str | None:
    """The first thing in a text that looks like an address, None if there is none."""
    found = _ADDRESS.search(text[:2_000])
    return found[0].rstrip(".") if found else None


def still_hoped(permanence: Permanence) -> Permanence:
    """What is still being tried is not dead, whatever the code says."""
    return Permanence.TRANSIENT if permanence is Permanence.PERMANENT else permanence


@dataclass(frozen=True, slots=True)
class _Group:
    """Fields between two empty lines. Where the line between two recipients was lost, `is_mixed`."""

    fields: dict[str, str]
    is_mixed: bool


def _groups(text: str) -> Iterator[_Group]:
    for group in re.split(r"\n[ \t]{0,80}\n", text.strip("\n"))[: MOST_RECIPIENTS + 1]:
        found = [field for field in map(_FIELD.fullmatch, _unfolded(group)) if field]
        names = [field[1].lower() for field in found]
        is_mixed = any(names.count(name) > 1 for name in _ONCE)
        yield _Group({field[1].lower(): field[2].strip() for field in reversed(found)}, is_mixed)


def _unfolded(group: str) -> list[str]:
    lines: list[str] = []
    for line in group.split("\n"):
        if line[:1] in {" ", "\t"} and lines:
            lines[-1] = f"{lines[-1]} {line.strip()}"[:2_000]
        elif len(lines) < _MOST_FIELDS:
            lines.append(line)
    return lines


def _returned(group: _Group) -> Returned | None:
    block = group.fields
    told = _STATUS.search(_COMMENT.sub(" ", block.get("status", "")[:500]))
    status = told[0] if told else None
    words = decoded_words(_without_type(block.get("diagnostic-code", "")))[:MOST_WORDS]
    permanence = permanence_of(status, words=words)
    if group.is_mixed and permanence is Permanence.PERMANENT:
        permanence = Permanence.UNDETERMINED  # nobody can tell whose status it is
    action = re.match(r"[a-z]*", block.get("action", "").lower())
    match action[0] if action else "":
        case "failed":
            delayed = False
        case "delayed":
            permanence, delayed = still_hoped(permanence), True
        case "delivered" | "relayed" | "expanded" | "deliverable":
            return None
        case _ if (status or "").startswith("2"):
            return None
        case _:
            delayed = permanence is Permanence.TRANSIENT
    return Returned(_recipient(block), status, permanence, words, delayed)


def _recipient(block: dict[str, str]) -> str | None:
    """The address that was mailed; a forward's last address only if the report names no other."""
    return first_address(block.get("original-recipient", "")) or first_address(block.get("final-recipient", ""))


def _without_type(diagnostic: str) -> str:
    kind, semicolon, words = diagnostic.partition(";")
    return words.strip() if semicolon and re.fullmatch(r"[A-Za-z0-9-]{1,20}", kind.strip()) else diagnostic.strip()
