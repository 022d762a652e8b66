"""POST /drumbeat/v1/connector/{token}/failed"""

from drumbeat import bootstrap_cadences
from drumbeat.application.connector_answers import take_answer
from drumbeat.dialects.drumbeat.connector_answers import FailedAnswer
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/connector/{token}/failed", dialect=DRUMBEAT, scope=None, body=FailedAnswer)
def handler(request: Request[FailedAnswer]) -> Reply:
    """The tenant's app could not do what it was asked for."""
    ports, token = bootstrap_cadences.answer_ports(), request.path["token"]
    return Reply({"changed": take_answer(ports, token, request.body.failure(), now=request.now)})
