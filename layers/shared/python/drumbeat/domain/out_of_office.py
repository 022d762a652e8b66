"""Whether an automatic answer says that nobody is there, until when, and whether somebody has left for good."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from drumbeat.domain.return_date import return_date
from drumbeat.domain.wording_of_mail import any_of, folded

if TYPE_CHECKING:
    from drumbeat.domain.mime import Part

_MOST_TEXT = 8_000
_QUOTED = re.compile(
    r"^[ \t]{0,9}(?:>|-{3,}[ \t]?\w|_{10,})"
    r"|^.{0,120}\b(?:wrote|schrieb|a .crit|escribi.|ha scritto|escreveu|schreef|skrev|napisa.)\b.{0,80}:[ \t]{0,9}$"
    r"|^(?:from|von|de|da|van|fr.n|od|fra)[ \t]?:.{0,200}\n.{0,9}"
    r"(?:sent|date|gesendet|datum|envoy|enviad|inviato|data|verzonden|skickat|wys)",
    re.IGNORECASE | re.MULTILINE,
)
"""Where the mail that is answered begins, as clients quote it."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Nobody is there: before `back_on`, if that was said; `gone` says that nobody will come back."""

    back_on: date | None
    gone: bool


_AWAY = any_of(
    r"out of (the |my )?office|\booo\b|on (a )?(vacation|holidays?)",
    r"on (annual |parental |maternity |paternity |sick )?leave",
    r"(away|absent) from (the|my|our) (office|desk)|(i am|i'm|currently) away|office (is|will be) closed",
    r"abwesen|urlaub|nicht im (buro|haus|dienst)|elternzeit|ausser haus",
    r"\babsen(t|te|ce)\b|\bconges?\b|en vacances|vacaciones|fuera de (la |mi )?oficina|\bausente\b|de baja\b",
    r"\bin? ferie\b|fuori (sede|ufficio)|\bassente\b|\bferias\b|fora do escritorio|ausencia",
    r"afwezig|vakantie|niet op kantoor|met verlof|\bsemester\b|franvar|tjanstledig|foraldraledig|\bferie\b|fravaer",
    r"\burlop|nieobecn|poza biurem",
)
_GONE = any_of(
    r"no longer (work|with|employed|at|part of)|(has|have) left (the |our )?(company|organi[sz]ation|business|firm)",
    r"left the (company|organi[sz]ation)|nicht mehr (bei|fur|im unternehmen)|unternehmen verlassen|ausgeschieden",
    r"ne (travaille|fait) plus|(a|ai) quitte|ya no (trabaj|forma)|non (lavor[ao]|fa) piu|nao (trabalh[ao]|faz) mais",
    r"ja nao trabalh|(niet meer|niet langer) werkzaam|werkt? niet (meer|langer)|uit dienst",
    r"arbetar inte langre|har slutat|nie pracuj",
)


def absence_in(mail: Part, received_on: date) -> Absence | None:
    """What an automatic answer that came on a day says about an absence; None if it says nothing of one."""
    subject, body = folded(mail.header("subject")), folded(_own_words(mail))
    gone = _GONE.search(subject) is not None or _GONE.search(body) is not None
    in_subject = _AWAY.search(subject) is not None
    if gone:
        return Absence(None, gone=True)
    if not in_subject and not _AWAY.search(body):
        return None
    back_on = return_date(body, received_on)
    # The rest of the subject is the subject of the mail that is answered.
    return Absence(return_date(subject, received_on) if back_on is None and in_subject else back_on, gone=False)


def _own_words(mail: Part) -> str:
    """What somebody wrote above the mail that they quote."""
    text = next((leaf.text() for leaf in mail.leaves() if leaf.kind.startswith("text/")), "")[:_MOST_TEXT]
    quoted = _QUOTED.search(text)
    return text[: quoted.start()] if quoted else text
