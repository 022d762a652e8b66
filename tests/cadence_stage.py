"""A cadence on a stage: a contact on its way through steps of several kinds, an inbox, and the tenant's app."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.enrollment import Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.sequence import DraftStrategy, Sender, SenderKind, SequenceStatus, Step, StepCondition, StepKind
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import HOUR
from tests.scripted_web import Asked
from tests.stage import SEQUENCE, START, TENANT, Stage, person
from tests.world import Answer, Caller

INBOX, APP = 5, 9
JANE = Lead("crm-1", "Jane van Dyk", "https://www.linkedin.com/in/jane/", session="session-1")
MAIL = Step(1, "Hello {{first_name}}", "", 0, text="Dear {{first_name}},\n\n1 < 2\nBye")
WAIT = Step(2, "", "", 30, kind=StepKind.WAIT)
CONNECT = Step(3, "", "", 10, kind=StepKind.LINKEDIN_CONNECT, text="Hi {{first_name}} {{last_name}}", notes="short")
DRAFTED = Step(4, "Our idea", "", 10, draft=DraftStrategy.AI, prompt_hint="be brief")
AFTER_ACCEPT = replace(CONNECT, kind=StepKind.LINKEDIN_MESSAGE, condition=StepCondition.AFTER_ACCEPT)
_OPERATIONS = {
    "draft": "deliver_draft",
    "done": "complete_step",
    "failed": "fail_step",
    "accepted": "accept_invite",
    "replied": "record_reply",
}


def open_cadence(
    stage: Stage,
    steps: Sequence[Step],
    *,
    mail_port: int = 25,
    app_url: str = "",
    bound_to: int = INBOX,
    lead: Lead = JANE,
    **fields: Any,
) -> None:
    """An active cadence whose first contact was enrolled an hour ago, and its lane awake."""
    table, vault = bootstrap.table(), bootstrap.vault()
    cadence = Cadence(
        TENANT, SEQUENCE, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, tuple(steps), (), START,
        connector=APP, mailboxes=(INBOX, APP),
    )  # fmt: skip
    table.put(sequence_item(replace(cadence, **fields)))
    bootstrap.numbers().take(TENANT, Kind.SEQUENCE)
    login = vault.seal("hunter2", tenant=TENANT, sender=INBOX), vault.seal("whsec_1", tenant=TENANT, sender=APP)
    inbox = Sender(
        TENANT, INBOX, None, None, "127.0.0.1", mail_port, "bob", login[0], "Bob", "bob@acme.example", 1_000, 0
    )
    app = Sender(TENANT, APP, None, None, app_url, 0, "", login[1], "", "", 1_000, 0, kind=SenderKind.CONNECTOR)
    table.put(sender_item(inbox))
    table.put(sender_item(app))
    bootstrap.contacts().add([person(1)])
    key = EnrollmentKey(SEQUENCE, 1)
    made = new_enrollment(TENANT, key, batch_number=1, batch_tag="t", now=START - HOUR, bound_to=bound_to)
    table.put(enrollment_item(replace(made, lead=lead)))
    wake(stage)


def wake(stage: Stage) -> None:
    """What every change does that lets something leave."""
    bootstrap.lanes().wake(TENANT, (INBOX, APP), stage.now, serves=SEQUENCE)


def put(stage: Stage, **fields: Any) -> None:
    """Changes the enrollment behind everybody's back."""
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(), **fields)))
    wake(stage)


def request_in(asked: Asked) -> dict[str, Any]:
    """What the app was asked."""
    return dict(json.loads(asked.body))


def answer(asked: Asked, what: str, body: Any = None) -> Answer:
    """The app answers a request at the URL that it was given for this."""
    token = request_in(asked)["callbacks"][what].split("/")[-2]
    return Caller()(_OPERATIONS[what], body, group="drumbeat", token=token)
