"""AmpOut's SMTP credentials (contract 2.4): passwords go in, never out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sender


def credential_body(sender: Sender) -> dict[str, Any]:
    """A credential, without its passwords. One of another kind than SMTP is shown without a server."""
    return {
        "id": resource_uuid(Kind.SENDER, sender.tenant, sender.number),
        "label": sender.label,
        "from_email": sender.from_email,
        "from_name": sender.from_name,
        "smtp_host": sender.host or None,
        "smtp_port": sender.port or None,
        "daily_limit": sender.daily_limit,
        "disabled_at": iso_or_none(sender.disabled_at),
    }


def reenabled_body(sender: Sender) -> dict[str, Any]:
    """A credential that was just enabled again."""
    return {
        "id": resource_uuid(Kind.SENDER, sender.tenant, sender.number),
        "from_email": sender.from_email,
        "status": "enabled",
    }
