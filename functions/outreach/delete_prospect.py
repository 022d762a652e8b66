"""DELETE /api/v2/prospects/{id}"""

from drumbeat import bootstrap
from drumbeat.application.contacts import delete_contact
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/prospects/{id}", dialect=OUTREACH, scope="prospects.delete")
def handler(request: Request[None]) -> Reply:
    """Removes a prospect and its way through all sequences; what is suppressed stays suppressed."""
    number = number_in_path("contact", request.path["id"])
    delete_contact(bootstrap.delete_ports(), tenant=request.tenant, number=number)
    return Reply(None, 204)
