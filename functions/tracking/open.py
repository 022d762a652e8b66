"""GET /t/o/{token}"""

from drumbeat import bootstrap
from drumbeat.application.record_open import record_open
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.tracking import pixel


@pixel
def handler(token: str) -> bool:
    """Notes that a mail was opened."""
    return record_open(bootstrap.signals(), bootstrap.token_keys(), token, now=clock.now())
