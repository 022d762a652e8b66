"""GET /contacts/{contact_id}"""

from drumbeat import bootstrap
from drumbeat.application.contacts import get_contact
from drumbeat.dialects.ampout.contacts import contact_with_enrollments
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/contacts/{contact_id}", dialect=AMPOUT, scope="contacts:read")
def handler(request: Request[None]) -> Reply:
    """A contact with its enrollments."""
    number = number_of("contact", request.tenant, request.path["contact_id"])
    contact = get_contact(bootstrap.contacts(), tenant=request.tenant, number=number)
    return Reply(contact_with_enrollments(contact, bootstrap.enrollments().of_contact(request.tenant, number)))
