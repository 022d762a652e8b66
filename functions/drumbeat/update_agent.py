"""PATCH /drumbeat/v1/agents/{agent_id}"""

from drumbeat import bootstrap_calls, bootstrap_webhooks
from drumbeat.application.agents import change_agent
from drumbeat.dialects.drumbeat.agent_bodies import UpdateAgentRequest
from drumbeat.dialects.drumbeat.agents import agent_body, fresh_secrets, once_body
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/drumbeat/v1/agents/{agent_id}", dialect=DRUMBEAT, scope="agents:write", body=UpdateAgentRequest)
def handler(request: Request[UpdateAgentRequest]) -> Reply:
    """Changes what is there; `enabled: false` calls nobody until it is true again. A new secret is shown this once."""
    told = change_agent(
        bootstrap_calls.agent_ports(),
        request.key.reach,
        tenant=request.tenant,
        number=agent_number(request.tenant, request.path["agent_id"]),
        change=request.body.wanted(request.tenant, plain_allowed=bootstrap_webhooks.plain_urls_allowed()),
        secrets=fresh_secrets(clock.key_secret(), clock.key_secret()),
        now=request.now,
    )
    return Reply(agent_body(told), once=once_body(told))
