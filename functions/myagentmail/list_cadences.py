"""GET /v1/cadences"""

from drumbeat import bootstrap
from drumbeat.application.records import all_records
from drumbeat.dialects.myagentmail.cadences import cadence_id, cadence_row
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.listing import behind, listed
from drumbeat.domain.ids import Kind
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/cadences", dialect=MYAGENTMAIL, scope="cadences:read")
def handler(request: Request[None]) -> Reply:
    """The cadences that the key sees, oldest first."""
    after = behind(Kind.SEQUENCE, request.tenant, request.query)
    sequences = all_records(bootstrap.sequence_records(), request.tenant, after=after)
    seen = (sequence for sequence in sequences if request.key.reach.covers(workspace=sequence.workspace))
    return Reply(listed(seen, request.query, show=cadence_row, cursor_of=cadence_id))
