"""A local stack of a demo's own: begun from nothing, stopped whatever happens."""

import shutil
from collections.abc import Callable

from tools.local import deployment
from tools.local.api import ApiError
from tools.local.processes import ProcessFailedError
from tools.local.services import Ports
from tools.local.stack import DEMO_DIRECTORY, Running, Say, Stack


def on_a_fresh_stack[R](say: Say, work: Callable[[Running], R]) -> tuple[R, Running]:
    """What `work` came to on a stack that has stopped by now, and where that stack left its mails.

    What the API or a process refuses is raised with what the function that failed last has to say.
    """
    stack = Stack(DEMO_DIRECTORY, Ports.from_environment(), say)
    stack.require_startable()
    shutil.rmtree(DEMO_DIRECTORY, ignore_errors=True)
    running = stack.start()
    try:
        return work(running), running
    except (ApiError, ProcessFailedError) as error:
        cause = deployment.last_failure(stack.services.ministack.endpoint)
        raise ProcessFailedError(f"{error}\n{cause or 'no function has failed'}") from error
    finally:
        stack.stop()
