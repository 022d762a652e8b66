"""GET /drumbeat/v1/unmatched-replies"""

from drumbeat import bootstrap_signals
from drumbeat.application.replies import list_unmatched_replies
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.unmatched_replies import place_of, unmatched_reply_body
from drumbeat.dialects.query import page
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/unmatched-replies", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """Mails to the senders' mailboxes that belong to no enrollment, the latest first; they are shown for 30 days."""
    after = request.query.get("after")
    found = list_unmatched_replies(
        bootstrap_signals.unmatched_replies(), tenant=request.tenant, before=None if after is None else place_of(after)
    )
    return Reply([unmatched_reply_body(reply) for reply in page(found, request.query, default=100)])
