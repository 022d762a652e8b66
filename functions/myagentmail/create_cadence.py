"""POST /v1/cadences"""

from drumbeat import bootstrap_cadences, bootstrap_webhooks
from drumbeat.application.connected_sequences import create_connected_sequence
from drumbeat.dialects.myagentmail.cadence_bodies import CreateCadenceRequest
from drumbeat.dialects.myagentmail.cadences import once_body, written_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/v1/cadences", dialect=MYAGENTMAIL, scope="cadences:write", body=CreateCadenceRequest)
def handler(request: Request[CreateCadenceRequest]) -> Reply:
    """Makes a cadence; the secret that signs what its app is told is in this answer and nowhere else."""
    made = create_connected_sequence(
        bootstrap_cadences.connected_ports(),
        request.key.reach,
        tenant=request.tenant,
        name=request.body.name,
        wanted=request.body.settings,
        on=request.body.enabled,
        app=request.body.app(clock.key_secret(), plain_allowed=bootstrap_webhooks.plain_urls_allowed()),
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(made), 201, once=once_body(made))
