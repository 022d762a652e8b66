"""DELETE /api_keys/{key_id}"""

from drumbeat import bootstrap
from drumbeat.application.accounts import delete_api_key
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api_keys/{key_id}", dialect=AMPOUT, scope="api_keys:write")
def handler(request: Request[None]) -> Reply:
    """Revokes a key."""
    number = number_of("api_key", request.tenant, request.path["key_id"])
    delete_api_key(bootstrap.tenants(), tenant=request.tenant, number=number)
    return Reply(status=204)
