"""GET /api/v1/agents/{agent_id}/outcomes"""

from drumbeat import bootstrap
from drumbeat.application.agents import agent_in, agent_within
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.dialects.julian.outcomes import outcomes_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v1/agents/{agent_id}/outcomes", dialect=JULIAN, scope="agents:read")
def handler(request: Request[None]) -> Reply:
    """What the calls of an agent may come to, and which of it counts as success."""
    number = agent_number(request.tenant, request.path["agent_id"])
    sequence = agent_within(bootstrap.sequences(), request.tenant, number)
    return Reply(outcomes_body(sequence, agent_in(sequence)))
