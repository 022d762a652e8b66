"""What only MyAgentMail's API is built of, and how its webhooks come about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat import bootstrap, bootstrap_webhooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drumbeat.adapters.dynamodb.records import Records
    from drumbeat.application.connected_sequences import ConnectedPorts
    from drumbeat.application.connector_answers import AnswerPorts
    from drumbeat.application.enroll_lead import EnrollLeadPorts
    from drumbeat.application.leads import LeadPorts
    from drumbeat.application.publish_events import PublishPorts
    from drumbeat.domain.event import Change
    from drumbeat.domain.sequence import Sender


def connectors() -> Records[Sender]:
    from drumbeat.adapters.dynamodb.kinds import connector_records

    return connector_records(bootstrap.table())


def connected_ports() -> ConnectedPorts:
    from drumbeat.adapters.dynamodb.connectors import ConnectorStore
    from drumbeat.application.connected_sequences import ConnectedPorts
    from drumbeat.application.connectors import ConnectorPorts

    apps = ConnectorPorts(
        sequences=bootstrap.sequences(),
        connectors=ConnectorStore(bootstrap.table()),
        senders=connectors(),
        numbers=bootstrap.numbers(),
        vault=bootstrap.vault(),
        lanes=bootstrap.lanes(),
    )
    return ConnectedPorts(apps=apps, records=bootstrap.sequence_records(), schedules=bootstrap.schedule_ports())


def publish_ports() -> PublishPorts:
    from drumbeat.application.publish_events import PublishPorts
    from drumbeat.application.watch_senders import WatchPorts

    return PublishPorts(
        log=bootstrap.event_log(),
        listeners=bootstrap.listeners(),
        endpoints=bootstrap_webhooks.endpoints(),
        addressees=bootstrap.recipients(),
        recipients=bootstrap.recipients(),
        queue=bootstrap_webhooks.tasks(),
        watch=WatchPorts(sequences=bootstrap.sequences(), statistics=bootstrap.statistics()),
    )


def stream_change(record: Mapping[str, Any]) -> Change | None:
    """`stream_records.read_change`."""
    from drumbeat.adapters.dynamodb.stream_records import read_change

    return read_change(record)


def enroll_lead_ports() -> EnrollLeadPorts:
    from drumbeat.application.enroll_lead import EnrollLeadPorts

    return EnrollLeadPorts(leads=bootstrap.leads(), adding=bootstrap.add_ports(), numbers=bootstrap.numbers())


def lead_ports() -> LeadPorts:
    from drumbeat.application.leads import LeadPorts

    return LeadPorts(leads=bootstrap.leads(), enrollments=bootstrap.enrollments(), contacts=bootstrap.contacts())


def answer_ports() -> AnswerPorts:
    from drumbeat.adapters.dynamodb.answers import AnswerStore
    from drumbeat.application.connector_answers import AnswerPorts

    return AnswerPorts(
        enrollments=bootstrap.enrollments(),
        sequences=bootstrap.sequences(),
        answers=AnswerStore(bootstrap.table()),
        lanes=bootstrap.lanes(),
        keys=bootstrap.token_keys(),
    )
