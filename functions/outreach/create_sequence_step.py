"""POST /api/v2/sequenceSteps"""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import append_step
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequence_step_bodies import CreateSequenceStep
from drumbeat.dialects.outreach.sequence_steps import SEQUENCE_STEPS, check_order, new_step
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/sequenceSteps", dialect=OUTREACH, scope="sequenceSteps.write", body=CreateSequenceStep)
def handler(request: Request[Document]) -> Reply:
    """Puts a mail behind the others of a sequence."""
    shown, asked = read_written(request.query_values), changes(SEQUENCE_STEPS, request.body)
    placed = append_step(
        bootstrap.settings_ports(),
        tenant=request.tenant,
        number=asked["sequence"],
        step=new_step(asked),
        check_index=lambda index: check_order(asked, index + 1),
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(SEQUENCE_STEPS, request, placed, shown), 201)
