"""GET /t/u/{token}"""

from drumbeat import bootstrap
from drumbeat.application.unsubscribe import is_unsubscribe_link
from drumbeat.entrypoints.tracking import question


@question
def handler(token: str) -> bool:
    """Shows the button; scanners that follow every link change nothing."""
    return is_unsubscribe_link(bootstrap.token_keys(), token)
