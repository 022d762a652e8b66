"""PATCH /contacts/{contact_id}"""

from drumbeat import bootstrap
from drumbeat.application.contacts import update_contact
from drumbeat.dialects.ampout.contact_bodies import UpdateContactRequest
from drumbeat.dialects.ampout.contacts import contact_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/contacts/{contact_id}", dialect=AMPOUT, scope="contacts:write", body=UpdateContactRequest)
def handler(request: Request[UpdateContactRequest]) -> Reply:
    """Changes a contact's address or names; the next mail uses them."""
    number = number_of("contact", request.tenant, request.path["contact_id"])
    contact = update_contact(
        bootstrap.contacts(), tenant=request.tenant, number=number, change=request.body.change, now=request.now
    )
    return Reply(contact_body(contact))
