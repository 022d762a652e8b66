"""GET /v1/cadences/{cadence_id}"""

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.application.connected_sequences import get_connected_sequence
from drumbeat.dialects.myagentmail.cadences import cadence_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/cadences/{cadence_id}", dialect=MYAGENTMAIL, scope="cadences:read")
def handler(request: Request[None]) -> Reply:
    """A cadence with its steps, whichever API made it."""
    number = number_of("sequence", request.tenant, request.path["cadence_id"])
    stores = bootstrap.sequences(), bootstrap_cadences.connectors()
    found = get_connected_sequence(*stores, request.key.reach, tenant=request.tenant, number=number)
    return Reply({"cadence": cadence_body(found)})
