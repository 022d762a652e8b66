"""What the samples of MyAgentMail's API name: cadences with leads on their way, inboxes, a workspace, a key to revoke.

What a cadence's app is asked for is answered by tokens that the samples of our own API carry.
"""

from drumbeat import bootstrap
from drumbeat.application.lead_ports import NewLead
from drumbeat.domain.enrollment import Awaits, Lead
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import DraftStrategy, SequenceStatus, Step, StepKind
from drumbeat.domain.tenant import ALL_SCOPES, SECRET_BYTES, ApiKey, KeyPrefix, key_digest, spell_key
from drumbeat.domain.times import DAY
from drumbeat.domain.workspace import Workspace
from tools.samples.parts import connector, enrollment, mailbox, person, sequence
from tools.samples.prepared import TENANT, Hosts

CADENCE, EMPTY_CADENCE = 60, 61
INBOX, SPARE_INBOX, APP = 60, 61, 62
WORKSPACE = 60
RUNNER_KEY = 60
JANE, INVITED, ASKED, DRAFTED = 60, 61, 62, 63
_MESSAGE, _MAIL = 1, 2
_SESSION = "5e551050-0000-4000-8000-000000000001"
_STEPS = (
    Step(1, "", "", 0, kind=StepKind.LINKEDIN_CONNECT, text="Hi {{first_name}}, let us connect"),
    Step(2, "", "", 1_440, kind=StepKind.LINKEDIN_MESSAGE, text="Thank you, {{first_name}}"),
    Step(3, "Hello {{first_name}}", "", 1_440, draft=DraftStrategy.AI, prompt_hint="Mention the team"),
)


def prepare_cadences(hosts: Hosts, now: int) -> None:
    """Writes what the samples name."""
    began = now - 10 * DAY
    bootstrap.workspaces().create(Workspace(TENANT, WORKSPACE, "Europe", began), intent=None, now=began)
    bootstrap.tenants().add_key(_runner_key(began), intent=None, now=began)
    for sender in (
        mailbox(INBOX, "ann@cadence.example", "Ann", hosts.smtp, now, daily_mails=40),
        mailbox(SPARE_INBOX, "bob@cadence.example", "Bob", hosts.smtp, now),
        connector(APP, f"{hosts.web}/app", now),
    ):
        bootstrap.sequences().create_sender(sender, intent=None, now=now)
    for cadence in (
        sequence(CADENCE, "LinkedIn first", _STEPS, now, connector=APP, mailboxes=(INBOX, APP), daily_cap=40),
        sequence(EMPTY_CADENCE, "To be", (), now, status=SequenceStatus.PENDING, enabled_at=None),
    ):
        bootstrap.sequences().create(cadence, [], intent=None, now=now)
    _write_leads(now)


def _runner_key(began: int) -> ApiKey:
    text = spell_key(TENANT, RUNNER_KEY.to_bytes(SECRET_BYTES), KeyPrefix.TENANT)
    return ApiKey(TENANT, RUNNER_KEY, key_digest(text), text[:12], "runner", "direct", (ALL_SCOPES,), began)


def _write_leads(now: int) -> None:
    """One that nothing was asked about yet, one that was invited, one about whom a step and one a mail is asked for."""
    jane = enrollment(
        EnrollmentKey(CADENCE, JANE),
        INBOX,
        now,
        lead=Lead("crm-41", "Jane Roe", "https://www.linkedin.com/in/jane-roe/", session=_SESSION),
        has_context=True,
    )
    people = {number: person(number, first, last, email, now) for number, first, last, email in _PEOPLE}
    bootstrap.leads().insert(
        NewLead(jane, people.pop(JANE), {"product": "Drumbeat"}), fence=None, program=None, unique=False, wanted=[]
    )
    bootstrap.contacts().add(list(people.values()))
    invited = {"step": _MESSAGE, "sent_at": now - DAY, "last_sent_at": now - DAY}
    bootstrap.enrollments().insert(
        [
            enrollment(EnrollmentKey(CADENCE, INVITED), INBOX, now, awaits=Awaits.ACCEPT, asked=1, **invited),
            enrollment(EnrollmentKey(CADENCE, ASKED), INBOX, now, awaits=Awaits.STEP, asked=1),
            enrollment(EnrollmentKey(CADENCE, DRAFTED), INBOX, now, step=_MAIL, awaits=Awaits.DRAFT, asked=1),
        ]
    )


_PEOPLE = (
    (JANE, "Jane", "Roe", "jane.roe@lead.example"),
    (INVITED, "Ivy", "Green", "ivy.green@lead.example"),
    (ASKED, "Sam", "White", "sam.white@lead.example"),
    (DRAFTED, "Max", "Black", "max.black@lead.example"),
)
