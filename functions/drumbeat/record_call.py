"""POST /drumbeat/v1/connector/{token}/result"""

from drumbeat import bootstrap_calls
from drumbeat.application.call_results import take_call_result
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.julian.call_results import MOST_BYTES, CallResult
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/drumbeat/v1/connector/{token}/result",
    dialect=DRUMBEAT,
    scope=None,
    body=CallResult,
    body_limit=MOST_BYTES,
)
def handler(request: Request[CallResult]) -> Reply:
    """The tenant's dialler says what a call came to."""
    ports, token, now = bootstrap_calls.call_result_ports(), request.path["token"], request.now
    return Reply({"changed": take_call_result(ports, token, request.body.ended(now), now=now)})
