"""POST /campaigns/{campaign_id}/test_send"""

from drumbeat import bootstrap_accounts
from drumbeat.application.send_tests import send_tests
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.test_mails import TestSendRequest, tested_body
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/campaigns/{campaign_id}/test_send",
    dialect=AMPOUT,
    scope="campaigns:write",
    body=TestSendRequest,
    body_optional=True,
)
def handler(request: Request[TestSendRequest]) -> Reply:
    """Sends a mail of the campaign to addresses of the caller's choice, at once; it is nobody's mail but theirs."""
    wish = request.body.wish(request.tenant, request.path["campaign_id"])
    with bootstrap_accounts.test_ports() as ports:
        told = send_tests(
            ports,
            wish,
            list(dict.fromkeys(request.body.addresses().values())),
            tenant=request.tenant,
            call=request.intent or clock.new_owner(),
            out_of_time=request.out_of_time,
            now=request.now,
        )
    return Reply(tested_body(request.body, told))
