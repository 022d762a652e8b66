"""GET /contact_imports"""

from drumbeat import bootstrap
from drumbeat.dialects.ampout.contacts import import_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/contact_imports", dialect=AMPOUT, scope="contacts:read")
def handler(request: Request[None]) -> Reply:
    """The account's imports, newest first."""
    return Reply([import_body(header) for header in bootstrap.contact_imports().all(request.tenant)])
