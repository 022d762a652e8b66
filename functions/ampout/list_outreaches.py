"""GET /outreaches"""

from drumbeat import bootstrap
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.outreaches import outreach_row
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/outreaches", dialect=AMPOUT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """The account's outreaches, newest first."""
    return Reply([outreach_row(program) for program in bootstrap.programs().all(request.tenant)])
