"""A server that calls an address dead, while it is handed a mail, is believed: nobody of the tenant mails it again."""

from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.times import HOUR
from tests.faults import Crash, fault
from tests.scripted_smtp import ScriptedServer
from tests.stage import START, TENANT, Stage

DEAD = "550 5.1.1 no such user"
ADDRESS = "p1@corp.example"
ELSEWHERE = EnrollmentKey(2, 1)
pytestmark = pytest.mark.usefixtures("known_token_keys")


def opened(stage: Stage, server: ScriptedServer) -> list[dict[str, Any]]:
    """Contact 1 is about to be mailed by one sequence, and waits in another; returns what the send worker is told."""
    stage.open([server])
    bootstrap.numbers().take(TENANT, Kind.SEQUENCE)
    waiting = new_enrollment(TENANT, ELSEWHERE, batch_number=1, batch_tag="t", now=START + HOUR)
    bootstrap.table().put(enrollment_item(waiting))
    return stage.hinted()


def suppression() -> dict[str, Any] | None:
    return bootstrap.table().get(keys.suppression(TENANT, address_digest(ADDRESS)))


def elsewhere() -> Enrollment:
    found = bootstrap.enrollments().get(TENANT, ELSEWHERE)
    assert found is not None
    return found


@pytest.mark.parametrize("phase", ["rcpt", "dot"])
def test_a_dead_address_is_suppressed_and_its_contact_taken_out_of_everything(stage, phase):
    with ScriptedServer({phase: DEAD}) as server:
        stage.work(opened(stage, server))

    assert (stage.enrollment().state, stage.enrollment().bounce_reason) == (EnrollmentState.BOUNCED, DEAD)
    assert stage.enrollment().unsubscribed_at is None
    found = suppression()
    assert found is not None
    assert found["suppressed_at"] == stage.now
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == stage.now


@pytest.mark.parametrize(
    "words",
    ["550 5.2.2 mailbox full", "550 5.7.1 rejected by policy", "554 5.7.1 blocked", "550 no", "552 5.3.4 too big"],
)
def test_what_says_nothing_about_the_address_bounces_this_mail_and_suppresses_nobody(stage, words):
    with ScriptedServer({"rcpt": words}) as server:
        stage.work(opened(stage, server))

    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert suppression() is None
    assert elsewhere().state is EnrollmentState.ACTIVE


def test_a_contact_that_unsubscribes_while_its_address_turns_out_dead_keeps_the_instant_it_did(stage):
    with ScriptedServer({"rcpt": DEAD}) as server:
        messages = opened(stage, server)
        server.meanwhile("rcpt", lambda: bootstrap.signals().suppress(TENANT, 1, stage.now - 1))
        stage.work(messages)

    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == stage.now - 1
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED


def test_these_are_all_calls_about_a_dead_address(stage):
    with ScriptedServer({"rcpt": DEAD}) as server:
        messages = opened(stage, server)
        with fault(0, after=False) as counted:
            stage.work(messages)

    assert len(counted.calls) == CALLS, counted.calls


CALLS = 13
MARKED_AT = 4
SETTLED_AT = 6


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(MARKED_AT, CALLS + 1))
def test_a_worker_that_dies_leaves_an_address_that_is_mailed_again_or_marked(stage, call, after):
    """Marked first, settled then: whoever bounced of it is never without its mark."""
    with ScriptedServer({"rcpt": DEAD}) as server:
        messages = opened(stage, server)
        with fault(call, after=after), pytest.raises(Crash):
            stage.work(messages)

        stage.work(messages * 2)
        stage.run(minutes=10)

    assert server.taken == []
    state = stage.enrollment().state
    assert state in {EnrollmentState.BOUNCED, EnrollmentState.PARKED, EnrollmentState.UNSUBSCRIBED}
    if state is EnrollmentState.BOUNCED:
        assert suppression() is not None
    if call > SETTLED_AT:
        assert state is EnrollmentState.BOUNCED
