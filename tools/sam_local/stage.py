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


class Stage:
    """A stack on which every function finds the data of the samples."""

    def __init__(self, made: Mapping[str, str], endpoint: str, saved: Saved) -> None:
        self._made = made
        self._endpoint = endpoint
        self._saved = saved

    def environment(self, function: Function) -> dict[str, str]:
        """What a function has in its environment: what the template says, and where this stack is."""
        return {**environment_of(function, self._made), "AWS_ENDPOINT_URL": self._endpoint}

    def restore(self) -> None:
        """Has the data as they were prepared."""
        restore(self._saved)


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
                    prepare(Hosts((host, smtp), (host, imap), web.rstrip("/")), time.time_ns() // 1_000_000)
                    yield Stage(made, services.ministack.endpoint, snapshot())
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
