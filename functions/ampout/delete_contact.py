"""DELETE /contacts/{contact_id}"""

from drumbeat import bootstrap
from drumbeat.application.contacts import delete_contact
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/contacts/{contact_id}", dialect=AMPOUT, scope="contacts:write")
def handler(request: Request[None]) -> Reply:
    """Removes a contact and its enrollments."""
    number = number_of("contact", request.tenant, request.path["contact_id"])
    delete_contact(bootstrap.delete_ports(), tenant=request.tenant, number=number)
    return Reply(status=204)
