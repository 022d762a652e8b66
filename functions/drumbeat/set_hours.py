"""PUT /drumbeat/v1/hours"""

from drumbeat import bootstrap
from drumbeat.application.schedules import set_hours
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.hours import hours_body
from drumbeat.dialects.drumbeat.hours_bodies import SetHoursRequest
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PUT", "/drumbeat/v1/hours", dialect=DRUMBEAT, scope="campaigns:write", body=SetHoursRequest)
def handler(request: Request[SetHoursRequest]) -> Reply:
    """Other hours for all sequences that ask for none of their own, from their next mail on."""
    hours = set_hours(
        bootstrap.schedule_ports(),
        bootstrap.batch_queue(),
        tenant=request.tenant,
        wanted=request.body.wanted(),
        out_of_time=request.out_of_time,
        now=request.now,
    )
    return Reply(hours_body(hours))
