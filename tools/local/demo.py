"""The main job from end to end: a list, a campaign, mails, opens, answers, bounces, unsubscribes, webhooks, totals."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.local import delivered, example_apps
from tools.local.api import Api
from tools.local.contacts_csv import Row, read_contacts
from tools.local.demo_display import Display
from tools.local.demo_stack import on_a_fresh_stack
from tools.local.loopback_http import taking_posts
from tools.local.ports import LOOPBACK
from tools.local.recipients import Reaction, mailbox_named, play, reactions_to, stopped_by
from tools.local.services import ROOT
from tools.local.stack import Running, guarded
from tools.local.summary import Summary, disagreements, last_line
from tools.local.webhook_receiver import WebhookReceiver

_CONTACTS = ROOT / "examples" / "contacts.csv"
_WITHIN_SECONDS = 400.0
_QUIET_SECONDS = 3
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
        "delay_minutes": 1,
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
class Outcome:
    """What became of it: what the API says, who did what about the first mail, and how many mails each had by then."""

    refused: int
    listed: int
    replies: int
    counts: dict[str, int]
    reactions: Sequence[tuple[Reaction, delivered.Mail]]
    before: Counter[str]


def main() -> int:
    """Run the demo; 0 only if its numbers agree with each other, with the sink and with what the webhooks told."""
    display, receiver = Display(), WebhookReceiver()
    with taking_posts(receiver.take) as url:
        (job, outcome), running = on_a_fresh_stack(display.say, lambda running: _work(running, url, receiver, display))
    # Read when all has stopped: a late repeat would be in it.
    summary = summarize(job, outcome, delivered.read(running.maildir), receiver)
    reasons = Counter(str(skip["reason"]) for skip in job.enrolled["skipped"])
    display.report(summary, job.rows, job.imported.get("rejected", []), reasons)
    return _conclude(summary)


def _work(running: Running, url: str, receiver: WebhookReceiver, display: Display) -> tuple[Job, Outcome]:
    api = Api(running.url, running.key)
    filters = ["*", "enrollment.out_of_office"]
    receiver.secret = api.post("/webhooks", {"webhook": {"url": url, "event_filters": filters}})["secret"]
    job = prepare(api, read_contacts(_CONTACTS), running.smtp_port, display.say)
    refused = _wait_for_the_first_mails(api, job, running, display)
    api.post(f"/campaigns/{job.campaign}/pause")
    mails = _wait_until_none_is_on_its_way(running)
    reactions = reactions_to([mail for mail in mails if mail.subject.startswith(_FIRST)])
    play(reactions, running.imap_port)
    done = Counter(reaction for reaction, _ in reactions)
    display.say(f"people have reacted: {', '.join(f'{number} {name}' for name, number in done.items())}")
    _give_access_to_mailboxes(api, job, running, display.say)
    _wait_for_counts(api, job, done, refused, display)
    api.post(f"/campaigns/{job.campaign}/resume")
    before = Counter(mail.recipient for mail in mails)
    kept_from = sum(before[who] < len(_STEPS) for who in stopped_by(reactions))
    _wait_for_the_other_mails(running, len(_STEPS) * len(before) - kept_from, display)
    counts = _wait_for_webhooks(api, job, receiver, display)
    listed = api.get(f"/campaigns/{job.campaign}/enrollments")
    replies = api.get(f"/campaigns/{job.campaign}/replies")
    return job, Outcome(refused, len(listed), len(replies), counts, reactions, before)


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


def _wait_for_the_first_mails(api: Api, job: Job, running: Running, display: Display) -> int:
    """Return when everybody has got the first step or refused it, and how many refused."""
    expected = int(job.enrolled["enrolled"])
    with display.bar("first mails") as bar:
        for _ in example_apps.seconds("the first mails", _WITHIN_SECONDS):
            arrived = delivered.count(running.maildir)
            bar(arrived, expected, "" if arrived else example_apps.TIMER_NOTE)
            totals = api.get(f"/campaigns/{job.campaign}")["totals"]
            if not totals["pending"] and arrived >= expected - totals["bounced"]:
                return int(totals["bounced"])
    return 0


def _wait_until_none_is_on_its_way(running: Running) -> list[delivered.Mail]:
    """The mails that have arrived, once none has for some seconds."""
    quiet, before = 0, -1
    for _ in example_apps.seconds("the last mail before the pause", _WITHIN_SECONDS):
        now = delivered.count(running.maildir)
        quiet, before = quiet + 1 if now == before else 0, now
        if quiet == _QUIET_SECONDS:
            break
    return delivered.read(running.maildir)


def _give_access_to_mailboxes(api: Api, job: Job, running: Running, say: Callable[[str], None]) -> None:
    """From now on the senders' mailboxes are read; what has arrived before is read too."""
    for sender in api.get(f"/campaigns/{job.campaign}")["smtp_credentials"]:
        access = {
            "imap_host": LOOPBACK,
            "imap_port": running.imap_port,
            "imap_username": mailbox_named(sender["from_email"]),
            "imap_password": "any will do",
        }
        api.patch(f"/campaigns/{job.campaign}/smtp_credentials/{sender['id']}", {"smtp_credential": access})
    say("gave access to the senders' mailboxes")


def _wait_for_counts(api: Api, job: Job, done: Counter[Reaction], refused: int, display: Display) -> None:
    """Return when what people did is counted, or more than that."""
    expected = done.total() + refused
    with display.bar("reactions counted") as bar:
        for _ in example_apps.seconds("all reactions to be counted", _WITHIN_SECONDS):
            counts = _counts(api, job.campaign)
            now = sum(counts[name] for name in ("opened", "replied", "outOfOffice", "bounced", "unsubscribed"))
            bar(now, expected, example_apps.TIMER_NOTE)
            if now >= expected:
                return


def _wait_for_the_other_mails(running: Running, expected: int, display: Display) -> None:
    first = delivered.count(running.maildir)
    with display.bar("mails") as bar:
        for _ in example_apps.seconds("the other mails", _WITHIN_SECONDS):
            arrived = delivered.count(running.maildir)
            bar(arrived, expected, "" if arrived > first else example_apps.TIMER_NOTE)
            if arrived >= expected:
                return


def _wait_for_webhooks(api: Api, job: Job, receiver: WebhookReceiver, display: Display) -> dict[str, int]:
    """The counts, once the receiver has heard of all that they count."""
    counts: dict[str, int] = {}
    with display.bar("webhooks") as bar:
        for second in example_apps.seconds("the webhooks", _WITHIN_SECONDS):
            counts = _counts(api, job.campaign)
            told = ("sent", "opened", "replied", "outOfOffice", "bounced", "unsubscribed")
            expected, heard = sum(counts[name] for name in told), receiver.events.total()
            bar(heard, expected, "")
            if second >= 3 and heard >= expected:
                break
    return counts


def _counts(api: Api, campaign: str) -> dict[str, int]:
    (row,) = api.get(f"/drumbeat/v1/analytics?campaignId={campaign}")["rows"]
    return dict(row)


def summarize(job: Job, outcome: Outcome, mails: Sequence[delivered.Mail], receiver: WebhookReceiver) -> Summary:
    """Put the answers of the API beside what is in the sink and what the webhooks told."""
    rejected = {entry["row"] for entry in job.imported.get("rejected", [])}
    skipped = {str(skip["email"]).lower() for skip in job.enrolled["skipped"]}
    good = {r.contact["email"].strip().lower() for i, r in enumerate(job.rows) if i not in rejected}
    unsubscribed = {r.contact["email"].lower() for r in job.rows if r.unsubscribed}
    welcome = good - skipped - unsubscribed
    stopped = stopped_by(outcome.reactions)
    got = Counter(mail.recipient for mail in mails)
    counts, heard = outcome.counts, receiver.events
    return Summary(
        rows=len(job.rows),
        rejected=len(rejected),
        repeated=job.imported.get("skipped", 0),
        imported=job.imported["record_count"],
        enrolled=job.enrolled["enrolled"],
        skipped=len(job.enrolled["skipped"]),
        listed=outcome.listed,
        refused=outcome.refused,
        sent=counts["sent"],
        opened=counts["opened"],
        replied=counts["replied"],
        out_of_office=counts["outOfOffice"],
        bounced=counts["bounced"],
        unsubscribed=counts["unsubscribed"],
        replies=outcome.replies,
        delivered=len(mails),
        duplicates=delivered.repeats(mails),
        strangers=sum(number for recipient, number in got.items() if recipient not in welcome),
        late=sum(got[person] - outcome.before[person] for person in stopped),
        incomplete=sum(got[person] < len(_STEPS) for person in welcome - stopped) - outcome.refused,
        flawed=sum(delivered.is_flawed(mail) for mail in mails),
        forged=receiver.forged + receiver.changed,
        redelivered=receiver.deliveries - receiver.forged - heard.total(),
        played=Counter(reaction.value for reaction, _ in outcome.reactions),
        heard=heard,
    )


if __name__ == "__main__":
    sys.exit(guarded(main))
