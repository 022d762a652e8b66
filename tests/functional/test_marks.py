"""Marks of an enrollment: each is written once, and nothing that becomes of the enrollment takes one away."""

from dataclasses import replace
from itertools import permutations

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.reports import ReportStore
from drumbeat.application.enrollment_actions import pause_enrollment, remove_enrollment, resume_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of
from tests.scripted_smtp import ScriptedServer
from tests.stage import SEQUENCE, TENANT, Stage

KEY = EnrollmentKey(SEQUENCE, 1)
OPENED, CLICKED = MailSignal(SignalKind.OPENED, 0, 17), MailSignal(SignalKind.CLICKED, 0, 17)
MACHINE, BOUNCED = MailSignal(SignalKind.MACHINE_OPENED, 0, 17), MailSignal(SignalKind.BOUNCED, 0, 17)


@pytest.fixture
def stage(aws, monkeypatch):
    stage = Stage(monkeypatch)
    with ScriptedServer() as server:
        stage.open([server])
        yield stage


def note(signal: MailSignal, at: int) -> bool:
    also = {"opened_at": at} if signal.kind in {SignalKind.OPENED, SignalKind.CLICKED} else {}
    return bootstrap.signals().note(TENANT, KEY, signal, at, also=also)


def test_the_first_time_stays(stage):
    assert [note(OPENED, at) for at in (20, 10, 30)] == [True, False, False]
    assert stage.enrollment().marks == {"o0.17": 20}
    assert stage.enrollment().opened_at == 20


def test_each_mail_is_opened_by_itself(stage):
    assert all(note(MailSignal(SignalKind.OPENED, step, sender), 10 + step) for step in (0, 1) for sender in (17, 18))
    assert len(stage.enrollment().marks) == 4
    assert stage.enrollment().opened_at == 10


def test_whoever_has_clicked_has_opened(stage):
    assert note(CLICKED, 20)
    assert not note(OPENED, 30)
    assert stage.enrollment().marks == {"o0.17": 20, "c0.17": 20}
    assert stage.enrollment().opened_at == 20


def test_what_is_gone_is_not_marked(stage):
    assert not bootstrap.signals().note(TENANT, EnrollmentKey(SEQUENCE, 99), OPENED, 5)
    assert EnrollmentStore(bootstrap.table()).get(TENANT, EnrollmentKey(SEQUENCE, 99)) is None


def test_every_order_ends_in_the_same_marks(stage):
    fresh = stage.enrollment()
    ends = set()
    for order in permutations((OPENED, CLICKED, MACHINE, BOUNCED)):
        for signal in order:
            note(signal, 20)
        ends.add((tuple(sorted(stage.enrollment().marks)), stage.enrollment().opened_at))
        bootstrap.enrollments().remove([stage.enrollment()], programs={})
        bootstrap.enrollments().insert([fresh])
    assert ends == {(("b0.17", "c0.17", "m0.17", "o0.17"), 20)}


def test_a_report_adds_its_marks_and_none_that_somebody_else_has_noted(stage):
    seen, reports = stage.enrollment(), ReportStore(bootstrap.table())
    told = replace(seen, marks={mark_of(BOUNCED): 30})
    assert note(OPENED, 20)

    assert reports.note(seen, told)
    assert not reports.note(seen, told)
    assert stage.enrollment().marks == {"o0.17": 20, "b0.17": 30}


def test_mails_that_leave_and_what_people_do_keep_the_marks(stage):
    assert note(OPENED, 20)
    stage.run(1)
    ports, place = bootstrap.enrollment_action_ports(), {"tenant": TENANT, "key": KEY, "now": stage.now}
    pause_enrollment(ports, **place)
    resume_enrollment(ports, **place)
    remove_enrollment(ports, tenant=TENANT, key=KEY)

    (left,) = EnrollmentStore(bootstrap.table()).existing(TENANT, [KEY]).values()
    assert left.is_deleted
    assert left.marks == {"o0.17": 20}
