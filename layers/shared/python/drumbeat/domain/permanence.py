"""How final it is that a mail came back: whether its address is dead, or this one mail only did not get through.

Only what says that nobody will ever read mail at the address is permanent, as it suppresses the address (reliability
F-88). What says something about the mail, its sender or a policy is undetermined: it is counted, nothing more.
"""

import re
from enum import StrEnum


class Permanence(StrEnum):
    """What a server or a provider says about mail that it did not deliver."""

    PERMANENT = "permanent"  # the address is dead: nobody mails it any more
    TRANSIENT = "transient"  # it may pass: a full mailbox, a server that is down or busy
    UNDETERMINED = "undetermined"  # nobody can tell, or it is not about the address


_P, _T, _U = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED

_OF_STATUS = {
    "1.1": _P,  # no such mailbox
    "1.2": _P,  # no such domain
    "1.3": _P,  # no address at all
    "1.6": _P,  # moved, and nobody forwards
    "1.10": _P,  # the domain takes no mail (RFC 7505)
    "2.1": _P,  # the mailbox is switched off
    "2.2": _T,  # the mailbox is full
    "3.1": _T,  # the system is full
    "3.2": _T,  # the system takes no mail now
    "3.5": _T,  # the system is set up wrongly
    "4.1": _T,  # no answer from the host
    "4.2": _T,  # a bad connection
    "4.3": _T,  # the directory did not answer
    "4.4": _P,  # no way there: the domain has no mail server
    "4.5": _T,  # congestion
    "4.6": _T,  # a loop
    "4.7": _T,  # it took too long
    "4.14": _T,  # a loop, as Exchange says it
    "4.300": _T,  # Exchange: it took too long
    "4.310": _P,  # Exchange: no such domain
    "4.312": _T,  # Exchange: the directory did not answer
    "4.316": _T,  # Exchange: it took too long
}
"""RFC 3463's subject and detail (and RFC 7505's, and Exchange's own) below class 5; what is not here is undetermined.

Among that: the sender's address (1.7, 1.8), a mail that is too big (2.3, 3.4), protocol (5.x), content (6.x), policy
and reputation (7.x).
"""

_OF_REPLY = {551: _P, 552: _T, 521: _P, 556: _P}
"""RFC 5321's and 7504's replies that say it without an enhanced code; 550, 553 and 554 mean a dead address, a policy or
a relay that is closed, and only their words tell which."""

_VAGUE = frozenset({"0.0", "1.0", "2.0", "3.0", "4.0", "4.1", "5.0", "5.1"})
"""Details below class 5 that servers also give where only their words say that there is no such mailbox."""

_STATUS = re.compile(r"(?<![\d.])([45])\.([0-7]\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?:^|[;:]\s*)([45]\d\d)(?=[ -]|$)", re.MULTILINE)

_DEAD = re.compile(
    r"user unknown|unknown (user|recipient|mailbox|local part|address)|no such (user|recipient|mailbox|person|address)"
    r"|(user|recipient|mailbox|account|address) (is |was )?(not found|unknown|disabled|inactive)"
    r"|(user|recipient|mailbox|account|address|domain) (does not|doesn't) exist"
    r"|no mailbox (here )?by that name|mailbox unavailable|recipient address rejected: access denied"
    r"|unroute?able address|not a valid (user|mailbox|recipient)|invalid (recipient|mailbox|user)"
    r"|(user|recipient) (does not|doesn't) have an? [\w.-]{1,80} account"
    r"|account (has been |is )?(closed|deactivated)|host or domain name not found",
    re.IGNORECASE,
)
_FULL_OR_BUSY = re.compile(
    r"(mailbox|inbox|quota|storage)( is| has been| size)? (full|exceeded)|over ?quota|out of storage"
    r"|exceeded (its |the )?(quota|storage)|receiving (mail|messages) (at a rate|too quickly)",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"spam|blacklist|blocklist|block list|blocked|reputation|policy|relay|dmarc|\bspf\b|sender|unsolicited|greylist",
    re.IGNORECASE,
)


def permanence_of(status: str | None, reply: int | None = None, words: str = "") -> Permanence:
    """What an enhanced code (RFC 3463), an SMTP reply code and the server's words come to; None for what is not known.

    The first code that tells decides: the enhanced one, one among the words, the reply code. The words decide where
    these leave it open. Class 4 is transient, and so is a mailbox that is full or busy, whatever its code.
    """
    codes = [*_STATUS.findall(status or ""), *_STATUS.findall(words)]
    for grade, detail in codes:
        if grade == "4":
            return _T
        if detail not in _VAGUE:
            return _T if _FULL_OR_BUSY.search(words) else _OF_STATUS.get(detail, _U)
    spelled = _REPLY.search(words)
    number = int(spelled[1]) if reply is None and spelled else reply or 0
    return _T if 400 <= number < 500 else _worded(words) or _by_default([detail for _, detail in codes], number)


def _worded(words: str) -> Permanence | None:
    """What the words say; those of a policy are about the mail or its sender, whatever else they say."""
    if _FULL_OR_BUSY.search(words):
        return _T
    if _POLICY.search(words):
        return _U
    return _P if _DEAD.search(words) else None


def _by_default(details: list[str], reply: int) -> Permanence:
    return next((_OF_STATUS[detail] for detail in details if detail in _OF_STATUS), _OF_REPLY.get(reply, _U))


def of_bounce_type(kind: str) -> Permanence:
    """What SES's `bounceType` says; its subtypes refine no further."""
    return {"Permanent": _P, "Transient": _T}.get(kind, _U)


def of_hardness(kind: str) -> Permanence:
    """What SMTP2GO's `bounce` says."""
    return {"hard": _P, "soft": _T}.get(kind.strip().lower(), _U)
