"""GET /drumbeat/v1/sequences/{sequence_id}/schedule"""

from drumbeat import bootstrap
from drumbeat.application.sequences import get_sequence
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.schedules import schedule_body, sequence_number
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/sequences/{sequence_id}/schedule", dialect=DRUMBEAT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """When a sequence may send, and when next."""
    number = sequence_number(request.tenant, request.path["sequence_id"])
    sequence = get_sequence(bootstrap.sequences(), tenant=request.tenant, number=number)
    return Reply(schedule_body(sequence, request.now))
