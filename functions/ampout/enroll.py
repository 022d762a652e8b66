"""POST /campaigns/{campaign_id}/enroll"""

from drumbeat import bootstrap
from drumbeat.application.enroll import enroll
from drumbeat.config import settings
from drumbeat.dialects.ampout.enrollment_bodies import EnrollRequest
from drumbeat.dialects.ampout.enrollments import enrolled_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/campaigns/{campaign_id}/enroll", dialect=AMPOUT, scope="enrollments:write", body=EnrollRequest)
def handler(request: Request[EnrollRequest]) -> Reply:
    """Enrols an import's subscribed contacts; 202 with a batch_id where the rest goes on in the background."""
    enrolled = enroll(
        bootstrap.enroll_ports(),
        bootstrap.batch_ports(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        import_number=number_of("contact_import", request.tenant, request.body.contact_import_id),
        batch_size=request.body.batch_size,
        intent=request.intent,
        row_limit=settings().enroll_inline_rows,
        out_of_time=request.out_of_time,
        now=request.now,
    )
    return Reply(enrolled_body(enrolled), 202 if enrolled.handed_over else 200)
