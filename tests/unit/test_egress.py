"""Tenants name mail servers; none of them leads inside."""

import socket

import pytest

from drumbeat.adapters.egress import ForbiddenAddress, connect_mail, connect_web, is_public

INSIDE = [
    "0.0.0.0",  # noqa: S104
    "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8",
    "::ffff:169.254.169.254", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:808:808::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "1.1.1.1", "192.88.98.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"]
DISGUISES = ["localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1", "::1", "[::1]", "①②⑦.⓪.⓪.①"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_not(address):
    assert is_public(address)


@pytest.mark.parametrize("host", DISGUISES)
def test_this_machine_is_not_reached_under_any_name(host):
    with pytest.raises(OSError, match=r"not public|not known|No address"):
        connect_mail(host, 587, 1, private_allowed=False).close()


@pytest.mark.parametrize("port", [22, 80, 443, 3306, 11211, 0, 65535])
def test_only_mail_ports_are_reached(port):
    with pytest.raises(ForbiddenAddress):
        connect_mail("8.8.8.8", port, 1, private_allowed=False)


@pytest.mark.parametrize("port", [22, 25, 80, 465, 587, 0])
def test_no_other_service_s_port_is_taken_for_a_web_server_s(port):
    with pytest.raises(ForbiddenAddress):
        connect_web("8.8.8.8", port, 1, private_allowed=False)


def test_one_address_inside_among_others_is_enough_to_refuse(monkeypatch):
    mixed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 25)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: mixed)

    with pytest.raises(ForbiddenAddress):
        connect_mail("mail.example", 25, 1, private_allowed=False)


def test_the_name_is_resolved_once(monkeypatch):
    """A second look-up could lead elsewhere: the connection goes to the address that was checked."""
    answers = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))

    with pytest.raises(ConnectionRefusedError):
        connect_mail("mail.example", 9, 1, private_allowed=True)
