"""POST /api/v2/sequenceStates"""

from drumbeat import bootstrap
from drumbeat.application.add_one import add_one
from drumbeat.application.find_enrollments import placed_one
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequence_state_bodies import CreateSequenceState
from drumbeat.dialects.outreach.sequence_states import SEQUENCE_STATES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/sequenceStates", dialect=OUTREACH, scope="sequenceStates.write", body=CreateSequenceState)
def handler(request: Request[Document]) -> Reply:
    """Adds a prospect to an active sequence, to be mailed from a mailbox."""
    shown, asked = read_written(request.query_values), changes(SEQUENCE_STATES, request.body)
    enrollment = add_one(
        bootstrap.add_ports(),
        tenant=request.tenant,
        sequence_number=asked["sequence"],
        sender_number=asked["sender"],
        contact=asked["contact"],
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(SEQUENCE_STATES, request, placed_one(bootstrap.find_ports(), enrollment), shown), 201)
