"""GET /drumbeat/v1/suppressions"""

from drumbeat import bootstrap
from drumbeat.application.suppression_list import Listed, list_suppressions
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.suppressions import email_asked_for, list_body, place_asked_for, reason_asked_for
from drumbeat.dialects.query import limit_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/suppressions", dialect=DRUMBEAT, scope="contacts:read")
def handler(request: Request[None]) -> Reply:
    """Who must not be mailed, longest suppressed first, or whether one address is among them."""
    query, email = request.query, email_asked_for(request.query)
    if email is not None:
        found = bootstrap.suppressions().find(request.tenant, email)
        return Reply(list_body(Listed([] if found is None else [found], None)))
    listed = list_suppressions(
        bootstrap.suppressions(),
        tenant=request.tenant,
        limit=limit_of(query, default=100, most=1_000),
        after=place_asked_for(query),
        reason=reason_asked_for(query),
    )
    return Reply(list_body(listed))
