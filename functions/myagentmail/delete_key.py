"""DELETE /v1/keys/{key_id}"""

from drumbeat import bootstrap
from drumbeat.application.accounts import delete_api_key
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/v1/keys/{key_id}", dialect=MYAGENTMAIL, scope="api_keys:write")
def handler(request: Request[None]) -> Reply:
    """Revokes a key; a container that has just seen it takes it for another minute."""
    request.key.reach.check_administers()
    number = number_of("api_key", request.tenant, request.path["key_id"])
    delete_api_key(bootstrap.tenants(), tenant=request.tenant, number=number, by=request.key.reach)
    return Reply({"ok": True})
