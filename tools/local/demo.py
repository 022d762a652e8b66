"""The main job from end to end: a contact list, a campaign, the timer, mails in the sink, opens, totals."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.local import delivered
from tools.local.api import Api, fetch
from tools.local.contacts_csv import Row, read_contacts
from tools.local.demo_display import Display
from tools.local.demo_stack import on_a_fresh_stack
from tools.local.ports import LOOPBACK
from tools.local.processes import ProcessFailedError
from tools.local.services import ROOT
from tools.local.stack import Running, guarded
from tools.local.summary import Summary, disagreements, last_line

_CONTACTS = ROOT / "examples" / "contacts.csv"
_OPEN_EVERY = 3
_OPEN_AGAIN = 5
_ARRIVE_WITHIN_SECONDS = 240.0
_TIMER_NOTE = "waiting for the timer, which fires once a minute"
_FIRST, _SECOND = "A question for", "Once more:"
_STEPS = [
    {
        "position": 1,
        "subject": f"{_FIRST} {{{{company}}}}",
        "body_html": "<p>Hello {{first_name}} {{last_name}},</p><p>who at {{company}} looks after mail?</p>",
        "delay_minutes": 0,
    },
    {
        "position": 2,
        "subject": f"{_SECOND} {{{{company}}}}",
        "body_html": "<p>Hello {{first_name}},</p><p>did my question reach you at {{email}}?</p>",
        "delay_minutes": 0,
    },
]


@dataclass(frozen=True)
class Job:
    """What was asked of the API, with its answers."""

    rows: Sequence[Row]
    imported: dict[str, Any]
    enrolled: dict[str, Any]
    campaign: str


@dataclass(frozen=True)
class State:
    """How far a campaign is."""

    totals: dict[str, int]

    @property
    def reached(self) -> int:
        """How many people got a mail that did not bounce."""
        return self.totals["sent"] + self.totals["opened"] + self.totals["replied"]

    @property
    def expected_mails(self) -> int:
        """How many mails there will be when all is sent, as far as one can tell now."""
        return len(_STEPS) * (self.reached + self.totals["pending"])


def main() -> int:
    """Run the demo; 0 only if its numbers agree with each other and with the sink."""
    display = Display()
    (job, state, listed, people), running = on_a_fresh_stack(display.say, lambda running: _work(running, display))
    # Read when all has stopped: a late repeat would be in it.
    summary = summarize(job, state, listed, delivered.read(running.maildir), people)
    reasons = Counter(str(skip["reason"]) for skip in job.enrolled["skipped"])
    display.report(summary, job.rows, job.imported.get("rejected", []), reasons)
    return _conclude(summary)


def _work(running: Running, display: Display) -> tuple[Job, State, list[dict[str, Any]], int]:
    """What was asked of the API, where the campaign ended, its enrollments, and how many people opened a mail."""
    api = Api(running.url, running.key)
    job = prepare(api, read_contacts(_CONTACTS), running.smtp_port, display.say)
    _wait_for_mails(api, job, running, display)
    people = _open_some(delivered.read(running.maildir), display.say)
    return job, _state(api, job.campaign), api.get(f"/campaigns/{job.campaign}/enrollments"), people


def _conclude(summary: Summary) -> int:
    wrong = disagreements(summary)
    for sentence in wrong:
        print(f"disagreement: {sentence}", file=sys.stderr, flush=True)
    print(last_line(summary), flush=True)
    return 1 if wrong else 0


def prepare(api: Api, rows: Sequence[Row], smtp_port: int, say: Callable[[str], None]) -> Job:
    """Import, suppress, create the campaign, enrol, dispatch."""
    imported = api.post("/contact_imports", {"contact_import": {"name": "Demo", "contacts": [r.contact for r in rows]}})
    say(f"imported {imported['record_count']} of {len(rows)} rows")
    unsubscribed = [row.contact["email"] for row in rows if row.unsubscribed]
    api.post("/drumbeat/v1/suppressions", {"emails": unsubscribed})
    say(f"suppressed {len(unsubscribed)} people who have unsubscribed")
    campaign = str(api.post("/campaigns", {"campaign": _campaign(smtp_port)})["id"])
    enrolled = api.post(f"/campaigns/{campaign}/enroll", {"contact_import_id": imported["id"], "batch_size": 50})
    say(f"enrolled {enrolled['enrolled']} people, skipped {len(enrolled['skipped'])}")
    api.post(f"/campaigns/{campaign}/dispatch")
    return Job(rows, imported, enrolled, campaign)


def _campaign(smtp_port: int) -> dict[str, Any]:
    senders = [
        {
            "label": name,
            "smtp_host": LOOPBACK,
            "smtp_port": smtp_port,
            "smtp_username": name,
            "smtp_password": "any will do",
            "from_name": name.title(),
            "from_email": f"{name}@drumbeat.example",
            "daily_limit": 1000,
        }
        for name in ("maya", "jonas")
    ]
    return {
        "name": "Demo",
        "min_wait_seconds": 0,
        "max_wait_seconds": 0,
        "verify_email_mx": True,
        "smtp_credentials": senders,
        "sequence_steps": _STEPS,
    }


def _wait_for_mails(api: Api, job: Job, running: Running, display: Display) -> None:
    """Return when everybody has got, or refused, every step."""
    deadline = time.monotonic() + _ARRIVE_WITHIN_SECONDS
    before = 0
    with display.bar("mails") as bar:
        while True:
            state, arrived = _state(api, job.campaign), delivered.count(running.maildir)
            if arrived >= state.expected_mails and not state.totals["pending"]:
                bar(arrived, state.expected_mails, "")
                return
            bar(arrived, state.expected_mails, _TIMER_NOTE if arrived == before else "")
            before = arrived
            if time.monotonic() > deadline:
                raise ProcessFailedError(
                    f"{arrived} of {state.expected_mails} mails arrived within {_ARRIVE_WITHIN_SECONDS:.0f} s; "
                    f"the campaign says {state.totals}"
                )
            time.sleep(1)


def _state(api: Api, campaign: str) -> State:
    return State(api.get(f"/campaigns/{campaign}")["totals"])


def _open_some(mails: Sequence[delivered.Mail], say: Callable[[str], None]) -> int:
    """Load the pixel of every third person's first mail, some of them again; how many people that is."""
    chosen = sorted((m.recipient, m.pixel) for m in mails if m.subject.startswith(_FIRST))[::_OPEN_EVERY]
    for _, pixel in [*chosen, *chosen[:_OPEN_AGAIN]]:
        status, _body = fetch(pixel, headers={"User-Agent": "Mozilla/5.0 (the demo's reader)"})
        if status not in range(200, 300):
            raise ProcessFailedError(f"the open pixel {pixel} answered {status}")
    say(f"opened the first mail of {len(chosen)} people")
    return len(chosen)


def summarize(
    job: Job, state: State, listed: Sequence[dict[str, Any]], mails: Sequence[delivered.Mail], loaded: int
) -> Summary:
    """Put the answers of the API beside what is in the sink."""
    rejected = {entry["row"] for entry in job.imported.get("rejected", [])}
    skipped = {str(skip["email"]).lower() for skip in job.enrolled["skipped"]}
    good = {r.contact["email"].strip().lower() for i, r in enumerate(job.rows) if i not in rejected}
    unsubscribed = {r.contact["email"].lower() for r in job.rows if r.unsubscribed}
    welcome = good - skipped - unsubscribed
    got = Counter(mail.recipient for mail in mails)
    return Summary(
        rows=len(job.rows),
        rejected=len(rejected),
        repeated=job.imported.get("skipped", 0),
        imported=job.imported["record_count"],
        enrolled=job.enrolled["enrolled"],
        skipped=len(job.enrolled["skipped"]),
        listed=len(listed),
        bounced=state.totals["bounced"],
        sent=len(_STEPS) * state.reached,
        opened=state.totals["opened"],
        loaded=loaded,
        delivered=len(mails),
        duplicates=delivered.repeats(mails),
        strangers=sum(number for recipient, number in got.items() if recipient not in welcome),
        incomplete=sum(got[person] < len(_STEPS) for person in welcome) - state.totals["bounced"],
        flawed=sum(delivered.is_flawed(mail) for mail in mails),
    )


if __name__ == "__main__":
    sys.exit(guarded(main))
