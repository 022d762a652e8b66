"""GET /v1/cadences/{cadence_id}/enrollments"""

from drumbeat import bootstrap_cadences
from drumbeat.application.leads import list_leads
from drumbeat.dialects.myagentmail.enrollments import (
    enrollment_body,
    external_id_in,
    id_of_placed,
    in_state,
    key_behind,
)
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.listing import listed
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/cadences/{cadence_id}/enrollments", dialect=MYAGENTMAIL, scope="cadences:read")
def handler(request: Request[None]) -> Reply:
    """A cadence's enrolments, those in a `state` or with a `leadExternalId` if asked for."""
    found = list_leads(
        bootstrap_cadences.lead_ports(),
        request.key.reach,
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["cadence_id"]),
        external_id=external_id_in(request.query),
        keep=in_state(request.query),
        after=key_behind(request.tenant, request.query),
    )
    return Reply(listed(found, request.query, show=enrollment_body, cursor_of=id_of_placed))
