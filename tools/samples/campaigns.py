"""Campaign 1 in program 1, with senders, an import and enrollments; campaign 2 is paused, campaign 3 has not begun."""

from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.domain.contact import Contact, ContactImport
from drumbeat.domain.enroll_call import EnrollCall, Skip, SkipKind
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.program import Program
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR
from tools.samples.prepared import TENANT, Hosts

PROGRAM = CAMPAIGN = IMPORT = 1
PAUSED, PENDING = 2, 3
SENDERS = (1, 2)
DISABLED = 4
_NAMES = {1: "Ada", 2: "Charles", DISABLED: "Mary", 5: "George", 6: "Emmy"}
PEOPLE = (
    ("grace@example.org", "Grace", "Hopper", "Navy"),
    ("alan@example.org", "Alan", "Turing", "Bletchley Park"),
    ("katherine@example.org", "Katherine", "Johnson", "NASA"),
    ("edsger@example.org", "Edsger", "Dijkstra", "THE"),
)
STEPS = (
    Step(1, "{{first_name}}, a question", "<p>Hello {{first_name}},</p><p>how does {{company}} plan?</p>", 0),
    Step(2, "Re: a question", "<p>Did you have a minute to think about it, {{first_name}}?</p>", 4320),
)


def prepare_campaigns(hosts: Hosts, now: int) -> None:
    """The program, the import, the campaign and who is enrolled in it."""
    begun = now - 30 * DAY
    bootstrap.programs().create(Program(TENANT, PROGRAM, "Autumn", True, begun), intent=None, now=begun)
    _import(now - 10 * DAY)
    campaign = Sequence(
        TENANT, CAMPAIGN, "Fair visitors", SequenceStatus.ACTIVE, PROGRAM, 120, 420, False, 8.0, STEPS, SENDERS, begun
    )
    senders = [_sender(number, CAMPAIGN, hosts, begun) for number in SENDERS]
    bootstrap.sequences().create(campaign, senders, intent=None, now=begun)
    switched_off = _sender(DISABLED, PAUSED, hosts, begun, disabled_at=now - DAY, disabled_reason="login refused")
    others = (
        (PAUSED, "Winter", SequenceStatus.PAUSED, [switched_off, _sender(6, PAUSED, hosts, begun)]),
        (PENDING, "Trade press", SequenceStatus.PENDING, [_sender(5, PENDING, hosts, begun)]),
    )
    for number, name, status, crew in others:
        rotation = tuple(one.number for one in crew)
        other = replace(campaign, number=number, name=name, status=status, program=None, senders=rotation)
        bootstrap.sequences().create(other, crew, intent=None, now=begun)
    _enroll(now)
    _skip(now)


def _sender(number: int, sequence: int, hosts: Hosts, now: int, **fields: Any) -> Sender:
    """A sender of a campaign with its mail server."""
    name = _NAMES[number]
    host, port = hosts.smtp
    sealed = bootstrap.vault().seal("not-a-real-password", tenant=TENANT, sender=number)
    address = f"{name.lower()}@example.com"
    return Sender(TENANT, number, sequence, name, host, port, address, sealed, name, address, 50, now, **fields)


def _import(now: int) -> None:
    header = ContactImport(TENANT, IMPORT, "Autumn fair", 1, len(PEOPLE), now)
    people = [Contact(TENANT, number, IMPORT, *row, now) for number, row in enumerate(PEOPLE, 1)]
    bootstrap.contact_imports().create(header, intent=None, now=now)
    bootstrap.contacts().add(people)
    bootstrap.contact_imports().complete(header, record_count=len(people), skipped=1)


def _enroll(now: int) -> None:
    """Alan has had the first mail, Katherine has answered hers, Edsger waits for a campaign to begin, Grace is free."""
    mailed = replace(enrollment(2, now - DAY), step=1, sender=1, sent_at=now - DAY, last_sent_at=now - DAY)
    answered = replace(
        enrollment(3, now - DAY),
        state=EnrollmentState.REPLIED,
        step=1,
        sender=2,
        sent_at=now - DAY,
        last_sent_at=now - DAY,
        replied_at=now - HOUR,
        last_reply_at=now - HOUR,
    )
    waiting = replace(mailed, due=now - DAY + 4320 * 60_000)
    bootstrap.enrollments().insert([replace(enrollment(4, now - DAY), key=EnrollmentKey(PENDING, 4))])
    bootstrap.enrollments().insert_members([waiting, answered], program=PROGRAM, unique=True)


def _skip(now: int) -> None:
    """Edsger was skipped when the import was enrolled, as his domain takes no mail."""
    call = EnrollCall(TENANT, 0, "sample", CAMPAIGN, IMPORT, 50, now, after=0, last=len(PEOPLE))
    bootstrap.skips().record(call, 1, [Skip(4, PEOPLE[3][0], SkipKind.MX_INVALID, now - DAY)])


def enrollment(contact: int, now: int) -> Enrollment:
    """One that begins now, in the campaign's first batch."""
    return new_enrollment(TENANT, EnrollmentKey(CAMPAIGN, contact), batch_number=1, batch_tag="sample", now=now)
