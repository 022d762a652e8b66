"""Invoked by an operator: makes a tenant and its first key."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.accounts import create_tenant
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.entrypoints import clock


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, str]:
    """Takes `{"name", "email"}`, gives `{"tenant_id", "api_key"}`; the key is shown this once."""
    tenant, issued = create_tenant(
        bootstrap.tenants(),
        bootstrap.numbers(),
        name=str(event["name"]),
        email=str(event["email"]),
        secret=clock.key_secret(),
        now=clock.now(),
    )
    return {
        "tenant_id": resource_uuid(Kind.TENANT, tenant.number, tenant.number),
        "api_key": issued.plaintext,
    }
