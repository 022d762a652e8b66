"""GET /drumbeat/v1/suppressions/export"""

from drumbeat import bootstrap
from drumbeat.application.suppression_list import list_suppressions
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.suppressions import csv_headers, list_csv, place_asked_for, reason_asked_for
from drumbeat.dialects.query import limit_of
from drumbeat.entrypoints.http import Reply, Request, Text, endpoint


@endpoint("GET", "/drumbeat/v1/suppressions/export", dialect=DRUMBEAT, scope="contacts:read")
def handler(request: Request[None]) -> Reply:
    """Who must not be mailed, as a file for spreadsheets, in parts; the header Link says where the next one is."""
    query, after = request.query, place_asked_for(request.query)
    listed = list_suppressions(
        bootstrap.suppressions(),
        tenant=request.tenant,
        limit=limit_of(query, default=5_000, most=5_000),
        after=after,
        reason=reason_asked_for(query),
    )
    headers = csv_headers(listed, f"{request.root}/drumbeat/v1/suppressions/export", query)
    return Reply(Text(list_csv(listed, is_first=after is None)), headers=headers)
