"""What tests of Julian's API set up through our own: agents."""

from typing import Any

from drumbeat import bootstrap
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.domain.sequence import Sequence
from tests.contract.scene import tenant_of
from tests.world import Answer, Caller

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OFFICE_HOURS = [{"days": WEEKDAYS, "start": "09:00", "end": "17:00"}]
DIALLER = "https://dialler.acme.example/calls"
WEBHOOK = "https://crm.acme.example/hooks/calls"
OUTCOMES = [
    {"name": "Renewed", "description": "They renew for another year.", "successful": True},
    {"name": "Not interested", "description": None, "successful": False},
]
MISSING = "agent." + "0" * 25


def create_agent(call: Caller, **wanted: Any) -> Answer:
    """The answer to a new agent that calls at any time, unless something else is `wanted`."""
    usual = {"name": "Renewals", "timezones": ["America/New_York"], "dialler": {"url": DIALLER}, "outcomes": OUTCOMES}
    return call("create_agent", usual | wanted, group="drumbeat")


def agent(call: Caller, **wanted: Any) -> str:
    """The id of a new agent."""
    answer = create_agent(call, **wanted)
    assert answer.status == 201, answer
    return answer.body["id"]


def sequence_of(call: Caller, agent_id: str) -> Sequence:
    """The sequence that an agent is, as it is stored."""
    tenant = tenant_of(call)
    found = bootstrap.sequences().get(tenant, agent_number(tenant, agent_id))
    assert found is not None
    return found


def mailbox(call: Caller, **changes: Any) -> str:
    """The id of a sender that no sequence has of its own, for the e-mail steps of agents."""
    smtp = {"host": "smtp.acme.example", "port": 587, "username": "ann", "password": "open sesame"}
    wanted = {"email": "ann@acme.example", "name": "Ann", "smtp": smtp} | changes
    answer = call("create_inbox", wanted, group="myagentmail")
    assert answer.status == 201, answer
    return answer.body["inbox"]["id"]
