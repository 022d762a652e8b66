"""Tenants' apps are asked once each time, signed, and what is known of it afterwards is said."""

import hashlib
import hmac
import json
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from drumbeat.adapters.connector import WebhookConnector
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.application.send_ports import StepRequest
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Awaits, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, enrollment_uuid
from drumbeat.domain.sealing import token_keys
from drumbeat.domain.sequence import DraftStrategy, Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import iso
from drumbeat.domain.token import Asked, answered_by
from drumbeat.domain.verdict import Accepted, Retry, Unknown
from tests.scripted_web import DRIP, ScriptedWebServer

KEYS = token_keys("s" * 64)
KEY = EnrollmentKey(3, 4, 1)
DUE = 1_795_251_600_000
INVITE = Step(2, "", "", 0, kind=StepKind.LINKEDIN_CONNECT, prompt_hint="be brief", notes="short")
MAIL = Step(1, "Our idea", "", 0, draft=DraftStrategy.AI)
ENROLLMENT = replace(
    new_enrollment(9, KEY, batch_number=1, batch_tag="t", now=0),
    step=1, epoch=2, asked=5, awaits=Awaits.STEP, due=DUE,
    lead=Lead("crm-1", "Jane Doe", "https://www.linkedin.com/in/jane/", None, "session-1"),
)  # fmt: skip
CADENCE = Sequence(9, 3, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (MAIL, INVITE), (), 0)
CONTACT = Contact(9, 4, 1, "jane@corp.example", "Jane", "Doe", None, 0)


class CountingVault:
    """Seals nothing, and counts what it opens."""

    def __init__(self) -> None:
        self.opened: list[tuple[int, int]] = []

    def seal(self, secret: str, *, tenant: int, sender: int) -> str:
        raise NotImplementedError

    def open(self, sealed: str, *, tenant: int, sender: int) -> str:
        self.opened.append((tenant, sender))
        return sealed.removeprefix("sealed ")


def app(url: str, number: int = 7) -> Sender:
    return Sender(9, number, None, None, url, 0, "", "sealed whsec_1", "", "", 0, 0, kind=SenderKind.CONNECTOR)


def request(awaits: Awaits = Awaits.STEP, step: Step = INVITE, **fields: Any) -> StepRequest:
    enrollment = replace(ENROLLMENT, awaits=awaits)
    wanted: dict[str, Any] = {"contact": CONTACT, "subject": None, "text": "Hi Jane", "context": {"score": 1}}
    return StepRequest(enrollment, CADENCE, step, **(wanted | fields))


def connector(vault: CountingVault | None = None, **options: Any) -> WebhookConnector:
    webhooks = Webhooks(private_allowed=True, **options)
    return WebhookConnector(webhooks, vault or CountingVault(), KEYS, "https://api.example/drumbeat/v1/connector")


def document(server: ScriptedWebServer) -> dict[str, Any]:
    return json.loads(server.asked[0].body)


def test_a_step_s_request_says_what_the_app_needs_to_know():
    with ScriptedWebServer() as server:
        assert connector().ask(app(server.url()), request()) == Accepted()

    said = document(server)
    callbacks = said.pop("callbacks")
    assert said == {
        "type": "cadence.step.requested",
        "id": f"{enrollment_uuid(9, KEY)}.2.1.5",
        "cadenceId": said["cadenceId"],
        "enrollmentId": enrollment_uuid(9, KEY),
        "stepIndex": 1,
        "stepKind": "linkedin_connect",
        "deadline": iso(DUE),
        "lead": {
            "externalId": "crm-1",
            "name": "Jane Doe",
            "email": "jane@corp.example",
            "linkedinUrl": "https://www.linkedin.com/in/jane/",
            "profileUrn": None,
        },
        "sessionId": "session-1",
        "context": {"score": 1},
        "promptHint": "be brief",
        "notes": "short",
        "renderedSubject": None,
        "renderedText": "Hi Jane",
    }
    assert list(callbacks) == ["done", "failed", "accepted", "replied"]


def test_each_callback_is_the_request_s_own_url():
    with ScriptedWebServer() as server:
        connector().ask(app(server.url()), request())

    for answer, url in document(server)["callbacks"].items():
        token, _, last = url.removeprefix("https://api.example/drumbeat/v1/connector/").partition("/")
        assert last == answer
        assert answered_by(KEYS, token) == Asked(9, KEY, 1, 2, 5)


def test_a_draft_s_request_is_one_for_a_draft():
    with ScriptedWebServer() as server:
        connector().ask(app(server.url()), request(Awaits.DRAFT, MAIL, contact=None, text=None))

    said = document(server)
    assert (said["type"], said["stepKind"]) == ("cadence.step.draft.requested", "email")
    assert list(said["callbacks"]) == ["draft", "failed", "accepted", "replied"]
    assert said["lead"]["email"] is None


def test_a_lead_without_a_name_of_its_own_has_the_contact_s():
    nameless = replace(ENROLLMENT, lead=Lead(linkedin_url="https://www.linkedin.com/in/jane/"))
    with ScriptedWebServer() as server:
        connector().ask(app(server.url()), replace(request(), enrollment=nameless))

    assert document(server)["lead"]["name"] == "Jane Doe"


def test_the_signature_is_over_the_raw_body():
    with ScriptedWebServer() as server:
        connector().ask(app(server.url()), request(text="Grüße"))

    (asked,) = server.asked
    expected = hmac.new(b"whsec_1", asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["X-MyAgentMail-Signature"] == f"v1={expected}"
    assert asked.headers["X-MyAgentMail-Id"] == document(server)["id"]
    assert "Grüße".encode() in asked.body


def test_the_same_request_has_the_same_bytes_however_often_it_is_made():
    with ScriptedWebServer() as server:
        connector().ask(app(server.url()), request())
        connector().ask(app(server.url()), request())

    assert server.asked[0].body == server.asked[1].body


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"HTTP/1.1 204 Fine\r\n\r\n", Accepted()),
        (b"HTTP/1.1 301 Go\r\nLocation: /x\r\n\r\n", Retry("the app answered 301")),
        (b"HTTP/1.1 401 No\r\n\r\nbad signature", Retry("the app answered 401 bad signature")),
        (b"HTTP/1.1 500 No\r\n\r\n", Retry("the app answered 500")),
        (b"HTTP/1.1 502 No\r\n\r\n", Unknown("the app answered 502")),
        (b"HTTP/1.1 504 No\r\n\r\n", Unknown("the app answered 504")),
        (b"", Unknown("the app: no answer within 0.3 seconds")),
    ],
)
def test_what_is_known_afterwards_is_said(answer, verdict):
    with ScriptedWebServer([answer or DRIP]) as server:
        assert connector(seconds=0.3).ask(app(server.url()), request()) == verdict


@pytest.mark.parametrize("url", ["", "ftp://app.example/", "http://127.0.0.1:1/"])
def test_who_cannot_be_reached_will_not_act(url):
    assert isinstance(connector().ask(app(url), request()), Retry)


def test_a_secret_is_opened_once_an_invocation_whatever_threads_ask():
    vault = CountingVault()
    asking = connector(vault)
    with ScriptedWebServer() as server:
        threads = [Thread(target=asking.ask, args=(app(server.url(), number), request())) for number in (7, 7, 7, 8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(vault.opened) == [(9, 7), (9, 8)]
    assert len(server.asked) == 4
