"""Whom a worker mails, and what, once an enrollment is about somebody else: nothing that was meant for who it was."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.lead_locks import lock_write
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.application.relink import relink_enrollments
from drumbeat.domain.enrollment import Lead
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.reach import WHOLE
from drumbeat.domain.relink_row import Refused, RelinkCode, Relinked, Result, Row
from tests.cadence_stage import APP, CONNECT, DRAFTED, INBOX, answer, open_cadence, put
from tests.scripted_web import ScriptedWebServer
from tests.stage import SEQUENCE, TENANT, recipients

NEW = "new@corp.example"
CHANGES = {
    "address": {"email": NEW},
    "name": {"name": "John Smith"},
    "external id": {"external_id": "crm-2"},
    "profile": {"linkedin_url": "https://www.linkedin.com/in/john/"},
}


@pytest.fixture
def app() -> Iterator[ScriptedWebServer]:
    """A tenant's app that takes every request."""
    with ScriptedWebServer() as running:
        yield running


@pytest.fixture
def drafting(stage, server, app):
    """A cadence whose app has been asked for a draft."""
    open_cadence(stage, (DRAFTED,), mail_port=server.port, app_url=app.url())
    bootstrap.numbers().take(TENANT, Kind.CONTACT)
    bootstrap.table().transact(lock_write(bootstrap.table(), stage.enrollment()))
    stage.run(minutes=2)
    return stage


def outcome(stage, *, retry_now: bool = False, asked_at: int | None = None, **changes) -> Result:
    """What becomes of a relink of the enrollment."""
    (result,) = relink_enrollments(
        bootstrap.relink_ports(),
        tenant=TENANT,
        sequence_number=SEQUENCE,
        rows=[Row(EnrollmentKey(SEQUENCE, 1), changes)],
        retry_now=retry_now,
        reach=WHOLE,
        now=stage.now,
        asked_at=asked_at,
    ).results
    return result


def relink(stage, **changes) -> None:
    """Somebody relinks the enrollment."""
    assert isinstance(outcome(stage, **changes), Relinked)


@pytest.mark.parametrize("what", CHANGES)
def test_a_draft_that_is_there_is_not_sent_to_whom_it_was_not_written_for(drafting, server, app, what):
    assert answer(app.asked[0], "draft", {"text": "Dear Jane"}).body == {"changed": True}

    relink(drafting, **CHANGES[what])
    drafting.run(minutes=6)
    assert server.taken == []
    assert answer(app.asked[1], "draft", {"text": "Dear John"}).body == {"changed": True}
    drafting.run(minutes=2)

    (mail,) = server.taken
    assert b"Dear John" in mail
    assert b"Dear Jane" not in mail


@pytest.mark.parametrize("retry_now", [True, False])
@pytest.mark.parametrize("what", CHANGES)
def test_a_draft_that_is_being_written_for_somebody_else_comes_too_late(drafting, server, app, what, retry_now):
    relink(drafting, retry_now=retry_now, **CHANGES[what])
    late = answer(app.asked[0], "draft", {"text": "Dear Jane"})
    drafting.run(minutes=6)

    assert late.status == 409
    assert server.taken == []
    assert len(app.asked) == 2


def test_a_draft_stays_where_only_who_sends_it_or_where_changes(drafting, server, app):
    relink(drafting, session="session-2")
    assert answer(app.asked[0], "draft", {"text": "Dear Jane"}).body == {"changed": True}
    drafting.run(minutes=2)

    assert recipients(server) == ["p1@corp.example"]


def test_what_no_inbox_sends_any_more_is_sent_by_those_in_rotation_again(stage, server):
    stage.open([server])
    bootstrap.table().put(sender_item(replace(bootstrap.sequences().sender(TENANT, 1), number=INBOX, sequence=None)))
    stage.run(minutes=1)
    relink(stage, sender=INBOX)
    stage.run(minutes=8)
    assert stage.enrollment().sender == INBOX

    relink(stage, sender=None)
    stage.run(minutes=10)

    assert len(server.taken) == 2
    assert stage.enrollment().sender == 1


def test_where_nobody_else_would_send_it_an_enrollment_keeps_its_inbox(stage, server):
    stage.open([server])
    stage.change(senders=())
    put(stage, sender=1, bound=True)

    refused = outcome(stage, sender=None)

    assert isinstance(refused, Refused)
    assert (refused.code, refused.field) == (RelinkCode.PATCH_FAILED, "sender")
    assert stage.enrollment().bound


def test_a_relinking_that_is_said_again_by_our_own_queue_asks_for_no_step_twice(stage, app):
    open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP, lead=Lead("crm-1"))
    stage.run(minutes=2)
    assert app.asked == []
    asked_at, profile = stage.now, "https://www.linkedin.com/in/jane/"

    for _ in range(2):
        relink(stage, retry_now=True, asked_at=asked_at, linkedin_url=profile)
        stage.run(minutes=6)

    assert len(app.asked) == 1
