"""POST /t/u/{token}"""

from drumbeat import bootstrap
from drumbeat.application.unsubscribe import unsubscribe
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.tracking import action


@action
def handler(token: str) -> bool:
    """Unsubscribes the contact the token names, however often it is asked to."""
    return unsubscribe(bootstrap.signals(), bootstrap.enrollments(), bootstrap.token_keys(), token, now=clock.now())
