"""GET /drumbeat/v1/connector/{token}"""

from drumbeat import bootstrap_calls
from drumbeat.application.check_request import check_request
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.domain.request_state import RequestState
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/connector/{token}", dialect=DRUMBEAT, scope=None)
def handler(request: Request[None]) -> Reply:
    """Whether the tenant's app may still act on a request."""
    state = check_request(bootstrap_calls.check_ports(), request.path["token"], now=request.now)
    return Reply({"open": state is RequestState.OPEN, "state": state.value})
