"""Invoked by an operator: gives a tenant a plan, with or without a limit of mails a month."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_accounts
from drumbeat.application.subscriptions import set_plan
from drumbeat.dialects.admin import plan_asked_for
from drumbeat.entrypoints import clock


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{"tenant_id", "slug", "name", "tier", "monthly_limit"}`; without the last, or null, there is no limit.

    Raises NotFound, ValidationFailed.
    """
    tenant, subscription = plan_asked_for(event)
    set_plan(bootstrap_accounts.plan_ports(), tenant=tenant, subscription=subscription, now=clock.now())
    return {"tenant_id": event["tenant_id"], "monthly_limit": subscription.monthly_limit}
