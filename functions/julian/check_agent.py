"""HEAD /api/v1/agents/{agent_id}/schedule/sequence"""

from drumbeat import bootstrap
from drumbeat.application.agents import agent_within
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("HEAD", "/api/v1/agents/{agent_id}/schedule/sequence", dialect=JULIAN, scope="agents:read")
def handler(request: Request[None]) -> Reply:
    """Whether key and agent are good, here and at the URL for many; nothing is scheduled."""
    agent_within(bootstrap.sequences(), request.tenant, agent_number(request.tenant, request.path["agent_id"]))
    return Reply()
