"""The process dies at any AWS call of making or changing an agent: nothing is half there."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.application.agents import AgentChange, NewAgent, Secrets, change_agent, create_agent, get_agent
from drumbeat.application.connected_sequences import SequenceChange
from drumbeat.application.connectors import App, AppChange
from drumbeat.domain.agent import Agent
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.reach import WHOLE
from drumbeat.domain.sequence import Step, StepKind
from tests.faults import dies

NOW = 1_795_251_600_000
DIALLER, WEBHOOK, ELSEWHERE = (f"https://{name}.example/hooks" for name in ("dialler", "crm", "other"))
CALL = Step(1, "", "", 0, StepKind.CALL)
MOST_CALLS = 18


@pytest.fixture
def ports(aws):
    return bootstrap_calls.agent_ports()


def callers(bare):
    return replace(bare, agent=Agent(("UTC",)), steps=(CALL,))


def made(ports, attempt=1):
    dialler, listener = App(DIALLER, f"whsec_d{attempt}"), App(WEBHOOK, f"whsec_w{attempt}")
    wanted = NewAgent("Renewals", callers, on=True, dialler=dialler, listener=listener)
    return create_agent(ports, WHOLE, tenant=1, wanted=wanted, intent="i" * 32, now=NOW)


def changed(ports):
    change = AgentChange(
        SequenceChange(settings=lambda seen: seen, schedule=lambda seen: (Schedule(), 7), on=False),
        dialler=AppChange(ELSEWHERE),
        listener=AppChange(afresh=True),
    )
    secrets = Secrets("whsec_d3", "whsec_w3")
    return change_agent(ports, WHOLE, tenant=1, number=1, change=change, secrets=secrets, now=NOW + 1)


def opened(number):
    """The secret of a connector."""
    found = bootstrap.sequences().sender(1, number)
    assert found is not None
    return bootstrap.vault().open(found.sealed_password, tenant=1, sender=number)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, MOST_CALLS))
def test_an_agent_that_is_made_again_is_one_and_its_secrets_count(ports, call, after):
    dies(lambda: made(ports), call, after=after)

    told = made(ports, attempt=2)

    (sequence,) = bootstrap.sequences().all(1)
    assert told.sequence == sequence
    assert (told.dialler.url, told.listener.url) == (DIALLER, WEBHOOK)
    assert (told.dialler.secret, told.listener.secret) == tuple(opened(number) for number in sequence.connectors)
    assert {sender.number for sender in bootstrap.sequences().all_senders(1)} == set(sequence.connectors)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, MOST_CALLS))
def test_a_change_that_is_asked_for_again_is_whole(ports, call, after):
    made(ports)
    dies(lambda: changed(ports), call, after=after)

    told = changed(ports)

    found = get_agent(bootstrap.sequences(), bootstrap_calls.connectors(), tenant=1, number=1)
    assert (told.sequence, told.dialler.url, told.listener.url) == (found.sequence, ELSEWHERE, WEBHOOK)
    assert (told.sequence.daily_cap, told.sequence.status) == (7, "paused")
    assert [opened(number) for number in told.sequence.connectors] == ["whsec_d1", "whsec_w3"]
    assert told.listener.secret == "whsec_w3"


@pytest.mark.parametrize("work", [made, changed])
def test_these_are_all_calls(ports, work):
    if work is changed:
        made(ports)
    assert not dies(lambda: work(ports), MOST_CALLS - 1, after=False)


def test_an_agent_that_is_deleted_through_another_api_leaves_no_connector(ports):
    sequence = made(ports).sequence

    bootstrap.sequences().remove(sequence)

    assert list(bootstrap.sequences().all_senders(1)) == []
