"""POST /v1/keys"""

from drumbeat import bootstrap
from drumbeat.application.accounts import create_api_key
from drumbeat.application.workspaces import reach_of_new_key
from drumbeat.dialects.myagentmail.account_bodies import CreateKeyRequest
from drumbeat.dialects.myagentmail.accounts import key_body, key_with_text, number_or_none
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.domain.tenant import prefix_of
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/v1/keys", dialect=MYAGENTMAIL, scope="api_keys:write", body=CreateKeyRequest)
def handler(request: Request[CreateKeyRequest]) -> Reply:
    """Makes another key; its text is in this answer and nowhere else."""
    tenant, key = request.tenant, request.key
    reach = reach_of_new_key(
        bootstrap.workspaces(),
        bootstrap.sequences(),
        tenant=tenant,
        workspace=number_or_none("workspace", tenant, request.body.workspace_id),
        sender=number_or_none("sender", tenant, request.body.inbox_id),
        by=key.reach,
    )
    issued = create_api_key(
        bootstrap.tenants(),
        bootstrap.numbers(),
        tenant=tenant,
        label=request.body.name,
        client_kind="direct",
        scopes=key.scopes,
        by=key,
        secret=clock.key_secret(),
        intent=request.intent,
        now=request.now,
        reach=reach,
        prefix=prefix_of(reach),
    )
    return Reply({"key": key_body(issued.key)}, 201, once=key_with_text(issued))
