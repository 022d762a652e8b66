"""An enrollment that waits for the tenant's app, and what the app answers."""

from dataclasses import dataclass, replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.drafts import draft_of
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Awaits, Lead, new_enrollment
from drumbeat.domain.sequence import DraftStrategy, Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR
from tests.asked_about import KEY, SEQUENCE, Waiting
from tests.stage import START, person
from tests.world import Answer

APP, MAILBOX = 7, 8
SECRET = "whsec_1"
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


@dataclass
class Conversation(Waiting):
    """One enrollment of a tenant of its own that was asked about, and its app."""

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

    def say(self, operation: str, body: Any = None, *, token: str | None = None, **options: Any) -> Answer:
        """As any that is asked says it; the body is a usual one unless it says so."""
        return super().say(operation, WORDS.get(operation) if body is None else body, token=token, **options)

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
