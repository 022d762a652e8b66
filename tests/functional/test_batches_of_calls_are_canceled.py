"""A batch of calls that is canceled through another API calls nobody any more, and owes no credits."""

import pytest

from drumbeat.dialects.julian.scheduled import batch_number
from tests.functional.julian.calling import Desk, row, worked
from tests.listening import Wire


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


def test_what_is_canceled_through_another_api_is_called_no_more_and_gives_its_credits_back(wire):
    desk = Desk()
    batch_id = desk.schedule([row(place) for place in range(150)]).body["batchId"]
    number = str(batch_number(desk.tenant, batch_id))
    media = {"Content-Type": "application/vnd.api+json"}
    assert desk.caller("cancel_batch", None, group="outreach", id=number, headers=media).status == 200
    assert desk.progress(batch_id)["status"] == "scheduling"
    worked()
    wire.follow()

    told = desk.progress(batch_id)
    assert {contact["lifecycleStatus"] for contact in told["contacts"]} == {"cancelled"}
    assert (told["status"], len(desk.made()), desk.held()) == ("finished", 150, 0)
