"""What tests of MyAgentMail's API make through it."""

from dataclasses import replace
from functools import partial

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind, resource_number
from tests.contract.scene import tenant_of

EMAIL = {
    "kind": "email",
    "delayDays": 0,
    "draftStrategy": "static",
    "staticSubject": "Hello {{first_name}}",
    "staticBody": "Hi {{first_name}},\n1 < 2",
}
WAIT = {"kind": "wait", "delayDays": 2}
CONNECT = {"kind": "linkedin_connect", "delayDays": 0.25, "promptHint": "Mention the mail"}
MESSAGE = {"kind": "linkedin_message", "delayDays": 1, "condition": "after_accept", "notes": "Be brief"}
STEPS = [EMAIL, WAIT, CONNECT, MESSAGE]


def created(call, **fields):
    """The answer to a new cadence."""
    answer = call("create_cadence", {"name": "Spring"} | fields)
    assert answer.status == 201, answer.body
    return answer.body


def cadence(call, **fields):
    """The id of a new cadence."""
    return created(call, **fields)["cadence"]["id"]


def shown(call, cadence_id):
    """The cadence as it is shown."""
    answer = call("get_cadence", cadence_id=cadence_id)
    assert answer.status == 200, answer.body
    return answer.body["cadence"]


def stored(call, cadence_id):
    """The sequence that the cadence is."""
    tenant = tenant_of(call.func)
    found = bootstrap.sequences().get(tenant, resource_number(Kind.SEQUENCE, tenant, cadence_id))
    assert found is not None
    return found


def connector_of(sequence):
    """The sequence's connector."""
    found = bootstrap.sequences().sender(sequence.tenant, sequence.connector)
    assert found is not None
    return found


def somebody_in(call, cadence_id, contact=7, state=EnrollmentState.ACTIVE, **changes):
    """Puts an enrollment of a contact into the cadence, as only the worker leaves some."""
    sequence = stored(call, cadence_id)
    key = EnrollmentKey(sequence.number, contact)
    made = new_enrollment(sequence.tenant, key, batch_number=1, batch_tag="t", now=sequence.created_at)
    bootstrap.table().put(enrollment_item(replace(made, state=state, **changes)))


def step_as_shown(step):
    """A step as it was given, with what it leaves out."""
    usual = {"condition": None, "draftStrategy": "ai", "staticSubject": None, "staticBody": None}
    return usual | {"promptHint": None, "notes": None} | step


def of(call, group):
    """The same client, at another API."""
    return partial(call.func, group=group)


def refused(answer):
    """The fields that a refusal names."""
    assert answer.status == 400, answer.body
    assert answer.body["code"] == "validation_failed"
    return [entry["field"] for entry in answer.body["details"]]
