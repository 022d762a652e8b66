"""A send worker's invocation: the production use case on a batch of messages, with its partial failures."""

import json
from collections.abc import Callable

from drumbeat.application.send_step import SendPorts, send_step
from drumbeat.domain.hint import hint_of
from tests.simulation.queue import Letter


def send_hints(
    ports: SendPorts,
    letters: list[Letter],
    failed: list[Letter],
    new_owner: Callable[[], str],
    clock: Callable[[], int],
) -> None:
    """Sends what the letters ask for; puts those that must come again into `failed`."""
    for letter in letters:
        try:
            send_step(ports, hint_of(json.loads(letter.body)), owner=new_owner(), clock=clock)
        except Exception:
            failed.append(letter)
