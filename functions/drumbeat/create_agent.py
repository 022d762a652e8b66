"""POST /drumbeat/v1/agents"""

from drumbeat import bootstrap_calls, bootstrap_webhooks
from drumbeat.application.agents import create_agent
from drumbeat.dialects.drumbeat.agent_bodies import CreateAgentRequest
from drumbeat.dialects.drumbeat.agents import agent_body, fresh_secrets, once_body
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/agents", dialect=DRUMBEAT, scope="agents:write", body=CreateAgentRequest)
def handler(request: Request[CreateAgentRequest]) -> Reply:
    """Makes an agent; the secrets of its dialler and of its webhook are in this answer and nowhere else."""
    secrets = fresh_secrets(clock.key_secret(), clock.key_secret())
    made = create_agent(
        bootstrap_calls.agent_ports(),
        request.key.reach,
        tenant=request.tenant,
        wanted=request.body.wanted(request.tenant, secrets, plain_allowed=bootstrap_webhooks.plain_urls_allowed()),
        intent=request.intent,
        now=request.now,
    )
    return Reply(agent_body(made), 201, once=once_body(made))
