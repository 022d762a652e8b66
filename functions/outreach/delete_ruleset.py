"""DELETE /api/v2/rulesets/{id}"""

from drumbeat import bootstrap
from drumbeat.application.rulesets import delete_ruleset
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/rulesets/{id}", dialect=OUTREACH, scope="rulesets.delete")
def handler(request: Request[None]) -> Reply:
    """Deletes a ruleset that no sequence goes by."""
    number = number_in_path("ruleset", request.path["id"])
    delete_ruleset(bootstrap.rulesets(), bootstrap.sequence_records(), tenant=request.tenant, number=number)
    return Reply(status=204)
