"""What a run of the demo adds up to, and where its numbers contradict each other."""

import json
from dataclasses import dataclass


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
    bounced: int  # the campaign's totals
    sent: int  # the campaign's totals: every step, to everybody it says was reached
    opened: int  # the campaign's totals
    loaded: int  # people whose pixel this run has loaded
    delivered: int  # the sink
    duplicates: int  # the sink
    strangers: int  # the sink: mails to somebody who is not enrolled, or has unsubscribed
    incomplete: int  # the sink: enrolled people who did not get every step, bounced ones aside
    flawed: int  # the sink: mails without pixel, List-Unsubscribe or Message-ID, or with a bare merge field


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
        (s.opened == s.loaded, f"{s.loaded} people opened a mail, but {s.opened} are counted"),
        (s.duplicates == 0, f"{s.duplicates} mails were delivered twice"),
        (s.strangers == 0, f"{s.strangers} mails went to people who should get none"),
        (s.incomplete == 0, f"{s.incomplete} people did not get every step"),
        (s.flawed == 0, f"{s.flawed} mails lack a part that every mail must have"),
    ]
    return [sentence for holds, sentence in checks if not holds]


def last_line(summary: Summary) -> str:
    """The line that a script reads."""
    names = ("imported", "enrolled", "skipped", "sent", "delivered", "opened", "duplicates")
    return f"DEMO {json.dumps({name: getattr(summary, name) for name in names}, separators=(',', ':'))}"
