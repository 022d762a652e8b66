"""POST /drumbeat/v1/connector/{token}/draft"""

from drumbeat import bootstrap_cadences
from drumbeat.application.connector_answers import take_answer
from drumbeat.dialects.drumbeat.connector_answers import DraftAnswer
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/connector/{token}/draft", dialect=DRUMBEAT, scope=None, body=DraftAnswer)
def handler(request: Request[DraftAnswer]) -> Reply:
    """The text of a mail that the tenant's app was asked for."""
    ports, token = bootstrap_cadences.answer_ports(), request.path["token"]
    return Reply({"changed": take_answer(ports, token, request.body.draft(), now=request.now)})
