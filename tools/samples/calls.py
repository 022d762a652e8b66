"""What the samples of Julian's API name: an agent, somebody whom it calls next, a call under way, a batch, credits."""

from dataclasses import replace

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.adapters.dynamodb.credits import charge_writes
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.call_rows import REJECTED, SCHEDULE
from drumbeat.application.make_calls import make_alone
from drumbeat.domain.agent import BUSY, VOICEMAIL, Agent, CallRetry, Goal
from drumbeat.domain.batch import Chunk, Outcome, Target, TargetKind
from drumbeat.domain.call_making import CallRow, CallTerms
from drumbeat.domain.callee import Callee
from drumbeat.domain.credits import Charge
from drumbeat.domain.enrollment import Awaits
from drumbeat.domain.ids import EnrollmentKey, enrollment_uuid
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours
from drumbeat.domain.sequence import Step, StepKind
from drumbeat.domain.times import DAY
from tools.samples.batches import fresh_batch, keep_finished
from tools.samples.parts import connector, sequence
from tools.samples.prepared import TENANT, Hosts

AGENT = 70
DIALLER, LISTENER = 70, 71
JOHN, CALLED = 70, 71
CALLS = 70
IN_JANUARY = 1_768_478_400_000  # 2026-01-15T12:00:00Z
PRICE = 2
_ZONE = "America/New_York"
_AGENT = Agent(
    (_ZONE,),
    required=("account_id",),
    goals=(
        Goal("Meeting booked", "A meeting is in the calendar.", successful=True),
        Goal("Not interested", None, successful=False),
    ),
    retries={BUSY: CallRetry(2, 15), VOICEMAIL: CallRetry(1, 1_440)},
    credits_per_call=PRICE,
    listener=LISTENER,
)
_PROBLEM = "phoneNumber is missing."


def prepare_calls(hosts: Hosts, now: int) -> None:
    """Writes what the samples name."""
    for number, path in ((DIALLER, "calls"), (LISTENER, "results")):
        app = connector(number, f"{hosts.web}/{path}", now)
        bootstrap.sequences().create_sender(app, intent=None, now=now)
    steps = (Step(1, "", "", 0, kind=StepKind.CALL),)
    windows = Schedule(business_hours_only=True, zone=_ZONE, week=BUSINESS_HOURS, revision=1)
    timed = {"schedule": windows, "hours": Hours(BUSINESS_HOURS, _ZONE)}
    agent = sequence(AGENT, "Renewals", steps, now, agent=_AGENT, connector=DIALLER, mailboxes=(DIALLER,), **timed)
    bootstrap.sequences().create(agent, [], intent=None, now=now)
    john = Callee("John Doe", "+15551230070", {"account_id": "acc_4711"}, _ZONE)
    called = Callee("Mary Major", "+15551230071", {"account_id": "acc_4712"}, _ZONE)
    _make(JOHN, john, "john.doe@lead.example", now)
    _make(CALLED, called, "mary.major@lead.example", now)
    _ask_for_call(CALLED, now)
    _write_batch(now)
    for days in (0, 1):
        writes = charge_writes(bootstrap.table(), TENANT, AGENT, Charge(PRICE, 0), IN_JANUARY + days * DAY)
        bootstrap.table().transact(writes)


def _make(number: int, callee: Callee, email: str, now: int) -> None:
    """Makes an accepted row, whose credits are set aside; no lane is told."""
    agent = bootstrap.sequences().get(TENANT, AGENT)
    terms = CallTerms(TENANT, AGENT, agent, DIALLER, accepted_at=now - DAY, price=PRICE)
    row = CallRow(0, f"prepared.{number}", number, callee, email)
    make_alone(bootstrap_calls.make_ports(), terms, row, now, credits=bootstrap.credit_ledger())


def _ask_for_call(number: int, now: int) -> None:
    """The dialler was asked for the call and has a day to say what it came to."""
    made = bootstrap.enrollments().get(TENANT, EnrollmentKey(AGENT, number))
    if made is None:
        raise LookupError(f"contact {number} was not made")
    bootstrap.table().put(enrollment_item(replace(made, awaits=Awaits.STEP, asked=1, due=now + DAY)))


def _write_batch(now: int) -> None:
    """Of its two rows one was taken and made."""
    rows = ({"name": "+15551230070"}, {"name": "", "problem": _PROBLEM})
    made = Outcome(None, enrollment_uuid(TENANT, EnrollmentKey(AGENT, JOHN)))
    params = {"sequence": AGENT, "price": PRICE, "first_contact": JOHN, "accepted": 1}
    batch = fresh_batch(CALLS, SCHEDULE, Target(TargetKind.ROWS), now, params=params)
    keep_finished(batch, Chunk(0, (0, 1), arguments=rows), (made, Outcome(REJECTED, _PROBLEM)), now)
