"""The name server knows its zone, fails where it should, and denies everything else."""

from pathlib import Path

import dns.message
import dns.rcode
import dns.resolver
import pytest

from tools.local.dns_server import answer, read_zone
from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import Process
from tools.local.services import ZONE_FILE, answers_dns, start_module

ZONE = read_zone("# comment\n\nknown.example mail.known.example  # more\nnomail.example .\ndown.example SERVFAIL\n")


def ask(name: str, kind: str = "MX") -> dns.message.Message:
    reply = answer(ZONE, dns.message.make_query(name, kind).to_wire())
    assert reply is not None
    return dns.message.from_wire(reply)


@pytest.mark.parametrize("name", ["known.example", "KNOWN.Example"])
def test_a_domain_of_the_zone_has_its_mail_host(name: str) -> None:
    reply = ask(name)

    assert reply.rcode() == dns.rcode.NOERROR
    assert [str(record).lower() for rrset in reply.answer for record in rrset] == ["10 mail.known.example."]


def test_a_domain_that_takes_no_mail_says_so() -> None:
    assert [str(record) for rrset in ask("nomail.example").answer for record in rrset] == ["0 ."]


@pytest.mark.parametrize("name", ["unknown.example", "sub.known.example", "example"])
def test_a_domain_that_is_not_in_the_zone_does_not_exist(name: str) -> None:
    assert ask(name).rcode() == dns.rcode.NXDOMAIN


def test_a_broken_domain_is_a_server_failure() -> None:
    assert ask("down.example").rcode() == dns.rcode.SERVFAIL


def test_a_known_domain_has_no_records_of_another_type() -> None:
    reply = ask("known.example", "A")

    assert (reply.rcode(), reply.answer) == (dns.rcode.NOERROR, [])


def test_what_is_no_query_gets_no_answer() -> None:
    response = dns.message.make_response(dns.message.make_query("known.example", "MX"))

    assert answer(ZONE, b"nonsense") is None
    assert answer(ZONE, response.to_wire()) is None


def test_a_resolver_gets_its_answers_from_the_running_server(tmp_path: Path) -> None:
    port = free_port()
    process = Process("dns-server", tmp_path)
    start_module(process, "--port", str(port), "--zone", str(ZONE_FILE))
    try:
        process.wait_until(lambda: answers_dns(port))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = [LOOPBACK], port

        (record,) = resolver.resolve("alderfinch.example", "MX")

        assert str(record.exchange) == "mail.alderfinch.example."
        with pytest.raises(dns.resolver.NXDOMAIN):
            resolver.resolve("closed-down.example", "MX")
    finally:
        process.stop()
