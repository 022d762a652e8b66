"""The demo of a cadence succeeds only if every number is what it should be."""

import json
from dataclasses import asdict, replace

import pytest

from tools.local.cadence_summary import SENT_WITHIN, Summary, disagreements, last_line, summarize
from tools.local.delivered import Mail

GOOD = Summary(enrolled=4, delivered=4, linkedin=3, completed=3, replied=1, repaired=1, duplicates=0)
STATES = {"a": "completed", "b": "replied", "c": "completed", "d": "completed"}
ACTS = [{"did": "linkedin_message", "lead": lead, "changed": True} for lead in "acd"]
REPAIRED_AT = 1_000_000


def mail(lead: str, arrived: int = REPAIRED_AT + 60_000, number: int = 1) -> Mail:
    return Mail(f"{lead}@x.example", "A question", f"<{lead}.{number}>", "", "", "", arrived)


MAILS = [mail(lead) for lead in "abcd"]
REPAIRS = {"c@x.example": REPAIRED_AT}


def wrong(summary: Summary) -> list[str]:
    return disagreements(summary, leads=4, broken=1, replying=1)


def test_a_good_run_adds_up() -> None:
    found = summarize(4, STATES, MAILS, [{"listening": 1}, *ACTS], REPAIRS)

    assert found == GOOD
    assert wrong(found) == []


@pytest.mark.parametrize("name", asdict(GOOD))
@pytest.mark.parametrize("by", [-1, 1])
def test_any_other_number_is_told(name: str, by: int) -> None:
    changed = replace(GOOD, **{name: getattr(GOOD, name) + by})

    (sentence,) = wrong(changed)
    assert sentence.startswith(f"{name}: ")


def test_a_mail_or_a_step_too_many_is_a_duplicate() -> None:
    found = summarize(4, STATES, [*MAILS, mail("a", number=2)], [*ACTS, ACTS[0]], REPAIRS)

    assert found.duplicates == 2


def test_a_step_that_did_not_count_is_none() -> None:
    late = {"did": "linkedin_message", "lead": "b", "status": 409, "code": "late"}

    assert summarize(4, STATES, MAILS, [*ACTS, late], REPAIRS).linkedin == 3


@pytest.mark.parametrize("wait", [-1, SENT_WITHIN + 1])
def test_a_mail_before_the_repair_or_long_after_it_is_not_the_repaired_one(wait: int) -> None:
    mails = [mail(lead) for lead in "abd"] + [mail("c", REPAIRED_AT + wait)]

    assert summarize(4, STATES, mails, ACTS, REPAIRS).repaired == 0


def test_the_last_line_is_for_scripts() -> None:
    name, _, numbers = last_line(GOOD).partition(" ")

    assert (name, json.loads(numbers)) == ("DEMO-CADENCE", asdict(GOOD))
