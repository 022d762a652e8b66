"""POST /api/v1/agents/{agent_id}/schedule/sequences"""

from drumbeat import bootstrap_calls
from drumbeat.application.accept_calls import accept_calls
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.dialects.julian.scheduled import BODY_LIMIT, accepted_body
from drumbeat.dialects.julian.scheduling import ScheduleSequencesRequest
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/api/v1/agents/{agent_id}/schedule/sequences",
    dialect=JULIAN,
    scope="enrollments:write",
    body=ScheduleSequencesRequest,
    body_limit=BODY_LIMIT,
    once_per=("agent_id",),
)
def handler(request: Request[ScheduleSequencesRequest]) -> Reply:
    """Takes the contacts that are good, and schedules their calls in the background."""
    accepted = accept_calls(
        bootstrap_calls.accept_ports(),
        tenant=request.tenant,
        agent_number=agent_number(request.tenant, request.path["agent_id"]),
        rows=request.body.rows(),
        rules=request.body.rules,
        intent=request.intent,
        now=request.now,
    )
    return Reply(accepted_body(accepted), 202)
