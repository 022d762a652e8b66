"""What a run of the demo adds up to, and where its numbers contradict each other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Summary:
    """The counts of one run. Each is taken where its comment says, none is computed from another."""

    rows: int  # the CSV file
    rejected: int  # the import's answer
    repeated: int  # the import's answer: rows whose address came before
    imported: int  # the import's answer
    enrolled: int  # the enrol call's answer
    skipped: int  # the enrol call's answer
    listed: int  # enrollments that the API lists
    refused: int  # enrolled people that the campaign calls bounced before anybody reacted
    sent: int  # the analytics, as the next five
    opened: int
    replied: int
    out_of_office: int
    bounced: int
    unsubscribed: int
    replies: int  # the campaign's list of replies
    delivered: int  # the sink
    duplicates: int  # the sink
    strangers: int  # the sink: mails to somebody who is not enrolled, or has unsubscribed before
    late: int  # the sink: mails to somebody after they had answered, bounced, unsubscribed or said that they are away
    incomplete: int  # the sink: people nothing kept from getting every step, and who did not
    flawed: int  # the sink: mails without pixel, List-Unsubscribe or Message-ID, or with a bare merge field
    forged: int  # the webhook's receiver: posts whose signature is wrong, and events that changed between posts
    redelivered: int  # the webhook's receiver: posts beyond the first of each event
    played: Mapping[str, int] = field(default_factory=dict)  # what this run's people did: how many did what
    heard: Mapping[str, int] = field(default_factory=dict)  # the webhook's receiver: events by type, each once

    @property
    def webhooks(self) -> int:
        """How many events the receiver heard of."""
        return sum(self.heard.values())


def disagreements(summary: Summary) -> list[str]:
    """A sentence for every contradiction; an empty list when all is well."""
    s = summary
    checks = [
        (s.imported > 0 and s.enrolled > 0, "nothing was imported or enrolled"),
        (
            s.rows == s.imported + s.rejected + s.repeated,
            f"{s.rows} rows, but {s.imported} imported + {s.rejected} rejected + {s.repeated} repeated",
        ),
        (
            s.imported == s.enrolled + s.skipped,
            f"{s.imported} imported, but {s.enrolled} enrolled + {s.skipped} skipped",
        ),
        (s.listed == s.enrolled, f"{s.enrolled} enrolled, but {s.listed} enrollments listed"),
        (s.sent == s.delivered, f"{s.sent} sent, but {s.delivered} delivered"),
        (s.replies == s.replied, f"{s.replied} replied, but {s.replies} replies listed"),
        (s.duplicates == 0, f"{s.duplicates} mails were delivered twice"),
        (s.strangers == 0, f"{s.strangers} mails went to people who should get none"),
        (s.late == 0, f"{s.late} mails went to people who had answered, bounced, left or said that they are away"),
        (s.incomplete == 0, f"{s.incomplete} people did not get every step"),
        (s.flawed == 0, f"{s.flawed} mails lack a part that every mail must have"),
        (s.forged == 0, f"{s.forged} webhooks were not signed as they should be, or changed"),
        *_played(summary),
        *_heard(summary),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _played(s: Summary) -> list[tuple[bool, str]]:
    """What people did must be what was counted; bounces are those of their servers and those at the door."""
    counted = {
        "open": ("people opened a mail", s.opened),
        "reply": ("people answered", s.replied),
        "away": ("people are away", s.out_of_office),
        "bounce": ("mails came back", s.bounced - s.refused),
        "unsubscribe": ("people unsubscribed", s.unsubscribed),
    }
    did = {name: s.played.get(name, 0) for name in counted}
    return [(did[name] == n, f"{did[name]} {what}, but {n} are counted") for name, (what, n) in counted.items()]


def _heard(s: Summary) -> list[tuple[bool, str]]:
    """Each event must have been heard of, once."""
    expected = {
        "enrollment.sent": s.sent,
        "enrollment.opened": s.opened,
        "enrollment.replied": s.replied,
        "enrollment.out_of_office": s.out_of_office,
        "enrollment.bounced": s.bounced,
        "enrollment.unsubscribed": s.unsubscribed,
    }
    wrong = {name: n for name, n in expected.items() if s.heard.get(name, 0) != n}
    others = sorted(set(s.heard) - set(expected))
    return [
        *((False, f"{n} events {name}, but {s.heard.get(name, 0)} were heard of") for name, n in wrong.items()),
        (not others, f"events were heard of that did not happen: {', '.join(others)}"),
    ]


def last_line(summary: Summary) -> str:
    """The line that a script reads."""
    names = (
        "imported", "enrolled", "skipped", "sent", "delivered", "opened", "replied", "out_of_office", "bounced",
        "unsubscribed", "webhooks", "duplicates",
    )  # fmt: skip
    return f"DEMO {json.dumps({name: getattr(summary, name) for name in names}, separators=(',', ':'))}"
