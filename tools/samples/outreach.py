"""What the samples of Outreach's API name: people and companies, a sequence with somebody in it, batches."""

from drumbeat import bootstrap
from drumbeat.domain.batch import DONE, NO_SUCH_TARGET, Chunk, Target, TargetKind
from drumbeat.domain.company import Company
from drumbeat.domain.custom_object import CustomObject
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.opportunity import Opportunity
from drumbeat.domain.ruleset import Exclusivity, Ruleset
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR
from drumbeat.domain.user import User
from tools.samples.batches import fresh_batch, keep_confirming, keep_finished, keep_running
from tools.samples.parts import enrollment, mailbox, person, sequence
from tools.samples.prepared import TENANT, Hosts

ADA, BOB = 50, 51
ACME, GLOBEX = 50, 51
RENEWAL = 50
STRICT, UNUSED = 50, 51
SCHOONER, KETCH = 50, 51
JANE, JOHN, JUNE, JACK, JILL = 50, 51, 52, 53, 54
SPRING, SUMMER, EMPTY = 50, 51, 52
MAILBOX, SPARE_MAILBOX = 50, 51
CONFIRMING, RUNNING, FINISHED = 50, 51, 52
_TAGS = {"tags": ["vip"]}
_STEPS = (
    Step(1, "Hello {{first_name}}", "<p>Hi {{first_name}}</p>", 0),
    Step(2, "Again", "<p>Have you seen this?</p>", 2_880),
)


def prepare_outreach(hosts: Hosts, now: int) -> None:
    """Writes what the samples name."""
    _write_records(now)
    _write_people(now)
    _write_sequences(hosts, now)
    _write_enrollments(now)
    _write_batches(now)


def _write_records(now: int) -> None:
    began = now - 10 * DAY
    for user in (
        User(TENANT, ADA, "ada@acme.example", "Ada", "Lovelace", began, began, title="Engineer"),
        User(TENANT, BOB, "bob@acme.example", "Bob", "Babbage", began, began),
    ):
        bootstrap.users().create(user, intent=None, now=began)
    for company in (
        Company(TENANT, ACME, began, began, "Acme", "acme.example", "A-1", owner=ADA, tags=("key",)),
        Company(TENANT, GLOBEX, began, began, "Globex", "globex.example"),
    ):
        bootstrap.companies().create(company, intent=None, now=began)
    renewal = Opportunity(TENANT, RENEWAL, "Renewal", began, began, ADA, ACME, {"amount": 12_000})
    bootstrap.opportunities().create(renewal, intent=None, now=began)
    for ruleset in (
        Ruleset(TENANT, STRICT, "Strict", began, exclusivity=Exclusivity.ALL),
        Ruleset(TENANT, UNUSED, "Unused", began),
    ):
        bootstrap.rulesets().create(ruleset, intent=None, now=began)
    for boat in (
        CustomObject(TENANT, SCHOONER, "boats", began, began, {"name": "Ada", "length": 12}),
        CustomObject(TENANT, KETCH, "boats", began, began, {"name": "Grace", "length": 9}),
    ):
        bootstrap.custom_objects("boats").create(boat, intent=None, now=began)


def _write_people(now: int) -> None:
    bootstrap.contacts().add(
        [
            person(JANE, "Jane", "Doe", "jane.doe@northwind.example", now, company_number=ACME, owner=ADA),
            person(JOHN, "John", "Smith", "john.smith@northwind.example", now, company_number=ACME),
            person(JUNE, "June", "Miller", "june.miller@northwind.example", now),
            person(JACK, "Jack", "Jones", "jack.jones@northwind.example", now, tags=("vip",)),
            person(JILL, "Jill", "Brown", "jill.brown@northwind.example", now),
        ]
    )


def _write_sequences(hosts: Hosts, now: int) -> None:
    shared = {"fields": {"share_type": "shared"}}
    owned = shared | {"owner": ADA, "ruleset": STRICT, "mailboxes": (MAILBOX,), "tags": ("new",)}
    for found in (
        sequence(SPRING, "Spring", _STEPS, now, **owned),
        sequence(SUMMER, "Summer", _STEPS[:1], now, status=SequenceStatus.PAUSED, **shared),
        sequence(EMPTY, "Empty", (), now, status=SequenceStatus.PENDING, enabled_at=None),
    ):
        bootstrap.sequences().create(found, [], intent=None, now=now)
    pace = {"pace": (30, 30), "daily_mails": 200, "user": ADA}
    for sender in (
        mailbox(MAILBOX, "ada.lovelace@acme.example", "Ada Lovelace", hosts.smtp, now, **pace),
        mailbox(SPARE_MAILBOX, "bob.babbage@acme.example", "Bob Babbage", hosts.smtp, now),
    ):
        bootstrap.sequences().create_sender(sender, intent=None, now=now)


def _write_enrollments(now: int) -> None:
    """One whose first mail has left, one that is paused before it, and one that has answered it."""
    sent = {"step": 1, "sent_at": now - 2 * DAY, "last_sent_at": now - 2 * DAY}
    replied = {"state": EnrollmentState.REPLIED, "replied_at": now - DAY, "last_reply_at": now - DAY}
    paused = {"state": EnrollmentState.PAUSED, "paused_at": now - HOUR}
    bootstrap.enrollments().insert(
        [
            enrollment(EnrollmentKey(SPRING, JANE), MAILBOX, now, **sent),
            enrollment(EnrollmentKey(SPRING, JOHN), MAILBOX, now, **paused),
            enrollment(EnrollmentKey(SPRING, JUNE), MAILBOX, now, **sent, **replied),
        ]
    )


def _write_batches(now: int) -> None:
    """One that waits for its yes, one that runs, and one that is over: of its two people one was not there."""
    companies = Target(TargetKind.COMPANIES, listed=True)
    waiting = fresh_batch(CONFIRMING, "companies.add_tags", companies, now, params=_TAGS, count_required=True)
    keep_confirming(waiting, Chunk(0, (ACME, GLOBEX)), now)
    people = Target(TargetKind.CONTACTS, listed=True)
    keep_running(fresh_batch(RUNNING, "contacts.add_tags", people, now, params=_TAGS), Chunk(0, (JANE, JOHN)), now)
    over = fresh_batch(FINISHED, "contacts.add_tags", people, now, params=_TAGS)
    keep_finished(over, Chunk(0, (JANE, 99), missing=frozenset({1})), (DONE, NO_SUCH_TARGET), now)
