"""PUT /drumbeat/v1/sequences/{sequence_id}/schedule"""

from drumbeat import bootstrap
from drumbeat.application.schedules import set_schedule
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.schedule_bodies import SetScheduleRequest
from drumbeat.dialects.drumbeat.schedules import schedule_body, sequence_number
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "PUT",
    "/drumbeat/v1/sequences/{sequence_id}/schedule",
    dialect=DRUMBEAT,
    scope="campaigns:write",
    body=SetScheduleRequest,
)
def handler(request: Request[SetScheduleRequest]) -> Reply:
    """Another schedule for a sequence, in place of the one it had; its lanes look again at once."""
    sequence = set_schedule(
        bootstrap.schedule_ports(),
        tenant=request.tenant,
        number=sequence_number(request.tenant, request.path["sequence_id"]),
        wanted=request.body.wanted(),
        daily_cap=request.body.daily_cap,
        now=request.now,
    )
    return Reply(schedule_body(sequence, request.now))
