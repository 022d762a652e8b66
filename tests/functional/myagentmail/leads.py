"""Leads that tests of MyAgentMail's API enrol, and what they look at afterwards."""

from itertools import count

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lead_locks import holder_of, lock_key
from drumbeat.domain.ids import Kind, enrollment_key, resource_number
from tests.contract.scene import everything, tenant_of
from tests.functional.myagentmail.account import inbox
from tests.functional.myagentmail.furniture import CONNECT, EMAIL, MESSAGE, cadence

_NUMBERS = count(1)
SESSION = "11111111-2222-4333-8444-555555555555"
PLAIN = [EMAIL, EMAIL | {"delayDays": 3}]
MIXED = [EMAIL, CONNECT, MESSAGE]


class Campaign:
    """A cadence with an inbox, and its leads."""

    def __init__(self, call, steps=None, **fields):
        self.call = call
        self.tenant = tenant_of(call.func)
        self.inbox = inbox(call, email=f"ann{next(_NUMBERS)}@acme.example")
        self.id = cadence(call, steps=steps or PLAIN, businessHoursOnly=False, **fields)

    def post(self, **lead):
        """The answer to enrolling a lead."""
        number = next(_NUMBERS)
        usual = {"leadExternalId": f"crm-{number}", "leadEmail": f"lead{number}@x.example", "inboxId": self.inbox}
        return self.call("create_enrollment", usual | {"sessionId": SESSION} | lead, cadence_id=self.id)

    def enrol(self, **lead):
        """An enrolled lead as it is shown."""
        answer = self.post(**lead)
        assert answer.status == 200, answer.body
        return answer.body["enrollment"]

    def relink(self, *updates, **query):
        """The answer to a bulk-relink."""
        return self.call("bulk_relink", {"updates": list(updates)}, query=query or None, cadence_id=self.id)

    def rows(self, *updates, **query):
        """What became of the rows."""
        answer = self.relink(*updates, **query)
        assert answer.status == 200, answer.body
        return answer.body["results"]

    def patch(self, enrollment, body, **query):
        """The answer to a PATCH."""
        return self.call("update_enrollment", body, query=query or None, enrollment_id=enrollment["id"])

    def shown(self, enrollment):
        """The enrolment as it is shown by itself."""
        answer = self.call("get_enrollment", enrollment_id=enrollment["id"])
        assert answer.status == 200, answer.body
        return answer.body["enrollment"]

    def key(self, enrollment):
        """The engine's key of it."""
        found = enrollment_key(self.tenant, enrollment["id"])
        assert found is not None
        return found

    def stored(self, enrollment):
        """The engine's enrollment."""
        found = bootstrap.enrollments().existing(self.tenant, [self.key(enrollment)])
        return found[self.key(enrollment)]

    def put(self, enrollment):
        """Makes the engine's enrollment this one."""
        bootstrap.table().put(enrollment_item(enrollment))

    def holder(self, external_id):
        """Who has an external id, None if nobody has."""
        sequence = self.sequence
        lock = bootstrap.table().get(lock_key(self.tenant, sequence, external_id))
        return None if lock is None else holder_of(sequence, lock)

    @property
    def sequence(self):
        """The engine's number of the cadence."""
        return resource_number(Kind.SEQUENCE, self.tenant, self.id)

    def check_locks(self):
        """Locks and enrollments of the cadence agree, one to one."""
        held = {}
        for item in map(from_wire, everything()):
            prefix = f"T#{self.tenant}#S#{self.sequence}#LEAD#"
            if item["PK"].startswith(prefix):
                held[item["PK"], item["SK"]] = holder_of(self.sequence, item)
        wanted = {
            lock_key(self.tenant, self.sequence, entry.lead.external_id): entry.key
            for entry in bootstrap.enrollments().of_sequence(self.tenant, self.sequence, deleted=True)
            if entry.lead.external_id is not None
        }
        assert held == wanted


def codes(rows):
    """The codes of rows, None for those that succeeded."""
    return [row.get("code") for row in rows]
