"""Contract 4.4, rule 6: one Idempotency-Key in two calls at once, and after a call that died."""

from dataclasses import replace

import pytest

from tests.contract.julian.answers import Usage, accepted, read, refused
from tests.contract.julian.vendor import Office, contact, contacts
from tests.faults import Crash, fault
from tests.functional.myagentmail.disturbed import meanwhile
from tests.functional.outreach.bulk import worked
from tests.world import Context

MOST_REQUESTS = 20


def held(desk):
    return read(desk.usage(), Usage).organization.held_credits


def short_lived(desk):
    """The same client, whose calls have no time left: once they died, their key is free."""
    return Office(replace(desk.ask, context=Context(remaining=-1)), desk.agent)


def asked(desk, rows, key):
    return desk.schedule(rows, key=key)


@pytest.mark.parametrize("at", range(2, 8))
def test_the_second_of_two_is_put_off_or_gets_the_answer_of_the_first(desk, at):
    others = []
    desk.usage()  # the key is known from here on

    with meanwhile(at, lambda: others.append(asked(desk, contacts(3), "monday"))):
        first = asked(desk, contacts(2), "monday")

    answers = [first, *others]
    taken = [answer for answer in answers if answer.status == 202]
    assert taken
    assert {answer.body["batchId"] for answer in taken} == {taken[0].body["batchId"]}
    for answer in answers:
        assert answer.status == 202 or refused(answer, 409, "IDEMPOTENCY_KEY_IN_USE")
    assert held(desk) == taken[0].body["accepted"]


@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
def test_a_call_that_died_anywhere_is_finished_by_its_retry_and_schedules_each_contact_once(desk, after):
    desk.usage()
    dying = short_lived(desk)
    for at in range(1, MOST_REQUESTS):
        before, rows = held(desk), contacts(2)
        try:
            with fault(at, after=after):
                asked(dying, rows, f"key {at}")
            died = False
        except Crash:
            died = True

        retried = accepted(asked(desk, rows, f"key {at}"))

        worked()
        told = desk.batch(retried.batch_id)
        assert [row["lifecycleStatus"] for row in told["contacts"]] == ["scheduled"] * 2
        assert held(desk) == before + 2, at
        if not died:
            break
    assert not died
    assert at > 4


def test_a_retry_with_other_contacts_finishes_the_first_call(desk):
    """On the key alone: whoever retries with another payload is told of what the first call took."""
    desk.usage()
    with fault(8, after=True), pytest.raises(Crash):
        asked(short_lived(desk), contacts(2), "monday")

    retried = accepted(asked(desk, [contact()], "monday"))

    worked()
    assert held(desk) == retried.accepted == len(desk.batch(retried.batch_id)["contacts"])
