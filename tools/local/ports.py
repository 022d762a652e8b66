"""Ports of this machine: which one is free, and what to say about one that is not."""

import itertools
import os
import socket
from collections.abc import Sequence
from typing import NamedTuple

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20000, 32000
"""Free ports are looked for here: below 32768, where systems start to hand out ports for outgoing calls."""


class Port(NamedTuple):
    """A port somebody chose, and the variable to choose another by."""

    number: int
    variable: str
    purpose: str


class PortBusyError(Exception):
    """A port that a service needs is held by somebody else; the message says which and how to change it."""


def require_free(ports: Sequence[Port], host: str = LOOPBACK) -> None:
    """Raise PortBusyError naming every port that cannot be listened on."""
    busy = [port for port in ports if not is_free(port.number, host)]
    if busy:
        raise PortBusyError("\n".join(_busy_line(port, host) for port in busy))


def _busy_line(port: Port, host: str) -> str:
    other = port.number + 10
    return (
        f"port {port.number} ({port.purpose}) is in use on {host}. "
        f"Stop what listens there (a stack of this project: make down), or choose another port, "
        f"for example {port.variable}={other}"
    )


def is_free(number: int, host: str = LOOPBACK) -> bool:
    """Whether both a TCP and a UDP server could listen on this port of this machine now."""
    return all(_can_bind(number, kind, host) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))


def _can_bind(number: int, kind: socket.SocketKind, host: str) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            # As servers do: a connection in TIME_WAIT does not make a port busy.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError:
            return False
        return True


def free_port(host: str = LOOPBACK) -> int:
    """A port nobody listens on; processes that ask at the same time start looking at different places."""
    (number,) = free_ports(1, host)
    return number


def free_ports(count: int, host: str = LOOPBACK) -> list[int]:
    """So many different ones."""
    span = LAST - FIRST
    start = os.getpid() * 7 % span
    numbers = (FIRST + (start + step) % span for step in range(span))
    found = list(itertools.islice((number for number in numbers if is_free(number, host)), count))
    if len(found) < count:
        raise PortBusyError(f"no free port between {FIRST} and {LAST} on {host}")
    return found
