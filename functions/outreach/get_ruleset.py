"""GET /api/v2/rulesets/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.rulesets import RULESETS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/rulesets/{id}", dialect=OUTREACH, scope="rulesets.read")
def handler(request: Request[None]) -> Reply:
    """One ruleset."""
    number = number_in_path("ruleset", request.path["id"])
    found = get_record(bootstrap.rulesets(), "ruleset", tenant=request.tenant, number=number)
    return Reply(one_body(RULESETS, request, found, bootstrap_outreach.sources(request.tenant)))
