"""The secret that tokens are sealed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.domain.sealing import TokenKeys, token_keys

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def read_token_keys(client: SecretsManagerClient, arn: str) -> TokenKeys:
    """The token keys as they are now: one request, so keep what it returns."""
    return token_keys(client.get_secret_value(SecretId=arn)["SecretString"])
