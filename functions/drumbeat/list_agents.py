"""GET /drumbeat/v1/agents"""

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.application.agents import list_agents
from drumbeat.dialects.drumbeat.agents import agent_body
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.dialects.query import page
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/agents", dialect=DRUMBEAT, scope="agents:read")
def handler(request: Request[None]) -> Reply:
    """The agents, oldest first; `after` is the id of the last one that is known."""
    after = request.query.get("after")
    number = 0 if after is None else agent_number(request.tenant, after)
    found = list_agents(bootstrap.sequence_records(), bootstrap_calls.connectors(), tenant=request.tenant, after=number)
    return Reply([agent_body(told) for told in page(found, request.query, default=100)])
