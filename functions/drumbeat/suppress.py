"""POST /drumbeat/v1/suppressions"""

from drumbeat import bootstrap
from drumbeat.application.suppress import suppress
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.suppressions import SuppressRequest, suppressed_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/suppressions", dialect=DRUMBEAT, scope="contacts:write", body=SuppressRequest)
def handler(request: Request[SuppressRequest]) -> Reply:
    """Addresses that nobody of this account mails any more."""
    emails = list(request.body.addresses().values())
    suppress(bootstrap.signals(), bootstrap.enrollments(), tenant=request.tenant, emails=emails, now=request.now)
    return Reply(suppressed_body(request.body))
