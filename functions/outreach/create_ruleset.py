"""POST /api/v2/rulesets"""

from drumbeat import bootstrap
from drumbeat.application.records import create_record
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.ruleset_bodies import CreateRuleset
from drumbeat.dialects.outreach.rulesets import RULESETS
from drumbeat.domain.ids import Kind
from drumbeat.domain.links import given
from drumbeat.domain.ruleset import Ruleset
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/rulesets", dialect=OUTREACH, scope="rulesets.write", body=CreateRuleset)
def handler(request: Request[Document]) -> Reply:
    """Makes a ruleset; what it does not say is as strict as Outreach's default."""
    shown, asked = read_written(request.query_values), changes(RULESETS, request.body)
    tenant, now = request.tenant, request.now
    number = bootstrap.numbers().take(tenant, Kind.RULESET)
    ruleset = given(Ruleset(tenant, number, asked["name"], now), asked)
    kept = create_record(bootstrap.rulesets(), ruleset, number, tenant=tenant, intent=request.intent, now=now)
    return Reply(written_body(RULESETS, request, kept, shown), 201)
