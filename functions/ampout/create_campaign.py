"""POST /campaigns"""

from drumbeat import bootstrap
from drumbeat.application.sequences import create_sequence
from drumbeat.dialects.ampout.campaign_bodies import CreateCampaignRequest
from drumbeat.dialects.ampout.campaigns import status_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/campaigns", dialect=AMPOUT, scope="campaigns:write", body=CreateCampaignRequest)
def handler(request: Request[CreateCampaignRequest]) -> Reply:
    """Makes a campaign with its credentials and steps; nothing is sent before dispatch."""
    sequence = create_sequence(
        bootstrap.sequence_ports(),
        tenant=request.tenant,
        wanted=request.body.wanted(request.tenant),
        intent=request.intent,
        now=request.now,
    )
    return Reply(status_body(request.tenant, sequence.number, sequence.status.value), 201)
