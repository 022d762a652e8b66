"""The demo sets what the API answered beside what the sink holds."""

from dataclasses import replace
from typing import Any

from tools.local.contacts_csv import Row
from tools.local.delivered import Mail
from tools.local.demo import Job, State, summarize
from tools.local.summary import disagreements

ROWS = [
    Row({"email": "kim@alderfinch.example"}, unsubscribed=False),
    Row({"email": "not an address"}, unsubscribed=False),
    Row({"email": "KIM@alderfinch.example"}, unsubscribed=False),
    Row({"email": "left@alderfinch.example"}, unsubscribed=True),
    Row({"email": "lee@closed-down.example"}, unsubscribed=False),
    Row({"email": "bounce.max@alderfinch.example"}, unsubscribed=False),
    Row({"email": "Uma@alderfinch.example"}, unsubscribed=False),
]
JOB = Job(
    rows=ROWS,
    imported={"record_count": 5, "skipped": 1, "rejected": [{"row": 1, "code": "invalid_email"}]},
    enrolled={
        "enrolled": 3,
        "skipped": [
            {"email": "left@alderfinch.example", "reason": "unsubscribed"},
            {"email": "lee@closed-down.example", "reason": "mx_invalid"},
        ],
    },
    campaign="c",
)
STATE = State({"pending": 0, "sent": 1, "opened": 1, "replied": 0, "bounced": 1})
LISTED: list[dict[str, Any]] = [{}, {}, {}]


def mail(recipient: str, step: int) -> Mail:
    return Mail(recipient, f"Step {step}", f"<{recipient}.{step}>", "http://pixel", "<http://stop>", "Hello", arrived=0)


MAILS = [mail(name, step) for name in ("kim@alderfinch.example", "uma@alderfinch.example") for step in (1, 2)]


def test_a_good_run_agrees_with_itself() -> None:
    summary = summarize(JOB, STATE, LISTED, MAILS, loaded=1)

    assert disagreements(summary) == []
    assert (summary.imported, summary.enrolled, summary.skipped) == (5, 3, 2)
    assert (summary.sent, summary.delivered, summary.bounced, summary.opened) == (4, 4, 1, 1)


def test_a_mail_to_somebody_unsubscribed_is_a_mail_to_a_stranger() -> None:
    summary = summarize(JOB, STATE, LISTED, [*MAILS, mail("left@alderfinch.example", 1)], loaded=1)

    assert summary.strangers == 1


def test_a_missing_step_is_seen_even_if_a_repeat_makes_up_for_it() -> None:
    repeated = [*MAILS[:3], replace(MAILS[0], message_id="<other>")]

    summary = summarize(JOB, STATE, LISTED, repeated, loaded=1)

    assert (summary.delivered, summary.duplicates, summary.incomplete) == (4, 1, 1)
