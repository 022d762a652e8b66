"""GET /outreaches/{outreach_id}"""

from collections import Counter

from drumbeat import bootstrap
from drumbeat.application.programs import count_progress, get_program, sequences_of
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.outreaches import outreach_with_campaigns
from drumbeat.dialects.uuids import number_of
from drumbeat.domain.enrollment import Progress
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/outreaches/{outreach_id}", dialect=AMPOUT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """An outreach with its campaigns and their totals."""
    number = number_of("program", request.tenant, request.path["outreach_id"])
    program = get_program(bootstrap.programs(), tenant=request.tenant, number=number)
    campaigns = sequences_of(bootstrap.sequences(), program)
    counts = sum((count_progress(bootstrap.enrollments(), campaign) for campaign in campaigns), Counter[Progress]())
    return Reply(outreach_with_campaigns(program, campaigns, counts))
