"""POST /drumbeat/v1/connector/{token}/accepted"""

from drumbeat import bootstrap_cadences
from drumbeat.application.connector_answers import take_answer
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.domain.connector_answer import InviteAccepted
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/connector/{token}/accepted", dialect=DRUMBEAT, scope=None)
def handler(request: Request[None]) -> Reply:
    """The lead has accepted the invitation."""
    ports, token = bootstrap_cadences.answer_ports(), request.path["token"]
    return Reply({"changed": take_answer(ports, token, InviteAccepted(), now=request.now)})
