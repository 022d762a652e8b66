"""A mail in doubt on MiniStack: what tables in memory accept and DynamoDB refuses would show here."""

from email import message_from_bytes

import pytest

from tests.scripted_smtp import DROP, ScriptedServer
from tests.sending import hints_of, send, tick
from tests.world import CREDENTIAL, imported, people, started

STEPS = [
    {"position": 1, "subject": "First", "body_html": "<p>Hi</p>"},
    {"position": 2, "subject": "Second", "body_html": "<p>Still there?</p>", "delay_minutes": 0},
]
pytestmark = pytest.mark.ministack


def test_a_mail_in_doubt_is_listed_explained_and_decided_once(bulk_caller):
    def ours(operation, body=None, **path):
        return bulk_caller(operation, body, group="drumbeat", **path)

    def codes(spelled):
        return [reason["code"] for reason in ours("explain_enrollment", enrollment_id=spelled).body["reasons"]]

    with ScriptedServer({"dot": [DROP, "250 ok"]}) as server:
        credentials = [CREDENTIAL | {"smtp_port": server.port}]
        campaign = started(
            bulk_caller, min_wait_seconds=0, max_wait_seconds=0, smtp_credentials=credentials, sequence_steps=STEPS
        )
        bulk_caller("enroll", {"contact_import_id": imported(bulk_caller, people(1))}, campaign_id=campaign)
        bulk_caller("dispatch_campaign", campaign_id=campaign)
        tick()
        send(hints_of(bulk_caller))

        (parked,) = ours("list_unknown_sends").body
        spelled = parked["enrollment_id"]
        assert codes(spelled) == ["parked"]
        answers = [ours("resolve_unknown_send", {"verdict": "accepted"}, enrollment_id=spelled) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 409]
        assert (ours("list_unknown_sends").body, codes(spelled)) == ([], ["ready"])
        tick()
        send(hints_of(bulk_caller))

    assert [message_from_bytes(mail)["Subject"] for mail in server.taken] == ["First", "Second"]
    assert codes(spelled) == ["finished"]
