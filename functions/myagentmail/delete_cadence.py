"""DELETE /v1/cadences/{cadence_id}"""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import delete_sequence
from drumbeat.application.sequences import administered_sequence
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/v1/cadences/{cadence_id}", dialect=MYAGENTMAIL, scope="cadences:write")
def handler(request: Request[None]) -> Reply:
    """Deletes a cadence that nobody is on the way through."""
    number = number_of("sequence", request.tenant, request.path["cadence_id"])
    administered_sequence(bootstrap.sequences(), request.key.reach, tenant=request.tenant, number=number)
    delete_sequence(
        bootstrap.sequences(),
        bootstrap.enrollments(),
        bootstrap.lanes(),
        tenant=request.tenant,
        number=number,
        now=request.now,
    )
    return Reply({"ok": True})
