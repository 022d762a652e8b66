"""GET /api/v2/sequences/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/sequences/{id}", dialect=OUTREACH, scope="sequences.read")
def handler(request: Request[None]) -> Reply:
    """One sequence."""
    number = number_in_path("sequence", request.path["id"])
    found = get_record(bootstrap.sequence_records(), "sequence", tenant=request.tenant, number=number)
    return Reply(one_body(SEQUENCES, request, found, bootstrap_outreach.sources(request.tenant)))
