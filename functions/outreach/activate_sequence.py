"""POST /api/v2/sequences/{id}/actions/activate"""

from drumbeat import bootstrap
from drumbeat.application.sequences import activate_sequence
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/sequences/{id}/actions/activate", dialect=OUTREACH, scope="sequences.write")
def handler(request: Request[None]) -> Reply:
    """Lets a sequence send what waits in it."""
    number, shown = number_in_path("sequence", request.path["id"]), read_written(request.query_values)
    sequence = activate_sequence(
        bootstrap.sequences(), bootstrap.lanes(), tenant=request.tenant, number=number, now=request.now
    )
    return Reply(written_body(SEQUENCES, request, sequence, shown))
