"""What only MyAgentMail's API is built of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat import bootstrap
from drumbeat.config import settings

if TYPE_CHECKING:
    from drumbeat.application.connected_sequences import ConnectedPorts


def connected_ports() -> ConnectedPorts:
    from drumbeat.adapters.dynamodb.connectors import ConnectorStore
    from drumbeat.adapters.dynamodb.kinds import connector_records
    from drumbeat.application.connected_sequences import ConnectedPorts
    from drumbeat.application.connectors import ConnectorPorts

    apps = ConnectorPorts(
        sequences=bootstrap.sequences(),
        connectors=ConnectorStore(bootstrap.table()),
        senders=connector_records(bootstrap.table()),
        numbers=bootstrap.numbers(),
        vault=bootstrap.vault(),
        lanes=bootstrap.lanes(),
    )
    return ConnectedPorts(apps=apps, records=bootstrap.sequence_records(), schedules=bootstrap.schedule_ports())


def plain_urls_allowed() -> bool:
    """Whether a webhook's URL may be plain http: on the local stack only."""
    return settings().private_servers_allowed
