"""GET /drumbeat/v1/analytics"""

from drumbeat import bootstrap
from drumbeat.application.analytics import counts_asked_for
from drumbeat.dialects.drumbeat.analytics import analytics_body, question_of
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/analytics", dialect=DRUMBEAT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """How many mails were sent, and what became of them: of a sequence, or of a sender."""
    question = question_of(request.tenant, request.query, request.now)
    rows = counts_asked_for(bootstrap.statistics(), bootstrap.sequences(), tenant=request.tenant, question=question)
    return Reply(analytics_body(request.tenant, question, rows))
