"""The process dies at any AWS call of a decision: it is written or it is not, and nothing it allows is forgotten."""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import enrollment_uuid
from drumbeat.domain.times import HOUR
from tests.faults import Crash, fault
from tests.scripted_smtp import DROP, ScriptedServer
from tests.stage import TENANT, Stage, mails_by_id
from tests.world import new_tenant

CALLS = ["GetItem", "GetItem", "UpdateItem", "UpdateItem"]
DECIDE = len(CALLS)
# Where nothing is to be sent no lane is woken: one call less.
CASES = [
    (verdict, call, calls)
    for verdict, calls in (("accepted", DECIDE), ("not_accepted", DECIDE - 1), ("resend", DECIDE))
    for call in range(1, calls + 1)
]


@pytest.fixture
def stage(aws, monkeypatch):
    bootstrap.token_keys()
    return Stage(monkeypatch)


@pytest.fixture
def caller(stage):
    return new_tenant()


@pytest.fixture
def server():
    with ScriptedServer({"dot": [DROP, "250 ok"]}) as running:
        yield running


@pytest.fixture
def resolve(stage, caller, server):
    """Decides on a mail in doubt whose lane sleeps."""
    stage.open([server])
    stage.run(minutes=10)
    stage.now += HOUR
    spelled = enrollment_uuid(TENANT, stage.enrollment().key)
    (listed,) = caller("list_unknown_sends", group="drumbeat").body
    assert listed["enrollment_id"] == spelled
    assert bootstrap.lanes().awake(stage.now + HOUR) == []
    return lambda verdict: (
        caller("resolve_unknown_send", {"verdict": verdict}, group="drumbeat", enrollment_id=spelled).status
    )


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("verdict", "call", "calls"), CASES)
def test_a_decision_that_dies_is_made_once(stage, caller, server, resolve, verdict, call, calls, after):
    with fault(call, after=after), pytest.raises(Crash):
        resolve(verdict)
    decided = call == calls and after
    assert (stage.enrollment().state is EnrollmentState.PARKED) != decided
    assert len(caller("list_unknown_sends", group="drumbeat").body) == (not decided)

    again = resolve(verdict)
    stage.run(minutes=30, copies=2)

    assert again == (409 if decided else 200)
    assert (len(server.taken), max(mails_by_id(server).values())) == {
        "accepted": (2, 1),
        "not_accepted": (1, 1),
        "resend": (3, 2),
    }[verdict]
    assert stage.enrollment().state is (
        EnrollmentState.BOUNCED if verdict == "not_accepted" else EnrollmentState.FINISHED
    )


def test_a_decision_that_was_written_is_carried_out_though_its_call_died(stage, server, resolve):
    """The lane was woken before."""
    with fault(DECIDE, after=True), pytest.raises(Crash):
        resolve("resend")

    stage.run(minutes=30)

    assert len(server.taken) == 3
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_these_are_all_calls_of_a_decision(resolve):
    with fault(0, after=False) as counted:
        resolve("resend")

    assert counted.calls == CALLS
