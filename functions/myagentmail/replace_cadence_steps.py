"""PATCH /v1/cadences/{cadence_id}/steps"""

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.application.connected_sequences import replace_steps
from drumbeat.application.connectors import connected
from drumbeat.dialects.myagentmail.cadence_step_bodies import ReplaceStepsRequest
from drumbeat.dialects.myagentmail.cadences import written_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "PATCH", "/v1/cadences/{cadence_id}/steps", dialect=MYAGENTMAIL, scope="cadences:write", body=ReplaceStepsRequest
)
def handler(request: Request[ReplaceStepsRequest]) -> Reply:
    """Puts a whole list of steps in place of the other; PUT is served too."""
    sequence = replace_steps(
        bootstrap.sequences(),
        bootstrap.sequence_records(),
        request.key.reach,
        tenant=request.tenant,
        number=number_of("sequence", request.tenant, request.path["cadence_id"]),
        steps=request.body.wanted,
        now=request.now,
    )
    return Reply(written_body(connected(bootstrap_cadences.connectors(), sequence)))
