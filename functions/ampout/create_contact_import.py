"""POST /contact_imports"""

from drumbeat import bootstrap
from drumbeat.application.contacts import import_contacts
from drumbeat.dialects.ampout.contact_bodies import CreateContactImportRequest
from drumbeat.dialects.ampout.contacts import imported_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/contact_imports",
    dialect=AMPOUT,
    scope="contacts:write",
    body=CreateContactImportRequest,
    body_limit=5_500_000,
)
def handler(request: Request[CreateContactImportRequest]) -> Reply:
    """Takes a list of contacts in, row by row."""
    imported = import_contacts(
        bootstrap.contact_imports(),
        bootstrap.contacts(),
        bootstrap.numbers(),
        tenant=request.tenant,
        name=request.body.contact_import.name,
        rows=request.body.rows(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(imported_body(imported), 201)
