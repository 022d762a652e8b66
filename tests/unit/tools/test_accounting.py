"""After kills, what the store says and what the sink holds are set beside each other, mail by mail."""

import pytest

from tools.local.accounting import Account, Fate, account, fate_of
from tools.local.load import Errand

STEPS = 2
NO_KILL: list[set[Errand]] = []


def mail(enrollment: str, step: int) -> tuple[Errand, str]:
    return (enrollment, step), f"<{enrollment}.{step}@drumbeat.example>"


DONE = [Fate("a", "finished", STEPS), Fate("b", "finished", STEPS)]
ALL = [mail(enrollment, step) for enrollment in "ab" for step in (1, 2)]


def test_a_run_in_which_all_arrived_once_is_good() -> None:
    found = account(DONE, ALL, NO_KILL)

    assert found.failures() == []
    assert (found.mails, found.parked, found.in_flight) == (4, 0, 0)


def test_a_second_mail_with_a_message_id_is_a_repeat() -> None:
    found = account(DONE, [*ALL, ALL[0], ALL[0]], NO_KILL)

    assert found.failures() == ["2 repeats"]


def test_a_step_that_is_settled_but_never_arrived_is_lost() -> None:
    assert account(DONE, ALL[1:], NO_KILL).failures() == ["1 lost"]


def test_a_mail_that_the_store_does_not_know_of_would_be_sent_again() -> None:
    waiting = [Fate("a", "active", 1), DONE[1]]

    assert account(waiting, ALL, NO_KILL).failures() == ["1 unsettled", "1 stuck"]


def test_an_enrollment_that_is_still_claimed_or_waiting_is_stuck() -> None:
    assert account([Fate("a", "active", 0)], [], NO_KILL).failures() == ["1 stuck"]


@pytest.mark.parametrize(("arrived", "known"), [(ALL[:2], 1), (ALL[:1], 0)])
def test_a_parked_step_may_have_arrived_or_not(arrived: list[tuple[Errand, str]], known: int) -> None:
    found = account([Fate("a", "parked", 1)], arrived, [{("a", 2)}])

    assert found.failures() == []
    assert (found.parked, found.parked_arrived, found.in_flight) == (1, known, 1)


def test_what_is_parked_must_have_been_in_flight_at_a_kill() -> None:
    elsewhere = account([Fate("a", "parked", 1)], ALL[:1], [{("b", 1)}])
    too_many = account([Fate("a", "parked", 1)], ALL[:1], NO_KILL)

    assert elsewhere.failures() == ["1 parked_elsewhere"]
    assert too_many.failures() == ["1 parked_elsewhere", "1 parked, but only 0 were in flight"]


@pytest.mark.parametrize(
    ("state", "position", "settled"), [("finished", None, 2), ("parked", 1, 0), ("parked", 2, 1), ("active", 2, 1)]
)
def test_an_explanation_tells_how_many_steps_are_settled(state: str, position: int | None, settled: int) -> None:
    explanation = {"enrollment_id": "a", "state": state, "next_step": position, "reasons": []}

    assert fate_of(explanation, STEPS) == Fate("a", state, settled)


def test_the_last_line_begins_with_what_is_to_be_said_about_the_run() -> None:
    line = Account(1, 0, 0, 0, 0, 0, 0, 0, 0).last_line(seed=7, kills=20)

    assert line.startswith('KILL {"seed":7,"kills":20,"mails":1,"repeats":0,"lost":0,')
