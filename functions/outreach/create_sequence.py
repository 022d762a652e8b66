"""POST /api/v2/sequences"""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import create_bare_sequence
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequence_bodies import CreateSequence
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.domain.links import given
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/sequences", dialect=OUTREACH, scope="sequences.write", body=CreateSequence)
def handler(request: Request[Document]) -> Reply:
    """Makes a sequence without steps, which sends nothing before it is activated."""
    shown, asked = read_written(request.query_values), changes(SEQUENCES, request.body)
    sequence = create_bare_sequence(
        bootstrap.settings_ports(),
        tenant=request.tenant,
        name=asked["name"],
        wanted=lambda bare: given(bare, asked),
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(SEQUENCES, request, sequence, shown), 201)
