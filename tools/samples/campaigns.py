"""Campaign 1 in program 1, with senders, an import and enrollments in every state that its samples show."""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.domain.contact import Contact, ContactImport
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.program import Program
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR
from tools.samples.prepared import TENANT, Hosts

PROGRAM = CAMPAIGN = IMPORT = 1
SENDERS = (1, 2)
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
    senders = [sender(number, hosts, begun) for number in SENDERS]
    bootstrap.sequences().create(campaign, senders, intent=None, now=begun)
    _enroll(now)


def sender(number: int, hosts: Hosts, now: int) -> Sender:
    """A sender of the campaign with its mail server."""
    name = ("Ada", "Charles")[number - 1]
    host, port = hosts.smtp
    sealed = bootstrap.vault().seal("not-a-real-password", tenant=TENANT, sender=number)
    address = f"{name.lower()}@example.com"
    return Sender(TENANT, number, CAMPAIGN, name, host, port, address, sealed, name, address, 50, now)


def _import(now: int) -> None:
    header = ContactImport(TENANT, IMPORT, "Autumn fair", 1, len(PEOPLE), now)
    people = [Contact(TENANT, number, IMPORT, *row, now) for number, row in enumerate(PEOPLE, 1)]
    bootstrap.contact_imports().create(header, intent=None, now=now)
    bootstrap.contacts().add(people)
    bootstrap.contact_imports().complete(header, record_count=len(people), skipped=1)


def _enroll(now: int) -> None:
    """Alan has had the first mail, Katherine has answered hers; Grace and Edsger are not in it."""
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
    bootstrap.enrollments().insert_members([waiting, answered], program=PROGRAM, unique=True)


def enrollment(contact: int, now: int) -> Enrollment:
    """One that begins now, in the campaign's first batch."""
    return new_enrollment(TENANT, EnrollmentKey(CAMPAIGN, contact), batch_number=1, batch_tag="sample", now=now)
