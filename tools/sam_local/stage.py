"""The stack that functions are called against: MiniStack with prepared data, and the servers of the world outside."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from tools.local.loopback_http import taking_posts
from tools.local.ministack import REGION
from tools.local.ports import LOOPBACK, free_ports
from tools.local.services import Ports, Services
from tools.samples.prepared import Hosts, prepare
from tools.samples.stack import Saved, environment_of, make_stack, restore, snapshot
from tools.template import Function

_FRESH_SECONDS = 120.0
"""How old prepared data may be: some have stood still for minutes, and after a while the others have, too."""


class Stage:
    """A stack on which every function finds the data of the samples."""

    def __init__(self, services: Services, web: str, made: Mapping[str, str]) -> None:
        ports = services.ports
        self._services = services
        self._hosts = Hosts((services.host, ports.smtp), (services.host, ports.imap), web.rstrip("/"))
        self._made = made
        self._empty = snapshot()
        self._saved = self._prepared()

    def environment(self, function: Function) -> dict[str, str]:
        """What a function has in its environment: what the template says, and where this stack is."""
        return {**environment_of(function, self._made), "AWS_ENDPOINT_URL": self._services.ministack.endpoint}

    def restore(self) -> None:
        """Has the data as they were prepared, or prepares them anew."""
        if time.monotonic() - self._prepared_at > _FRESH_SECONDS:
            restore(self._empty)
            self._services.forget_mailboxes()
            self._saved = self._prepared()
        restore(self._saved)

    def _prepared(self) -> Saved:
        self._prepared_at = time.monotonic()
        prepare(self._hosts, time.time_ns() // 1_000_000)
        return snapshot()


@contextmanager
def staged(directory: Path, host: str = LOOPBACK) -> Iterator[Stage]:
    """The stack on free ports of that address, gone at the end; everything that it writes is below the directory.

    While it lasts, the environment of this process leads to it, too.
    """
    with taking_posts(lambda *_: HTTPStatus.NO_CONTENT, host) as web:
        api, smtp, dns, imap = free_ports(4, host)
        services = Services(directory, Ports(api=api, smtp=smtp, dns=dns, imap=imap), host)
        try:
            services.start()
            with _environment(_clients(services.ministack.endpoint)):
                made = make_stack() | {"DNS_SERVER": f"{host}:{dns}"}
                with _environment(made):
                    yield Stage(services, web, made)
        finally:
            services.stop()


def _clients(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
