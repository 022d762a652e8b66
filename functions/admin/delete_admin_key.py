"""Invoked by an operator: revokes a key that acts for any tenant."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.accounts import delete_operator_key


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{"number"}` as `create_admin_key` gave it; a container that has just seen the key takes it a minute more.

    Raises NotFound.
    """
    delete_operator_key(bootstrap.tenants(), number=int(event["number"]))
    return {"number": int(event["number"])}
