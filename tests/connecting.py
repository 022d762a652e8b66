"""An enrollment that waits for the tenant's app, and what the app answers."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.drafts import draft_of
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Awaits, Enrollment, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import DraftStrategy, Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR
from drumbeat.domain.token import Asked, connector_token
from tests.stage import START, person
from tests.world import Answer, Caller

SEQUENCE, APP, MAILBOX = 1, 7, 8
SECRET = "whsec_1"
KEY = EnrollmentKey(SEQUENCE, 1)
INVITE = Step(1, "", "", 0, kind=StepKind.LINKEDIN_CONNECT, text="Hi {{first_name}}", notes="short")
DRAFTED = Step(2, "Our idea", "", 60, draft=DraftStrategy.AI, prompt_hint="be brief")
LAST = Step(3, "Again", "<p>Still there?</p>", 0)
CADENCE = Sequence(
    0, SEQUENCE, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (INVITE, DRAFTED, LAST), (), START,
    connector=APP, mailboxes=(MAILBOX,),
)  # fmt: skip
WORDS = {
    "deliver_draft": {"text": "Hi Jane", "subject": "You"},
    "fail_step": {"reason": "no such profile", "retry": False},
}


def app(tenant: int, url: str = "https://app.example/hook") -> Sender:
    sealed = bootstrap.vault().seal(SECRET, tenant=tenant, sender=APP)
    return Sender(tenant, APP, None, None, url, 0, "", sealed, "", "", 0, START, kind=SenderKind.CONNECTOR)


def mailbox(tenant: int) -> Sender:
    return Sender(tenant, MAILBOX, None, None, "mail.example", 587, "", "", "Ann", "ann@acme.example", 50, START)


_TENANTS = count(1_000)


@dataclass
class Conversation:
    """One enrollment of a tenant of its own that was asked about, and its app."""

    now: int = START
    tenant: int = field(default_factory=lambda: next(_TENANTS))

    def begin(self, awaits: Awaits = Awaits.STEP, *, cadence: Sequence = CADENCE, **fields: Any) -> None:
        """Stores the enrollment as it waits for `awaits` since an hour, in the middle of its step's life."""
        table = bootstrap.table()
        for item in (
            sequence_item(replace(cadence, tenant=self.tenant)),
            sender_item(app(self.tenant)),
            sender_item(mailbox(self.tenant)),
        ):
            table.put(item)
        bootstrap.contacts().add([person(1, self.tenant)])
        made = new_enrollment(self.tenant, KEY, batch_number=1, batch_tag="t", now=START - DAY, bound_to=MAILBOX)
        lead = Lead(external_id="crm-1", name="Jane Doe", linkedin_url="https://www.linkedin.com/in/jane/")
        step = 1 if awaits is Awaits.DRAFT else 0
        waits = replace(made, lead=lead, step=step, awaits=awaits, asked=3, due=START + 23 * HOUR, timed=True)
        self.put(replace(waits, **fields))

    def put(self, enrollment: Enrollment) -> None:
        bootstrap.table().put(enrollment_item(enrollment))

    def change(self, **fields: Any) -> None:
        self.put(replace(self.enrollment(), **fields))

    def enrollment(self) -> Enrollment:
        found = bootstrap.enrollments().get(self.tenant, KEY)
        assert found is not None
        return found

    def token(self, **other: Any) -> str:
        """The token of the request as it is open now."""
        found = self.enrollment()
        asked = Asked(self.tenant, KEY, found.step, found.epoch, found.asked)
        return connector_token(bootstrap.token_keys(), asked._replace(**other))

    def say(self, operation: str, body: Any = None, *, token: str | None = None) -> Answer:
        """What the app's answer is answered; its token is the open request's unless it says so."""
        words = WORDS.get(operation) if body is None else body
        return Caller()(operation, words, group="drumbeat", token=self.token() if token is None else token)

    def awake(self) -> list[int]:
        """Whose lanes the next tick looks at."""
        return [name.sender for name in bootstrap.lanes().awake(self.now) if name.tenant == self.tenant]

    def draft(self, step: int = 1) -> Draft | None:
        item = bootstrap.table().get(keys.draft(self.tenant, KEY, step))
        return None if item is None else draft_of(item)


def changed(answer: Answer) -> bool:
    """What a good answer says about it."""
    assert answer.status == 200, answer
    return bool(answer.body["changed"])
