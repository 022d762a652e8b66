"""POST /v1/cadences/{cadence_id}/enrollments"""

from drumbeat import bootstrap_cadences
from drumbeat.application.enroll_lead import enroll_lead
from drumbeat.dialects.myagentmail.enrolling import CreateEnrollmentRequest, enrolled_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/v1/cadences/{cadence_id}/enrollments",
    dialect=MYAGENTMAIL,
    scope="cadences:write",
    body=CreateEnrollmentRequest,
)
def handler(request: Request[CreateEnrollmentRequest]) -> Reply:
    """Enrols a lead, or answers with the enrolment that is there already; 200 either way, and `created` tells."""
    placed, created = enroll_lead(
        bootstrap_cadences.enroll_lead_ports(),
        request.key.reach,
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["cadence_id"]),
        asked=request.body.asked(request.tenant),
        now=request.now,
    )
    return Reply(enrolled_body(placed, created=created))
