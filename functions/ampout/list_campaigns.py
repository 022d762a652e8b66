"""GET /campaigns"""

from drumbeat import bootstrap
from drumbeat.dialects.ampout.campaigns import campaign_row
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/campaigns", dialect=AMPOUT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """The account's campaigns, newest first."""
    return Reply([campaign_row(sequence) for sequence in bootstrap.sequences().all(request.tenant)])
