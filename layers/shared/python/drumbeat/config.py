"""The only reader of the environment; nothing is read at import."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """What the template tells a function. A name that is not set for it is empty."""

    table: str
    idempotency_table: str
    send_queue_url: str
    batch_queue_url: str
    webhook_queue_url: str
    inbox_queue_url: str
    sender_key_id: str
    token_secret_arn: str
    tracking_url: str
    ses_configuration_set: str
    sns_topics: frozenset[str]
    dns_server: str
    private_servers_allowed: bool
    signup_enabled: bool
    signup_limit_per_hour: int
    enroll_inline_rows: int
    call_limits: Mapping[str, int]
    unconfirmed_all_allowed: bool
    local_gateway: str
    answers_without_store: bool


@cache
def settings() -> Settings:
    """The function's settings, read on first use."""
    env = os.environ
    return Settings(
        table=env["TABLE_NAME"],
        idempotency_table=env.get("IDEMPOTENCY_TABLE_NAME", ""),
        send_queue_url=env.get("SEND_QUEUE_URL", ""),
        batch_queue_url=env.get("BATCH_QUEUE_URL", ""),
        webhook_queue_url=env.get("WEBHOOK_QUEUE_URL", ""),
        inbox_queue_url=env.get("INBOX_QUEUE_URL", ""),
        sender_key_id=env.get("SENDER_KEY_ID", ""),
        token_secret_arn=env.get("TOKEN_SECRET_ARN", ""),
        tracking_url=env.get("TRACKING_URL", ""),
        ses_configuration_set=env.get("SES_CONFIGURATION_SET", ""),
        sns_topics=frozenset(filter(None, env.get("SNS_TOPIC_ARNS", "").split(","))),
        dns_server=env.get("DNS_SERVER", ""),
        private_servers_allowed=env.get("PRIVATE_SERVERS_ALLOWED") == "true",
        signup_enabled=env.get("SIGNUP_ENABLED") == "true",
        signup_limit_per_hour=int(env.get("SIGNUP_LIMIT_PER_HOUR", "10")),
        enroll_inline_rows=int(env.get("ENROLL_INLINE_ROWS", "5000")),
        call_limits=_call_limits(env.get("CALL_LIMITS", "")),
        unconfirmed_all_allowed=env.get("UNCONFIRMED_ALL_ALLOWED") == "true",
        local_gateway=env.get("LOCAL_GATEWAY", ""),
        answers_without_store=env.get("ANSWERS_WITHOUT_STORE") == "true",
    )


def _call_limits(text: str) -> Mapping[str, int]:
    """Calls by API, as "ampout:600,outreach:20000"."""
    pairs = (part.split(":") for part in text.split(",") if part)
    return {api: int(calls) for api, calls in pairs}
