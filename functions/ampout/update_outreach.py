"""PATCH /outreaches/{outreach_id}"""

from drumbeat import bootstrap
from drumbeat.application.programs import update_program
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.outreach_bodies import UpdateOutreachRequest
from drumbeat.dialects.ampout.outreaches import outreach_row
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/outreaches/{outreach_id}", dialect=AMPOUT, scope="campaigns:write", body=UpdateOutreachRequest)
def handler(request: Request[UpdateOutreachRequest]) -> Reply:
    """Renames an outreach, or turns uniqueness of contacts on or off."""
    number = number_of("program", request.tenant, request.path["outreach_id"])
    changes = request.body.outreach
    program = update_program(
        bootstrap.programs(),
        tenant=request.tenant,
        number=number,
        name=changes.name,
        unique_contacts=changes.unique_contacts,
    )
    return Reply(outreach_row(program))
