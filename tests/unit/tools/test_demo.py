"""The demo sets what the API answered beside what the sink holds and what its receiver heard."""

from collections import Counter
from dataclasses import replace

from tools.local.contacts_csv import Row
from tools.local.delivered import Mail
from tools.local.demo import Job, Outcome, summarize
from tools.local.recipients import Reaction
from tools.local.summary import Summary, disagreements
from tools.local.webhook_receiver import WebhookReceiver

ROWS = [
    Row({"email": "kim@alderfinch.example"}, unsubscribed=False),
    Row({"email": "not an address"}, unsubscribed=False),
    Row({"email": "KIM@alderfinch.example"}, unsubscribed=False),
    Row({"email": "left@alderfinch.example"}, unsubscribed=True),
    Row({"email": "lee@closed-down.example"}, unsubscribed=False),
    Row({"email": "bounce.max@alderfinch.example"}, unsubscribed=False),
    Row({"email": "Uma@alderfinch.example"}, unsubscribed=False),
    Row({"email": "ann@alderfinch.example"}, unsubscribed=False),
]
JOB = Job(
    rows=ROWS,
    imported={"record_count": 6, "skipped": 1, "rejected": [{"row": 1, "code": "invalid_email"}]},
    enrolled={
        "enrolled": 4,
        "skipped": [
            {"email": "left@alderfinch.example", "reason": "unsubscribed"},
            {"email": "lee@closed-down.example", "reason": "mx_invalid"},
        ],
    },
    campaign="c",
)
COUNTS = {"sent": 5, "opened": 1, "replied": 1, "outOfOffice": 0, "bounced": 1, "unsubscribed": 0}


def mail(recipient: str, step: int) -> Mail:
    return Mail(recipient, f"Step {step}", f"<{recipient}.{step}>", "http://pixel", "<http://stop>", "Hello", arrived=0)


BOTH = [mail(name, step) for name in ("kim@alderfinch.example", "uma@alderfinch.example") for step in (1, 2)]
ANSWERED = mail("ann@alderfinch.example", 1)
OUTCOME = Outcome(
    refused=1,
    listed=4,
    replies=1,
    counts=COUNTS,
    reactions=[(Reaction.OPEN, BOTH[0]), (Reaction.REPLY, ANSWERED)],
    before=Counter(mail.recipient for mail in (*BOTH[::2], ANSWERED)),
)


class Heard(WebhookReceiver):
    """Heard of just what happened."""

    @property
    def events(self) -> Counter[str]:
        return Counter({"enrollment.sent": 5, "enrollment.opened": 1, "enrollment.replied": 1, "enrollment.bounced": 1})


def summary_of(mails: list[Mail]) -> Summary:
    return summarize(JOB, OUTCOME, mails, Heard())


def test_a_good_run_agrees_with_itself() -> None:
    summary = summary_of([*BOTH, ANSWERED])

    assert disagreements(summary) == []
    assert (summary.imported, summary.enrolled, summary.skipped) == (6, 4, 2)
    assert (summary.sent, summary.delivered, summary.bounced, summary.opened) == (5, 5, 1, 1)


def test_a_mail_to_somebody_unsubscribed_is_a_mail_to_a_stranger() -> None:
    summary = summary_of([*BOTH, ANSWERED, mail("left@alderfinch.example", 1)])

    assert summary.strangers == 1


def test_a_mail_to_somebody_who_has_answered_is_late() -> None:
    summary = summary_of([*BOTH, ANSWERED, mail("ann@alderfinch.example", 2)])

    assert summary.late == 1


def test_a_missing_step_is_seen_even_if_a_repeat_makes_up_for_it() -> None:
    repeated = [*BOTH[:3], replace(BOTH[0], message_id="<other>"), ANSWERED]

    summary = summary_of(repeated)

    assert (summary.delivered, summary.duplicates, summary.incomplete) == (5, 1, 1)
