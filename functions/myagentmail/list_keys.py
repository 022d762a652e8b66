"""GET /v1/keys"""

from drumbeat import bootstrap
from drumbeat.application.accounts import list_api_keys
from drumbeat.dialects.myagentmail.accounts import key_body, key_id
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.listing import behind, listed
from drumbeat.domain.ids import Kind
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/keys", dialect=MYAGENTMAIL, scope="api_keys:read")
def handler(request: Request[None]) -> Reply:
    """The keys that reach no further than the one which asks, oldest first and without their text."""
    request.key.reach.check_administers()
    after = behind(Kind.API_KEY, request.tenant, request.query)
    found = list_api_keys(bootstrap.tenants(), tenant=request.tenant, by=request.key.reach, after=after)
    return Reply(listed(found, request.query, show=key_body, cursor_of=key_id))
