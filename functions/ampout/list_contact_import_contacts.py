"""GET /contact_imports/{import_id}/contacts"""

from itertools import chain

from drumbeat import bootstrap
from drumbeat.application.contacts import get_contact_import
from drumbeat.dialects.ampout.contacts import contact_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.query import page
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/contact_imports/{import_id}/contacts", dialect=AMPOUT, scope="contacts:read")
def handler(request: Request[None]) -> Reply:
    """An import's contacts in row order."""
    number = number_of("contact_import", request.tenant, request.path["import_id"])
    header = get_contact_import(bootstrap.contact_imports(), tenant=request.tenant, number=number)
    after = request.query.get("after")
    start = None if after is None else number_of("contact", request.tenant, after)
    contacts = chain.from_iterable(bootstrap.contacts().pages_of_import(header, after=start))
    return Reply([contact_body(contact) for contact in page(contacts, request.query)])
