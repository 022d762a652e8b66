"""GET /t/c/{token}"""

from drumbeat import bootstrap
from drumbeat import bootstrap_signals as signals
from drumbeat.application.tracking import record_click, target_of
from drumbeat.domain.reader import Look
from drumbeat.entrypoints.tracking import redirect


@redirect(lambda token: target_of(bootstrap.token_keys(), token))
def handler(token: str, look: Look) -> None:
    """Notes that a link was followed, and sends on to where it leads."""
    record_click(signals.tracking_ports(), token, look)
