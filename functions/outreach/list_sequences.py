"""GET /api/v2/sequences"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/sequences", dialect=OUTREACH, scope="sequences.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's sequences, whichever API made them."""
    tenant = request.tenant
    body = list_body(
        SEQUENCES,
        request,
        lambda conditions, after: bootstrap.sequence_records().search(tenant, conditions, after=after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
