"""GET /campaigns/{campaign_id}/skips"""

from drumbeat import bootstrap
from drumbeat.application.skips import list_skips
from drumbeat.dialects.ampout.enrollments import SKIP_KINDS, skip_bodies
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.query import choice, page
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/campaigns/{campaign_id}/skips", dialect=AMPOUT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """The contacts that a campaign's last enrol calls skipped, and why."""
    number = number_of("sequence", request.tenant, request.path["campaign_id"])
    kind = choice(request.query, "kind", tuple(SKIP_KINDS.values()))
    skips = list_skips(
        bootstrap.sequences(),
        bootstrap.skips(),
        bootstrap.contacts(),
        tenant=request.tenant,
        sequence_number=number,
    )
    return Reply(list(page(skip_bodies(request.tenant, number, skips, kind), request.query, default=100)))
