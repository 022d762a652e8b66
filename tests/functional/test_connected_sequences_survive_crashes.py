"""The process dies at any AWS call of making or changing a sequence with a connector: nothing is half there."""

import pytest

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.application.connected_sequences import (
    SequenceChange,
    change_connected_sequence,
    create_connected_sequence,
    get_connected_sequence,
    replace_steps,
)
from drumbeat.application.connectors import App
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.reach import WHOLE
from drumbeat.domain.sequence import Step
from tests.faults import dies

NOW = 1_795_251_600_000
URL = "https://app.example/hooks"
HELLO = Step(1, "Hello", "<p>Hi</p>", 0)
MOST_CALLS = 13


@pytest.fixture
def ports(aws):
    return bootstrap_cadences.connected_ports()


def made(ports, secret="whsec_1"):  # noqa: S107
    return create_connected_sequence(
        ports,
        WHOLE,
        tenant=1,
        name="Spring",
        wanted=lambda bare: bare,
        on=True,
        app=App(URL, secret),
        intent="i" * 32,
        now=NOW,
    )


def opened(number=1):
    sequence = bootstrap.sequences().get(1, number)
    assert sequence is not None
    connector = bootstrap.sequences().sender(1, sequence.connector)
    return bootstrap.vault().open(connector.sealed_password, tenant=1, sender=connector.number)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, MOST_CALLS))
def test_a_sequence_that_is_made_again_is_one_and_its_secret_counts(ports, call, after):
    dies(lambda: made(ports), call, after=after)

    told = made(ports, secret="whsec_2")

    (sequence,) = bootstrap.sequences().all(1)
    assert told.sequence == sequence
    assert (told.url, told.secret) == (URL, opened(sequence.number))
    assert [sender.number for sender in bootstrap.sequences().all_senders(1)] == [sequence.connector]


def changed(ports):
    change = SequenceChange(
        settings=lambda seen: seen, schedule=lambda seen: (Schedule(), 7), on=False, url="https://app.example/else"
    )
    return change_connected_sequence(ports, WHOLE, tenant=1, number=1, change=change, secret="whsec_3", now=NOW + 1)


def replaced():
    stores = bootstrap.sequences(), bootstrap.sequence_records()
    replace_steps(*stores, WHOLE, tenant=1, number=1, steps=lambda _: (HELLO,), now=NOW)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, MOST_CALLS))
def test_a_change_that_is_asked_for_again_is_whole(ports, call, after):
    made(ports)
    replaced()
    dies(lambda: changed(ports), call, after=after)

    told = changed(ports)

    stores = bootstrap.sequences(), bootstrap_cadences.connectors()
    assert told == get_connected_sequence(*stores, WHOLE, tenant=1, number=1)
    assert (told.url, told.sequence.daily_cap, told.sequence.status) == ("https://app.example/else", 7, "paused")
    assert opened() == "whsec_1"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, MOST_CALLS))
def test_steps_are_the_old_ones_or_the_new_ones(ports, call, after):
    made(ports)

    dies(replaced, call, after=after)

    sequence = bootstrap.sequences().get(1, 1)
    assert (sequence.steps, sequence.status) in [((), "pending"), ((HELLO,), "active")]


@pytest.mark.parametrize("work", [made, changed])
def test_these_are_all_calls(ports, work):
    if work is changed:
        made(ports)
    assert not dies(lambda: work(ports), MOST_CALLS - 1, after=False)
