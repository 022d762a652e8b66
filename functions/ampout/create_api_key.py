"""POST /api_keys"""

from drumbeat import bootstrap
from drumbeat.application.accounts import create_api_key
from drumbeat.dialects.ampout.account_bodies import CreateApiKeyRequest
from drumbeat.dialects.ampout.accounts import key_body, key_with_text
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api_keys", dialect=AMPOUT, scope="api_keys:write", body=CreateApiKeyRequest)
def handler(request: Request[CreateApiKeyRequest]) -> Reply:
    """Makes another key; its text is in this answer and nowhere else."""
    issued = create_api_key(
        bootstrap.tenants(),
        bootstrap.numbers(),
        tenant=request.tenant,
        label=request.body.label,
        client_kind=request.body.client_kind,
        scopes=tuple(request.body.scopes),
        by=request.key,
        secret=clock.key_secret(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(key_body(issued.key), 201, once=key_with_text(issued))
