"""PATCH /v1/cadences/{cadence_id}"""

from drumbeat import bootstrap_cadences, bootstrap_webhooks
from drumbeat.application.connected_sequences import change_connected_sequence
from drumbeat.dialects.apps import spelled_secret
from drumbeat.dialects.myagentmail.cadence_bodies import UpdateCadenceRequest
from drumbeat.dialects.myagentmail.cadences import once_body, written_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/v1/cadences/{cadence_id}", dialect=MYAGENTMAIL, scope="cadences:write", body=UpdateCadenceRequest)
def handler(request: Request[UpdateCadenceRequest]) -> Reply:
    """Changes what is there; `enabled: false` pauses the cadence, whose first webhookUrl brings its secret."""
    told = change_connected_sequence(
        bootstrap_cadences.connected_ports(),
        request.key.reach,
        tenant=request.tenant,
        number=number_of("sequence", request.tenant, request.path["cadence_id"]),
        change=request.body.wanted(plain_allowed=bootstrap_webhooks.plain_urls_allowed()),
        secret=spelled_secret(clock.key_secret()),
        now=request.now,
    )
    return Reply(written_body(told), once=once_body(told))
