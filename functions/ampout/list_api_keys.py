"""GET /api_keys"""

from drumbeat import bootstrap
from drumbeat.dialects.ampout.accounts import key_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api_keys", dialect=AMPOUT, scope="api_keys:read")
def handler(request: Request[None]) -> Reply:
    """The account's keys, without their text."""
    return Reply([key_body(key) for key in bootstrap.tenants().keys_of(request.tenant)])
