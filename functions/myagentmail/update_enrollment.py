"""PATCH /v1/enrollments/{enrollment_id}"""

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.application.leads import place_leads
from drumbeat.application.relink import relink_one
from drumbeat.dialects.myagentmail.enrollments import enrollment_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.relinking import UpdateEnrollmentRequest, changed_by
from drumbeat.dialects.query import flag
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "PATCH",
    "/v1/enrollments/{enrollment_id}",
    dialect=MYAGENTMAIL,
    scope="cadences:write",
    body=UpdateEnrollmentRequest,
    body_optional=True,
)
def handler(request: Request[UpdateEnrollmentRequest]) -> Reply:
    """Changes whom an enrolment is about, its inbox and its state, all of it or nothing; `retryNow` makes it due."""
    done = relink_one(
        bootstrap.relink_ports(),
        tenant=request.tenant,
        row=request.body.row(request.tenant, request.path["enrollment_id"]),
        retry_now=flag(request.query, "retryNow"),
        reach=request.key.reach,
        now=request.now,
    )
    changed = changed_by(*done.results)
    (placed,) = place_leads(bootstrap_cadences.lead_ports(), done.sequence, [changed], done.addresses)
    return Reply({"enrollment": enrollment_body(placed)})
