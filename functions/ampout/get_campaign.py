"""GET /campaigns/{campaign_id}"""

from drumbeat import bootstrap
from drumbeat.application.programs import count_progress
from drumbeat.application.sequences import get_sequence
from drumbeat.dialects.ampout.campaigns import campaign_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/campaigns/{campaign_id}", dialect=AMPOUT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """A campaign with totals and rates, counted now."""
    number = number_of("sequence", request.tenant, request.path["campaign_id"])
    sequence = get_sequence(bootstrap.sequences(), tenant=request.tenant, number=number)
    counts = count_progress(bootstrap.enrollments(), sequence)
    return Reply(campaign_body(sequence, counts, bootstrap.sequences().senders(sequence)))
