"""Whether an automatic answer says that nobody is there, until when, and whether somebody has left for good."""

from dataclasses import dataclass
from datetime import date

from drumbeat.domain.mime import Part
from drumbeat.domain.return_date import return_date
from drumbeat.domain.wording_of_mail import any_of, folded

_MOST_TEXT = 8_000


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
    said = folded(f"{mail.header('subject')}\n{_own_words(mail)}")
    gone = _GONE.search(said) is not None
    if not gone and not _AWAY.search(said):
        return None
    return Absence(None if gone else return_date(said, received_on), gone)


def _own_words(mail: Part) -> str:
    return next((leaf.text() for leaf in mail.leaves() if leaf.kind.startswith("text/")), "")[:_MOST_TEXT]
