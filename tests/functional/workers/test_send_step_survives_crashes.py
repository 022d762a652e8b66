"""The process dies at any AWS call of a send: at most one mail leaves, and nothing is lost without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from drumbeat.adapters import aws
from drumbeat.domain.enrollment import EnrollmentState
from tests.faults import Crash, fault
from tests.scripted_smtp import ScriptedServer
from tests.stage import TWO_STEPS, mails_by_id

pytestmark = pytest.mark.usefixtures("known_token_keys")
CLAIM = 1
CALLS = 5


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_send_that_dies_is_sent_once_or_parked(stage, call, after):
    with ScriptedServer() as server:
        stage.open([server], steps=TWO_STEPS[:1])
        messages = stage.hinted()
        with fault(call, after=after), pytest.raises(Crash):
            stage.work(messages)
        taken_by_then = len(server.taken)

        stage.work(messages * 2)
        stage.run(minutes=40, copies=2)

    state = stage.enrollment().state
    assert max(mails_by_id(server).values(), default=0) <= 1
    assert len(server.taken) == 1 or state is EnrollmentState.PARKED
    if call == CLAIM and not after:
        assert (state, taken_by_then) == (EnrollmentState.FINISHED, 0)
    elif call == CALLS and after:
        assert (state, taken_by_then) == (EnrollmentState.FINISHED, 1)
    else:  # claimed and then dead: nobody can know, so it is parked, never sent again
        assert state is EnrollmentState.PARKED
        assert len(server.taken) == taken_by_then


def test_these_are_all_calls_of_a_send(stage):
    with ScriptedServer() as server:
        stage.open([server])
        messages = stage.hinted()
        with fault(0, after=False) as counted:
            stage.work(messages)

    assert counted.calls == [
        "BatchExecuteStatement", "BatchGetItem", "Decrypt", "BatchGetItem", "BatchExecuteStatement",
    ]  # fmt: skip
    assert len(counted.calls) == CALLS


@contextmanager
def refused(at: int) -> Iterator[None]:
    """Within the block AWS refuses the k-th call for good."""
    seen = []

    def refuse(model: Any, **_: Any) -> None:
        seen.append(model.name)
        if len(seen) == at:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, model.name)

    clients = [aws.client("dynamodb"), aws.client("kms")]
    for client in clients:
        client.meta.events.register("before-call.*.*", refuse)
    yield
    for client in clients:
        client.meta.events.unregister("before-call.*.*", refuse)


@pytest.mark.parametrize("call", range(2, CALLS))
def test_an_error_before_the_effect_gives_the_claim_back(stage, call, monkeypatch):
    """Not a crash but an answer of AWS: we know that nothing has left, so it is simply tried again."""
    with ScriptedServer() as server:
        stage.open([server], steps=TWO_STEPS[:1])
        messages = stage.hinted()
        with refused(call):
            again = stage.work(messages)
        assert (len(again), stage.enrollment().owner, server.taken) == (1, None, [])

        stage.work(messages)

    assert (len(server.taken), stage.enrollment().state) == (1, EnrollmentState.FINISHED)
