"""DELETE /contact_imports/{import_id}"""

from drumbeat import bootstrap
from drumbeat.application.contacts import delete_contact_import
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/contact_imports/{import_id}", dialect=AMPOUT, scope="contacts:write")
def handler(request: Request[None]) -> Reply:
    """Removes an import, its contacts and their enrollments; 202 where the rest goes on in the background."""
    number = number_of("contact_import", request.tenant, request.path["import_id"])
    done = delete_contact_import(
        bootstrap.delete_ports(), tenant=request.tenant, number=number, out_of_time=request.out_of_time
    )
    return Reply(status=204) if done else Reply({"status": "deleting"}, 202)
