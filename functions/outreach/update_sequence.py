"""PATCH /api/v2/sequences/{id}"""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import change_sequence
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequence_bodies import UpdateSequence
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.domain.links import given
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/sequences/{id}", dialect=OUTREACH, scope="sequences.write", body=UpdateSequence)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of a sequence's settings."""
    number = number_in_path("sequence", request.path["id"])
    checked_id(request.body, number)
    shown, asked = read_written(request.query_values), changes(SEQUENCES, request.body)
    sequence = change_sequence(
        bootstrap.settings_ports(),
        tenant=request.tenant,
        number=number,
        wanted=lambda seen: given(seen, asked),
        now=request.now,
    )
    return Reply(written_body(SEQUENCES, request, sequence, shown))
