"""DELETE /api/v2/sequences/{id}"""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import delete_sequence
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/sequences/{id}", dialect=OUTREACH, scope="sequences.delete")
def handler(request: Request[None]) -> Reply:
    """Deletes a sequence that nobody is on the way through."""
    number = number_in_path("sequence", request.path["id"])
    delete_sequence(
        bootstrap.sequences(),
        bootstrap.enrollments(),
        bootstrap.lanes(),
        tenant=request.tenant,
        number=number,
        now=request.now,
    )
    return Reply(status=204)
