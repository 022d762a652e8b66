"""GET /drumbeat/v1/agents/{agent_id}"""

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.application.agents import get_agent
from drumbeat.dialects.drumbeat.agents import agent_body
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/agents/{agent_id}", dialect=DRUMBEAT, scope="agents:read")
def handler(request: Request[None]) -> Reply:
    """An agent; its secrets are shown nowhere."""
    number = agent_number(request.tenant, request.path["agent_id"])
    found = get_agent(bootstrap.sequences(), bootstrap_calls.connectors(), tenant=request.tenant, number=number)
    return Reply(agent_body(found))
