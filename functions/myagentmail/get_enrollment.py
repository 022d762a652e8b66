"""GET /v1/enrollments/{enrollment_id}"""

from drumbeat import bootstrap_cadences
from drumbeat.application.leads import get_lead
from drumbeat.dialects.myagentmail.enrollments import enrollment_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import key_of_enrollment
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/enrollments/{enrollment_id}", dialect=MYAGENTMAIL, scope="cadences:read")
def handler(request: Request[None]) -> Reply:
    """An enrolment, whichever API made it."""
    key = key_of_enrollment(request.tenant, request.path["enrollment_id"])
    found = get_lead(bootstrap_cadences.lead_ports(), request.key.reach, tenant=request.tenant, key=key)
    return Reply({"enrollment": enrollment_body(found)})
