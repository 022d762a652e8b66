"""Invoked by an operator: makes a key that acts for any tenant."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.accounts import create_operator_key
from drumbeat.entrypoints import clock


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{"name"}`, gives `{"number", "api_key"}`; the key is shown this once, logs name it by its number."""
    issued = create_operator_key(
        bootstrap.tenants(),
        bootstrap.numbers(),
        label=str(event["name"]),
        secret=clock.key_secret(),
        now=clock.now(),
    )
    return {"number": issued.key.number, "api_key": issued.plaintext}
