"""What a tenant of Outreach's API needs before it can mail anybody, made through that API."""

from functools import partial

from drumbeat.domain.ids import Kind, resource_number
from tests.contract.scene import tenant_of
from tests.world import imported, people

MAILBOX = {
    "email": "ann@acme.example",
    "fromName": "Ann",
    "smtpHost": "127.0.0.1",
    "smtpPort": 2525,
    "smtpUsername": "ann",
    "smtpPassword": "hunter2",
}
STEP = {"stepType": "auto_email", "subject": "Hello {{first_name}}", "bodyHtml": "<p>Hi</p>"}


def related(**numbers):
    """Relationships of a body, by the names of the relations."""
    return {name: {"data": {"type": name, "id": number}} for name, number in numbers.items()}


def create(call, operation, attributes=None, *, relationships=None, **options):
    """The answer to a create."""
    data = {"attributes": attributes or {}, "relationships": relationships or {}}
    return call(f"create_{operation}", {"data": data}, **options)


def made(call, operation, attributes=None, **relations):
    """The number of what a create makes."""
    answer = create(call, operation, attributes, relationships=related(**relations))
    assert answer.status == 201, answer.body
    return answer.body["data"]["id"]


def change(call, operation, number, attributes=None, **relations):
    """The answer to an update."""
    data = {"attributes": attributes or {}, "relationships": related(**relations)}
    return call(f"update_{operation}", {"data": data}, id=str(number))


def act(call, operation, number, **options):
    """The answer to a call that has nothing but an id."""
    return call(operation, id=str(number), **options)


def shown(call, operation, number, **query):
    """The resource as it is shown."""
    answer = call(f"get_{operation}", id=str(number), query=query)
    assert answer.status == 200, answer.body
    return answer.body["data"]


def found(call, operation, **query):
    """The numbers that a list shows."""
    answer = call(f"list_{operation}", query=query)
    assert answer.status == 200, answer.body
    return [resource["id"] for resource in answer.body["data"]]


def pointer(answer):
    """What a refusal points at."""
    assert answer.status == 422, answer.body
    return answer.body["errors"][0]["source"]["pointer"]


def mailbox(call, **changes):
    return made(call, "mailbox", MAILBOX | changes)


def sequence_with_steps(call, *, steps=1, name="Spring", **relations):
    number = made(call, "sequence", {"name": name}, **relations)
    for _ in range(steps):
        made(call, "sequence_step", STEP, sequence=number)
    return number


def active_sequence(call, **options):
    number = sequence_with_steps(call, **options)
    assert act(call, "activate_sequence", number).status == 200
    return number


def contacts(call, count=1, *, start=0):
    """The numbers of new contacts."""
    caller = partial(call.func)
    tenant = tenant_of(call.func)
    spelled = imported(caller, people(count, start=start))
    rows = caller("list_contact_import_contacts", import_id=spelled).body
    return [resource_number(Kind.CONTACT, tenant, row["id"]) for row in rows]


def enrolled(call, contact, sequence, sender):
    """The number of a new sequence state."""
    return made(call, "sequence_state", prospect=contact, sequence=sequence, mailbox=sender)


def told(store, call):
    """All records of a tenant in one of its stores."""
    return [record for looked in store.search(tenant_of(call.func), ()) for record in looked.records]
