"""POST /campaigns/{campaign_id}/enroll_contact"""

from drumbeat import bootstrap
from drumbeat.application.enroll_contact import enroll_contact
from drumbeat.dialects.ampout.enrollment_bodies import EnrollContactRequest
from drumbeat.dialects.ampout.enrollments import new_enrollment_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/campaigns/{campaign_id}/enroll_contact",
    dialect=AMPOUT,
    scope="enrollments:write",
    body=EnrollContactRequest,
)
def handler(request: Request[EnrollContactRequest]) -> Reply:
    """Enrols one contact."""
    enrollment = enroll_contact(
        bootstrap.enroll_ports(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        contact_number=number_of("contact", request.tenant, request.body.contact_id),
        batch_number=request.body.batch_number,
        priority=request.body.is_priority(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(new_enrollment_body(enrollment))
