"""A busy port is told by number, purpose and the variable that changes it, before anything starts."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.local.ministack import MiniStack
from tools.local.ports import LOOPBACK, Port, PortBusyError, free_port, is_free, require_free
from tools.local.services import Ports, Services


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_busy_port_is_named_with_the_variable_to_change(busy: int) -> None:
    with pytest.raises(PortBusyError) as error:
        require_free([Port(busy, "DRUMBEAT_SMTP_PORT", "SMTP sink")])

    assert f"port {busy} (SMTP sink) is in use" in str(error.value)
    assert "DRUMBEAT_SMTP_PORT=" in str(error.value)


def test_every_busy_port_is_told_at_once(busy: int) -> None:
    with pytest.raises(PortBusyError) as error:
        Ports(api=busy, smtp=free_port(), dns=busy, imap=free_port()).require_free()

    assert [line.split("(")[0] for line in str(error.value).splitlines()] == [f"port {busy} "] * 2
    assert "DRUMBEAT_SMTP_PORT" not in str(error.value)


def test_nothing_is_started_when_a_port_is_busy(busy: int, tmp_path: Path) -> None:
    services = Services(tmp_path / "state", Ports(api=busy, smtp=free_port(), dns=free_port(), imap=free_port()))

    with pytest.raises(PortBusyError):
        services.start()

    assert list(tmp_path.iterdir()) == []


def test_ministack_alone_tells_a_busy_port_too(busy: int) -> None:
    with pytest.raises(PortBusyError, match="DRUMBEAT_PORT"):
        MiniStack(busy).start()


def test_a_udp_server_makes_a_port_busy_as_well() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind((LOOPBACK, 0))

        assert not is_free(holder.getsockname()[1])


def test_free_ports_are_below_those_that_systems_hand_out() -> None:
    assert 20000 <= free_port() < 32768


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_by_its_variable(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRUMBEAT_DNS_PORT", value)

    with pytest.raises(ValueError, match="DRUMBEAT_DNS_PORT"):
        Ports.from_environment()


def test_the_default_ports_are_below_those_that_systems_hand_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DRUMBEAT_PORT", "DRUMBEAT_SMTP_PORT", "DRUMBEAT_DNS_PORT"):
        monkeypatch.delenv(name, raising=False)

    ports = Ports.from_environment()

    assert max(ports.api, ports.smtp, ports.dns) < 32768
