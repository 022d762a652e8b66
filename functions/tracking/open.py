"""GET /t/o/{token}"""

from drumbeat import bootstrap_signals as bootstrap
from drumbeat.application.tracking import record_open
from drumbeat.domain.reader import Look
from drumbeat.entrypoints.tracking import pixel


@pixel
def handler(token: str, look: Look) -> None:
    """Notes that a mail was opened."""
    record_open(bootstrap.tracking_ports(), token, look)
