"""POST /drumbeat/v1/suppressions"""

from drumbeat import bootstrap_accounts
from drumbeat.application.suppression_list import suppress_many
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.suppression_bodies import SuppressRequest
from drumbeat.dialects.drumbeat.suppressions import suppressed_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/suppressions", dialect=DRUMBEAT, scope="contacts:write", body=SuppressRequest)
def handler(request: Request[SuppressRequest]) -> Reply:
    """Addresses that nobody of this account mails any more."""
    good, bad = request.body.read()
    added = suppress_many(
        bootstrap_accounts.suppress_ports(),
        tenant=request.tenant,
        unwanted=list(good.values()),
        out_of_time=request.out_of_time,
        now=request.now,
    )
    return Reply(suppressed_body(good, bad, added))
