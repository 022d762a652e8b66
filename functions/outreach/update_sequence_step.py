"""PATCH /api/v2/sequenceSteps/{id}"""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import change_step
from drumbeat.application.steps import get_step
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequence_step_bodies import UpdateSequenceStep
from drumbeat.dialects.outreach.sequence_steps import SEQUENCE_STEPS, changed_step, check_place
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/sequenceSteps/{id}", dialect=OUTREACH, scope="sequenceSteps.write", body=UpdateSequenceStep)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of a step; it stays where it is."""
    number = number_in_path("step", request.path["id"])
    checked_id(request.body, number)
    shown, asked = read_written(request.query_values), changes(SEQUENCE_STEPS, request.body)
    check_place(asked, get_step(bootstrap.sequence_records(), tenant=request.tenant, number=number))
    placed = change_step(
        bootstrap.settings_ports(),
        tenant=request.tenant,
        number=number,
        change=lambda step: changed_step(step, asked),
        now=request.now,
    )
    return Reply(written_body(SEQUENCE_STEPS, request, placed, shown))
