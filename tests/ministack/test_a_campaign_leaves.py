"""From import to delivered mail on MiniStack: what tables in memory accept and DynamoDB refuses would show here."""

from email import message_from_bytes

import pytest

from tests.scripted_smtp import ScriptedServer
from tests.sending import hints_of, send, tick
from tests.world import CREDENTIAL, imported, people, started

STEPS = [
    {"position": 1, "subject": "First", "body_html": "<p>Hi {{first_name}}</p>"},
    {"position": 2, "subject": "Second", "body_html": "<p>Still there?</p>", "delay_minutes": 0},
]
pytestmark = pytest.mark.ministack


def test_every_step_reaches_everybody_once_and_the_campaign_tells(bulk_caller):
    with ScriptedServer() as server:
        campaign = started(
            bulk_caller,
            min_wait_seconds=0,
            max_wait_seconds=0,
            smtp_credentials=[CREDENTIAL | {"smtp_port": server.port}, CREDENTIAL | {"smtp_port": server.port}],
            sequence_steps=STEPS,
        )
        rows = imported(bulk_caller, people(12))
        bulk_caller("enroll", {"contact_import_id": rows}, campaign_id=campaign)
        bulk_caller("dispatch_campaign", campaign_id=campaign)

        for _ in STEPS:
            tick()
            send(hints_of(bulk_caller))

    sent = sorted((mail["To"], mail["Subject"]) for mail in map(message_from_bytes, server.taken))
    expected = [(row["email"], step["subject"]) for row in people(12) for step in STEPS]
    assert sent == sorted(expected)
    assert bulk_caller("get_campaign", campaign_id=campaign).body["totals"]["sent"] == 12


def test_nothing_leaves_a_campaign_that_was_paused_after_its_hints_went_out(bulk_caller):
    with ScriptedServer() as server:
        credentials = [CREDENTIAL | {"smtp_port": server.port}]
        campaign = started(bulk_caller, min_wait_seconds=0, max_wait_seconds=0, smtp_credentials=credentials)
        bulk_caller("enroll", {"contact_import_id": imported(bulk_caller, people(3))}, campaign_id=campaign)
        bulk_caller("dispatch_campaign", campaign_id=campaign)
        tick()
        hints = hints_of(bulk_caller)
        assert bulk_caller("pause_campaign", campaign_id=campaign).status == 200

        send(hints)

    assert len(hints) == 3
    assert server.taken == []
