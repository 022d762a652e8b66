"""A dialler is told all that a call needs, signed, and where to answer."""

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from drumbeat.adapters.connector import WebhookConnector
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.application.send_ports import StepRequest
from drumbeat.dialects.julian.ids import agent_id, call_id, sequence_id
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Awaits, new_enrollment
from drumbeat.domain.ids import enrollment_uuid
from drumbeat.domain.sealing import token_keys
from drumbeat.domain.sequence import Sender, SenderKind
from drumbeat.domain.times import iso
from drumbeat.domain.token import Asked, answered_by
from drumbeat.domain.verdict import Accepted
from tests.asked_about import KEY
from tests.diallers import CALL, CALLER, DIALLER, JANE
from tests.scripted_web import ScriptedWebServer

KEYS = token_keys("s" * 64)
TENANT, DUE, MADE_AT = 9, 1_795_251_600_000, 1_795_000_000_000
AGENT = replace(CALLER, tenant=TENANT)
ENROLLMENT = replace(
    new_enrollment(TENANT, KEY, batch_number=1, batch_tag="b1.0", now=MADE_AT, bound_to=DIALLER),
    epoch=2, asked=5, attempts=1, awaits=Awaits.STEP, due=DUE, has_callee=True,
)  # fmt: skip
CONTACT = Contact(TENANT, 1, 1, "jane@corp.example", "Jane", "Doe", None, 0)
ANSWERS = "https://api.example/drumbeat/v1/connector"


class OpenVault:
    """Seals nothing."""

    def seal(self, secret: str, *, tenant: int, sender: int) -> str:
        raise NotImplementedError

    def open(self, sealed: str, *, tenant: int, sender: int) -> str:
        return sealed.removeprefix("sealed ")


def request(**fields: Any) -> StepRequest:
    wanted: dict[str, Any] = {
        "enrollment": ENROLLMENT, "step": CALL, "contact": CONTACT, "subject": None, "text": None, "context": {},
        "sequence": AGENT, "callee": JANE,
    }  # fmt: skip
    return StepRequest(**(wanted | fields))


def ask(server: ScriptedWebServer, wanted: StepRequest) -> Any:
    place = None, None, server.url(), 0, "", "sealed whsec_1", "", "", 0, 0
    dialler = Sender(TENANT, DIALLER, *place, kind=SenderKind.CONNECTOR)
    connector = WebhookConnector(Webhooks(private_allowed=True), OpenVault(), KEYS, ANSWERS)
    return connector.ask(dialler, wanted)


def said(wanted: StepRequest) -> dict[str, Any]:
    with ScriptedWebServer() as server:
        assert ask(server, wanted) == Accepted()
        return dict(json.loads(server.asked[0].body))


def test_a_call_is_asked_for_field_by_field():
    document = said(request())

    callbacks = document.pop("callbacks")
    assert document == {
        "type": "call.requested",
        "id": f"{enrollment_uuid(TENANT, KEY)}.2.0.5",
        "callId": call_id(TENANT, KEY, "b1.0", 5),
        "agentId": agent_id(TENANT, KEY.sequence),
        "agentName": "Julian",
        "sequenceId": sequence_id(TENANT, KEY),
        "stepIndex": 0,
        "attempt": 2,
        "deadline": iso(DUE),
        "contact": {
            "name": "Jane Doe",
            "phoneNumber": "+15551234567",
            "phoneNumberExt": "12",
            "timezone": "America/Chicago",
            "toEmailAddress": "jane@corp.example",
        },
        "customInputVariables": {"account_id": "acme"},
        "scheduledAt": iso(MADE_AT),
        "outcomes": [
            {"name": "Meeting booked", "description": "A time was agreed on"},
            {"name": "Declined", "description": None},
        ],
    }
    assert list(callbacks) == ["result", "failed", "check"]


def test_each_callback_is_the_request_s_own_url():
    for answer, url in said(request())["callbacks"].items():
        token, _, last = url.removeprefix(f"{ANSWERS}/").partition("/")
        assert last == ("" if answer == "check" else answer)
        assert answered_by(KEYS, token) == Asked(TENANT, KEY, 0, 2, 5)


def test_who_named_a_time_is_scheduled_for_it():
    assert said(request(callee=replace(JANE, scheduled_at=DUE)))["scheduledAt"] == iso(DUE)


def test_who_has_no_address_or_extension_is_called_without():
    contact = said(request(contact=replace(CONTACT, email=None), callee=replace(JANE, extension="")))["contact"]

    assert (contact["toEmailAddress"], contact["phoneNumberExt"]) == (None, "")


def test_the_headers_are_our_own_and_sign_the_raw_body():
    with ScriptedWebServer() as server:
        ask(server, request(callee=replace(JANE, name="Zoë")))

    (asked,) = server.asked
    expected = hmac.new(b"whsec_1", asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["X-Drumbeat-Signature"] == f"v1={expected}"
    assert asked.headers["X-Drumbeat-Id"] == json.loads(asked.body)["id"]
    assert not [name for name in asked.headers if "MyAgentMail" in name]
    assert "Zoë".encode() in asked.body


def test_the_same_request_has_the_same_bytes_however_often_it_is_made():
    with ScriptedWebServer() as server:
        ask(server, request())
        ask(server, request())

    assert server.asked[0].body == server.asked[1].body


def test_a_call_that_is_made_again_is_another_call():
    again = replace(ENROLLMENT, asked=6, attempts=2)

    first, second = said(request()), said(request(enrollment=again))
    assert first["callId"] != second["callId"]
    assert first["id"] != second["id"]
    assert first["sequenceId"] == second["sequenceId"]


@pytest.mark.parametrize("fields", [{"callee": None}, {"sequence": replace(AGENT, agent=None)}])
def test_nobody_is_called_by_nobody(fields):
    with ScriptedWebServer() as server, pytest.raises(ValueError, match="nobody"):
        ask(server, request(**fields))
    assert server.asked == []
