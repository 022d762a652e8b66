"""POST /drumbeat/v1/connector/{token}/done"""

from drumbeat import bootstrap_cadences
from drumbeat.application.connector_answers import take_answer
from drumbeat.dialects.drumbeat.connector_answers import DoneAnswer
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST", "/drumbeat/v1/connector/{token}/done", dialect=DRUMBEAT, scope=None, body=DoneAnswer, body_optional=True
)
def handler(request: Request[DoneAnswer]) -> Reply:
    """The tenant's app has done a step."""
    ports, token = bootstrap_cadences.answer_ports(), request.path["token"]
    return Reply({"changed": take_answer(ports, token, request.body.done(), now=request.now)})
