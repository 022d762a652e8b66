"""GET /contact_imports/{import_id}"""

from drumbeat import bootstrap
from drumbeat.application.contacts import count_contacts, get_contact_import
from drumbeat.dialects.ampout.contacts import import_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/contact_imports/{import_id}", dialect=AMPOUT, scope="contacts:read")
def handler(request: Request[None]) -> Reply:
    """An import, with the number of its contacts that are still there."""
    number = number_of("contact_import", request.tenant, request.path["import_id"])
    header = get_contact_import(bootstrap.contact_imports(), tenant=request.tenant, number=number)
    live = count_contacts(bootstrap.contacts(), header)
    return Reply(import_body(header, live) | {"contact_count": live})
