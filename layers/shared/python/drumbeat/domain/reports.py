"""Reports of mail servers about a mail: that it came back, is late, was read, or was called spam."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from drumbeat.domain.automatic_mail import is_automatic, is_from_a_server
from drumbeat.domain.delivery_status import DeliveryStatus, Returned, delivery_status, first_address
from drumbeat.domain.mime import Part, as_text, read_part
from drumbeat.domain.permanence import Permanence
from drumbeat.domain.plain_bounce import returned_by_words

MOST_RETURN_PATHS = 20
_DEEPEST_FORWARD = 3
_DELIVERY = {"message/delivery-status", "message/global-delivery-status"}
_READ = {"message/disposition-notification", "message/global-disposition-notification"}
_FEEDBACK = "message/feedback-report"
_COMPLAINTS = {"abuse", "fraud", "opt-out", "opt-out-list"}
_FORWARDED = re.compile(r"(fwd?|wg|tr|rv|enc|doorst|vb|vs|pd|i)\s?:", re.IGNORECASE)
_ID_LINE = re.compile(
    r"^[> \t]{0,20}(?:x-)?(?:original-)?message-id[ \t]{0,9}:[ \t]{0,9}\n?[ \t]{0,9}(<[^<>\s]{1,250}>)",
    re.IGNORECASE | re.MULTILINE,
)
_PATH_LINE = re.compile(
    r"^[> \t]{0,20}return-path[ \t]{0,9}:[ \t]{0,9}<?([^<>\s]{1,384})", re.IGNORECASE | re.MULTILINE
)
_PATH_FIELDS = ("return-path", "x-original-return-path", "x-envelope-from", "envelope-from", "x-envelope-sender")
_FEEDBACK_FIELD = re.compile(r"^([a-z-]{1,60})[ \t]{0,9}:[ \t]{0,9}(.{0,500})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; see `InboundMail`. Without an entry in `returned` it says that nothing is wrong."""

    returned: tuple[Returned, ...] = ()
    original_ids: tuple[str, ...] = ()
    return_paths: tuple[str, ...] = ()
    is_complaint: bool = False

    @property
    def came_back(self) -> bool:
        """Whether a recipient did not get the mail and will not."""
        return any(not each.delayed for each in self.returned)


def report_in(mail: Part, *, forwards: int = 0) -> Report | None:
    """The report that a mail is, or that a server or a person forwards with it; None if there is none."""
    leaves = list(mail.leaves())
    for leaf in leaves:
        if leaf.kind in _DELIVERY:
            return _with_original(_of_delivery(mail, delivery_status(leaf)), leaves)
        if leaf.kind == _FEEDBACK:
            return _with_original(_of_feedback(as_text(leaf.content(), "")), leaves)
        if leaf.kind in _READ:
            return Report()
    if forwards < _DEEPEST_FORWARD and _is_forwarded(mail):
        inner = (report_in(leaf.embedded(), forwards=forwards + 1) for leaf in leaves if leaf.holds_a_mail)
        forwarded = next((report for report in inner if report is not None), None)
        if forwarded is not None:
            return forwarded
    by_words = returned_by_words(mail)
    return None if by_words is None else _with_original(Report(by_words), leaves)


def _of_delivery(mail: Part, status: DeliveryStatus) -> Report:
    """Where the part for machines is lost or empty, the words for people have to do; they may say little."""
    returned = status.returned
    if not status.recipients:
        returned = returned_by_words(mail) or (Returned(None, None, Permanence.UNDETERMINED, ""),)
    return Report(returned, return_paths=(status.envelope_id,) if status.envelope_id else ())


def _of_feedback(text: str) -> Report:
    fields = {name.lower(): value.strip() for name, value in reversed(_FEEDBACK_FIELD.findall(text))}
    if fields.get("feedback-type", "").lower() not in _COMPLAINTS:
        return Report()
    who = first_address(fields.get("original-rcpt-to", ""))
    told = Returned(who, None, Permanence.UNDETERMINED, "the recipient called it spam")
    path = first_address(fields.get("original-mail-from", ""))
    return Report((told,), return_paths=(path,) if path else (), is_complaint=True)


def _is_forwarded(mail: Part) -> bool:
    return is_from_a_server(mail) or is_automatic(mail) or _FORWARDED.match(mail.header("subject")) is not None


def _with_original(report: Report, leaves: Iterable[Part]) -> Report:
    ids: list[str] = []
    paths = list(report.return_paths)
    for leaf in leaves:
        for original in _originals(leaf):
            ids += original.fields.get("message-id", ())
            paths += [
                each for name in _PATH_FIELDS for each in map(first_address, original.fields.get(name, ())) if each
            ]
        text = as_text(leaf.content(), "")
        ids += _ID_LINE.findall(text)
        paths += _PATH_LINE.findall(text)
    unique = tuple(dict.fromkeys(paths))[:MOST_RETURN_PATHS]
    return replace(report, original_ids=tuple(dict.fromkeys(ids)), return_paths=unique)


def _originals(leaf: Part) -> Iterator[Part]:
    if leaf.holds_a_mail:
        yield leaf.embedded() if leaf.body else read_part(b"")
