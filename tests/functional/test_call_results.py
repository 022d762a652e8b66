"""What diallers tell is noted and charged once: repeated, late, all at once, or when the process dies at any call."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_results import call_result_of
from drumbeat.adapters.dynamodb.credits import CreditStore
from drumbeat.adapters.dynamodb.noted_calls import NotedCallStore
from drumbeat.application.call_results import Noting
from drumbeat.application.connector_answers import take_answer
from drumbeat.domain.connector_answer import Answer, StepDone, StepFailed
from drumbeat.domain.credits import month_of
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.errors import NotFound, ValidationFailed
from drumbeat.domain.lifecycle import Move, deleted, finished
from drumbeat.domain.times import DAY, MINUTE
from tests.cadence_stage import MAIL, put
from tests.call_stage import AGENT, CALL, HELD, KEY, LOST, PRICE, WAS_BUSY, WON, open_agent, tell, token
from tests.faults import Crash, fault
from tests.stage import START, TENANT, Stage

CALLS = 5


@pytest.fixture
def calling(stage: Stage) -> Stage:
    """Ada's dialler has been asked to call her: three credits are set aside."""
    open_agent(stage, (CALL, MAIL))
    put(stage, awaits=Awaits.STEP, asked=1, due=START + DAY, timed=True, owner="worker", lease=START)
    bootstrap.token_keys()  # read once per container
    bootstrap.table().update(keys.credit_account(TENANT), "SET held = :held", condition="", values={":held": HELD})
    return stage


def spending(stage: Stage) -> tuple[int, int]:
    """What is set aside, and what this month's calls have cost."""
    account = CreditStore(bootstrap.table()).account(TENANT)
    return account.held, account.spent_in(month_of(stage.now))


def noted(asked: int):
    item = bootstrap.table().get(keys.call_result(TENANT, KEY, asked))
    return None if item is None else call_result_of(item)


def test_a_result_is_kept_as_told_and_spends_what_was_set_aside(calling):
    assert tell(calling, WAS_BUSY)

    found = calling.enrollment()
    kept = noted(1)
    assert (found.last_call, found.hold, found.awaits, found.owner) == (1, None, None, None)
    assert (kept.step, kept.epoch, kept.asked, kept.ended, kept.at) == (0, 0, 1, WAS_BUSY, calling.now)
    assert spending(calling) == (0, HELD)


def test_a_repeated_result_changes_nothing_whatever_it_says(calling):
    about = token(calling)
    assert tell(calling, WAS_BUSY, about)
    after = calling.enrollment()
    calling.now += MINUTE

    assert [tell(calling, ended, about) for ended in (WAS_BUSY, LOST)] == [False, False]
    assert (calling.enrollment(), spending(calling)) == (after, (0, HELD))


def test_a_repeated_result_that_comes_after_another_one_changes_nothing(calling):
    first = token(calling)
    assert tell(calling, WAS_BUSY, first)
    put(calling, awaits=Awaits.STEP, asked=2)
    assert tell(calling, LOST)
    after = calling.enrollment()

    assert not tell(calling, WAS_BUSY, first)
    assert (calling.enrollment(), spending(calling)) == (after, (0, HELD + PRICE))


def test_of_two_that_tell_the_same_at_once_one_changes_something(calling, monkeypatch):
    about, note = token(calling), NotedCallStore.note
    told = []

    def told_meanwhile(self, *args, **named):
        monkeypatch.setattr(NotedCallStore, "note", note)
        told.append(tell(calling, LOST, about))
        return note(self, *args, **named)

    monkeypatch.setattr(NotedCallStore, "note", told_meanwhile)
    told.append(tell(calling, LOST, about))

    assert told == [True, False]
    assert spending(calling) == (0, HELD)


def test_a_cancel_while_the_call_is_under_way_stands_and_the_call_is_noted_and_charged(calling):
    about = token(calling)
    seen = calling.enrollment()
    assert bootstrap.enrollment_changes().change([Move(seen, finished(seen, calling.now))]) == [True]

    assert tell(calling, WON, about)

    found = calling.enrollment()
    assert (found.state, found.finished_at, found.succeeded_at) == (EnrollmentState.FINISHED, START, calling.now)
    assert noted(1).ended == WON
    assert spending(calling) == (0, HELD)


def test_a_cancel_between_look_and_write_stands(calling, monkeypatch):
    note = NotedCallStore.note

    def canceled_meanwhile(self, seen, told, *args, **named):
        monkeypatch.setattr(NotedCallStore, "note", note)
        assert bootstrap.signals().take_out(seen, EnrollmentState.FINISHED, calling.now)
        return note(self, seen, told, *args, **named)

    monkeypatch.setattr(NotedCallStore, "note", canceled_meanwhile)
    assert tell(calling, WAS_BUSY)

    found = calling.enrollment()
    assert (found.state, found.step, found.attempts, found.last_call) == (EnrollmentState.FINISHED, 0, 0, 1)


def test_a_hold_that_is_given_back_between_look_and_write_is_not_spent_too(calling, monkeypatch):
    note = NotedCallStore.note

    def given_back_meanwhile(self, seen, told, *args, **named):
        monkeypatch.setattr(NotedCallStore, "note", note)
        put(calling, hold=None)
        return note(self, seen, told, *args, **named)

    monkeypatch.setattr(NotedCallStore, "note", given_back_meanwhile)
    assert tell(calling, LOST)

    assert spending(calling) == (HELD, PRICE)


def test_what_is_gone_or_no_call_has_no_result(calling):
    about = token(calling)
    with pytest.raises(NotFound):
        tell(calling, LOST, about[:-1])
    calling.change(agent=None)
    with pytest.raises(NotFound):
        tell(calling, LOST, about)
    calling.change(agent=AGENT)
    seen = replace(calling.enrollment(), owner=None)
    put(calling, owner=None)
    assert bootstrap.enrollment_changes().change([Move(seen, deleted(seen))]) == [True]
    with pytest.raises(NotFound):
        tell(calling, LOST, about)

    assert noted(1) is None
    assert bootstrap.table().get(keys.callee(TENANT, KEY)) is None


def say(calling: Stage, answer: Answer) -> bool:
    """The dialler answers otherwise than with a result."""
    return take_answer(bootstrap_cadences.answer_ports(), token(calling), answer, now=calling.now)


def test_a_call_is_not_done_without_its_result(calling):
    with pytest.raises(ValidationFailed, match="result"):
        say(calling, StepDone())

    assert calling.enrollment().awaits is Awaits.STEP


def test_a_dialler_that_could_not_call_is_asked_again_and_a_result_that_comes_all_the_same_is_only_noted(calling):
    about = token(calling)
    assert say(calling, StepFailed("no line", retry=True))
    put_off = calling.enrollment()

    assert tell(calling, LOST, about)

    assert calling.enrollment() == replace(put_off, last_call=1, hold=None)
    assert (put_off.awaits, put_off.step, put_off.hold) == (None, 0, HELD)


def test_a_dialler_that_can_never_call_ends_it(calling):
    assert say(calling, StepFailed("no such number", retry=False))

    assert (calling.enrollment().state, calling.enrollment().hold) == (EnrollmentState.FAILED, HELD)


def test_these_are_all_calls_of_a_result(calling):
    about = token(calling)
    with fault(0, after=False) as counted:
        assert tell(calling, WAS_BUSY, about)

    enrollment, sequence, sender = ["GetItem"] * 3
    lane, result = "UpdateItem", "TransactWriteItems"
    assert counted.calls == [enrollment, sequence, lane, sender, result]
    assert len(counted.calls) == CALLS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_result_that_dies_is_noted_and_charged_once_by_the_next(calling, call, after):
    about = token(calling)
    with fault(call, after=after), pytest.raises(Crash):
        tell(calling, WAS_BUSY, about)
    calling.now += MINUTE

    assert tell(calling, WAS_BUSY, about) is not (call == CALLS and after)

    found = calling.enrollment()
    assert (found.attempts, found.last_call, found.hold, found.awaits) == (1, 1, None, None)
    assert spending(calling) == (0, HELD)


def test_a_result_that_cannot_be_written_leaves_nothing_behind(calling, monkeypatch):
    before = calling.enrollment()
    monkeypatch.setattr(NotedCallStore, "note", lambda *_, **__: Noting.CHANGED)
    with pytest.raises(Exception, match="keeps changing"):
        tell(calling, LOST)

    assert (calling.enrollment(), noted(1), spending(calling)) == (before, None, (HELD, 0))


@pytest.mark.parametrize("is_taken_away", [False, True])
def test_what_calls_came_to_is_erased_with_whom_they_called(calling, is_taken_away):
    for asked in (1, 2):
        put(calling, awaits=Awaits.STEP, asked=asked)
        assert tell(calling, WAS_BUSY)
    seen = calling.enrollment()
    told = deleted(seen) if is_taken_away else seen
    if is_taken_away:
        assert bootstrap.enrollment_changes().change([Move(seen, told)]) == [True]

    bootstrap.enrollments().remove([told], programs={})

    assert (noted(1), noted(2)) == (None, None)
