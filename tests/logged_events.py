"""Events that the log holds, for those who read it."""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.domain.delivery import sent
from drumbeat.domain.enrollment import new_enrollment
from drumbeat.domain.event import Event, EventKind
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.logged_event import LoggedEvent, logged
from tests.mail_histories import sequence


def event(tenant: int, kind: EventKind, at: int, *, contact: int = 1, step: int = 0, sender: int = 7) -> LoggedEvent:
    """An event about a mail of the tenant's first sequence."""
    key = EnrollmentKey(1, contact)
    enrollment = new_enrollment(tenant, key, batch_number=1, batch_tag="t", now=at)
    mailed = sent(replace(enrollment, sender=sender), sequence(tenant, 1), at)
    mark = f"{kind.value}{step}"
    fact = Event(kind, mailed, at, mark=mark, step=step, sender=sender, first=True, is_mail=True, is_sync=True)
    return logged(fact, at + 1_000)


def log(*events: LoggedEvent) -> list[str]:
    """Logs the events; returns their ids."""
    bootstrap.event_log().add(events)
    return [found.id for found in events]
