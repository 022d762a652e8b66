"""PATCH /api/v2/rulesets/{id}"""

from drumbeat import bootstrap
from drumbeat.application.records import update_record
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.ruleset_bodies import UpdateRuleset
from drumbeat.dialects.outreach.rulesets import RULESETS
from drumbeat.domain.links import given
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/rulesets/{id}", dialect=OUTREACH, scope="rulesets.write", body=UpdateRuleset)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of a ruleset: it holds for whoever is added from now on."""
    number = number_in_path("ruleset", request.path["id"])
    checked_id(request.body, number)
    shown, asked = read_written(request.query_values), changes(RULESETS, request.body)
    ruleset = update_record(
        bootstrap.rulesets(),
        "ruleset",
        tenant=request.tenant,
        number=number,
        change=lambda ruleset: given(ruleset, asked),
        now=request.now,
    )
    return Reply(written_body(RULESETS, request, ruleset, shown))
