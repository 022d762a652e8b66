"""The processes of the local stack: MiniStack, the SMTP sink, the IMAP server and the name server, as one."""

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import dns.message
import dns.rdatatype

from tools.local.ministack import MiniStack
from tools.local.ports import LOOPBACK, Port, require_free
from tools.local.processes import Process

ROOT = Path(__file__).resolve().parents[2]
ZONE_FILE = ROOT / "examples" / "dns.zone"


@dataclass(frozen=True)
class Ports:
    """Where the services listen."""

    api: int = 4566
    smtp: int = 2525
    dns: int = 5300
    imap: int = 1143

    @classmethod
    def from_environment(cls) -> "Ports":
        """The defaults, or what DRUMBEAT_PORT, DRUMBEAT_SMTP_PORT, DRUMBEAT_DNS_PORT and DRUMBEAT_IMAP_PORT say."""
        return cls(
            api=_number("DRUMBEAT_PORT", cls.api),
            smtp=_number("DRUMBEAT_SMTP_PORT", cls.smtp),
            dns=_number("DRUMBEAT_DNS_PORT", cls.dns),
            imap=_number("DRUMBEAT_IMAP_PORT", cls.imap),
        )

    def require_free(self, host: str = LOOPBACK) -> None:
        """Raise PortBusyError unless all of them can be listened on."""
        require_free(
            [
                Port(self.api, "DRUMBEAT_PORT", "MiniStack, the local AWS"),
                Port(self.smtp, "DRUMBEAT_SMTP_PORT", "SMTP sink"),
                Port(self.dns, "DRUMBEAT_DNS_PORT", "DNS server"),
                Port(self.imap, "DRUMBEAT_IMAP_PORT", "IMAP server"),
            ],
            host,
        )


def _number(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise ValueError(f"{variable}={text} is not a port number")
    return int(text)


class Services:
    """What runs beside the code under test; everything that it keeps is below one directory."""

    def __init__(self, directory: Path, ports: Ports, host: str = LOOPBACK) -> None:
        self.ports = ports
        self.host = host
        self.maildir = directory / "mail"
        self.ministack = MiniStack(ports.api, directory, host)
        self._sink = Process("smtp-sink", directory)
        self._dns = Process("dns-server", directory)
        self._imap = Process("imap-server", directory)

    @property
    def processes(self) -> list[Process]:
        """All of them, in the order in which they stop: MiniStack first, whose functions use the others."""
        return [self.ministack.process, self._sink, self._imap, self._dns]

    def start(self) -> None:
        """Start all; whatever port is busy is told before anything is started."""
        self.ports.require_free(self.host)
        where = ("--host", self.host, "--port")
        start_module(self._dns, *where, str(self.ports.dns), "--zone", str(ZONE_FILE))
        self._dns.wait_until(lambda: answers_dns(self.ports.dns, self.host))
        start_module(self._sink, *where, str(self.ports.smtp), "--maildir", str(self.maildir))
        self._sink.wait_until(lambda: accepts(self.ports.smtp, self.host))
        self._start_imap()
        self.ministack.start()

    def forget_mailboxes(self) -> None:
        """Have the IMAP server begin anew, with nothing in anybody's mailbox."""
        self._imap.stop()
        self._start_imap()

    def _start_imap(self) -> None:
        start_module(self._imap, "--host", self.host, "--port", str(self.ports.imap))
        self._imap.wait_until(lambda: accepts(self.ports.imap, self.host))

    def stop(self) -> bool:
        """Stop all that runs; False when MiniStack could not write its state."""
        clean = self.ministack.stop()
        self._sink.stop()
        self._imap.stop()
        self._dns.stop()
        return clean


def start_module(process: Process, *arguments: str) -> None:
    """Start the module of this package that the process is named after."""
    module = f"tools.local.{process.name.replace('-', '_')}"
    process.start([sys.executable, "-m", module, *arguments], os.environ | {"PYTHONPATH": str(ROOT)})


def accepts(port: int, host: str = LOOPBACK) -> bool:
    """Whether a TCP server listens on the port."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def answers_dns(port: int, host: str = LOOPBACK) -> bool:
    """Whether a name server answers on the port, whatever it says."""
    query = dns.message.make_query("ready.test", dns.rdatatype.MX).to_wire()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.2)
        try:
            asker.connect((host, port))
            asker.send(query)
            asker.recv(512)
        except OSError:
            return False
    return True
