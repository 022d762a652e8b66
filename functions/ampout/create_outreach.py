"""POST /outreaches"""

from drumbeat import bootstrap
from drumbeat.application.programs import create_program
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.outreach_bodies import CreateOutreachRequest
from drumbeat.dialects.ampout.outreaches import outreach_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/outreaches", dialect=AMPOUT, scope="campaigns:write", body=CreateOutreachRequest)
def handler(request: Request[CreateOutreachRequest]) -> Reply:
    """Makes an outreach."""
    program = create_program(
        bootstrap.programs(),
        bootstrap.numbers(),
        tenant=request.tenant,
        name=request.body.outreach.name,
        unique_contacts=request.body.outreach.unique_contacts,
        intent=request.intent,
        now=request.now,
    )
    return Reply(outreach_body(program), 201)
