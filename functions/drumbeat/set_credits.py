"""PUT /drumbeat/v1/credits"""

from drumbeat import bootstrap
from drumbeat.application.credits import set_allocation
from drumbeat.dialects.drumbeat.credits import SetCreditsRequest, credits_body
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PUT", "/drumbeat/v1/credits", dialect=DRUMBEAT, scope="credits:write", body=SetCreditsRequest)
def handler(request: Request[SetCreditsRequest]) -> Reply:
    """Another number of credits a month, from this one on; what is spent and held already stays so."""
    account = set_allocation(bootstrap.credit_ledger(), tenant=request.tenant, allocated=request.body.allocated)
    return Reply(credits_body(account, request.now))
