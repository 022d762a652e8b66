"""The local stack: `up`, `down` and `run` (in the foreground)."""

import argparse
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tools.local import deployment
from tools.local.api import Api, ApiError
from tools.local.env_file import env_text, write_private
from tools.local.ports import LOOPBACK, PortBusyError
from tools.local.processes import ProcessFailedError
from tools.local.services import ROOT, Ports, Services

LOCAL_DIRECTORY = ROOT / ".local"
DEMO_DIRECTORY = LOCAL_DIRECTORY / "demo"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Running:
    """How to reach a stack that runs."""

    url: str
    key: str
    smtp_port: int
    imap_port: int
    maildir: Path

    def environment(self) -> dict[str, str]:
        """The lines of the env file."""
        return {
            "DRUMBEAT_URL": self.url,
            "DRUMBEAT_KEY": self.key,
            "DRUMBEAT_SMTP_HOST": LOOPBACK,
            "DRUMBEAT_SMTP_PORT": str(self.smtp_port),
            "DRUMBEAT_IMAP_PORT": str(self.imap_port),
            "DRUMBEAT_SMTP_SINK": str(self.maildir),
        }


class Stack:
    """The services with the project deployed on them; everything that it keeps is below one directory."""

    def __init__(self, directory: Path, ports: Ports, say: Say) -> None:
        self.services = Services(directory, ports)
        self._directory = directory
        self._ports = ports
        self._say = say

    @property
    def env_file(self) -> Path:
        """Where other programs find out how to reach it."""
        return self._directory / "env"

    def start(self) -> Running:
        """Start, deploy, make sure that there is a key that works; on any failure nothing is left running."""
        self.require_startable()  # outside the clean-up: whatever runs now was not started here
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def require_startable(self) -> None:
        """Raise if this stack runs already, or somebody else has one of its ports."""
        if any(process.is_running() for process in self.services.processes):
            raise ProcessFailedError("a stack, or a part of one, already runs from this folder; make down stops it")
        self._ports.require_free()

    def stop(self) -> None:
        """Stop what runs. MiniStack writes its state first; nothing happens when nothing runs."""
        with _undisturbed():
            clean = self.services.stop()
        self.env_file.unlink(missing_ok=True)
        if not clean:
            self._say("MiniStack did not stop in time and was killed: what happened since its start is lost")

    def _start(self) -> Running:
        self._directory.mkdir(parents=True, exist_ok=True)
        log = self._directory / "sam.log"
        log.unlink(missing_ok=True)
        endpoint = self.services.ministack.endpoint
        with self._timed("starting MiniStack, the mail servers and the name server"):
            self.services.start()
        found = deployment.build_and_deploy(endpoint, self._ports.dns, log, self._timed)
        with self._timed("waiting for the API"):
            key = self._working_key(found)
        ports = self._ports
        running = Running(found["ApiUrl"].rstrip("/"), key, ports.smtp, ports.imap, self.services.maildir)
        write_private(self.env_file, env_text(running.environment()))
        return running

    def _working_key(self, found: dict[str, str]) -> str:
        """The key made at the first start, as long as the state that knows it is there."""
        kept = self._directory / "key"
        key = kept.read_text().strip() if kept.exists() else ""
        if not key or not _is_accepted(found["ApiUrl"], key):
            endpoint = self.services.ministack.endpoint
            key = deployment.create_tenant(endpoint, found["CreateTenantFunctionName"])
            write_private(kept, f"{key}\n")
            Api(found["ApiUrl"], key).get("/campaigns")
        return key

    @contextlib.contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._say(f"{what}: {time.monotonic() - began:.1f} s")


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave stop signals aside: a second Ctrl-C must not cost the state that the first one is saving."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_accepted(url: str, key: str) -> bool:
    try:
        Api(url, key).get("/campaigns")
    except ApiError as error:
        if error.status == 401:
            return False
        raise
    return True


def up() -> int:
    """Start in the background and return when the API answers."""
    stack = _stack()
    if all(process.is_running() for process in stack.services.processes) and stack.env_file.exists():
        print(f"already up, with what was deployed then; {stack.env_file} says where. Stop it: make down")
        return 0
    running = stack.start()
    print(f"up: {running.url} (key and the rest in {stack.env_file.relative_to(ROOT)}). Stop it: make down")
    return 0


def down() -> int:
    """Stop what `up` started, and what a demo left behind that was killed."""
    ran = False
    for stack in (_stack(), _stack(DEMO_DIRECTORY)):
        ran |= any(process.is_running() for process in stack.services.processes)
        stack.stop()
    print("down; the state is kept in .local" if ran else "nothing was up")
    return 0


def run() -> int:
    """Start, stay in the foreground until Ctrl-C, stop."""
    asked = threading.Event()
    stack = _stack()
    running = stack.start()
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda _number, _frame: asked.set())
    print(_welcome(running), flush=True)
    died = _first_to_die(stack, asked)
    print("stopping", flush=True)
    stack.stop()
    if died is not None:
        raise ProcessFailedError(died)
    print("stopped; the state is kept in .local")
    return 0


def _first_to_die(stack: Stack, asked: threading.Event) -> str | None:
    """Wait until asked to stop; or what to say about a process that ended without being asked."""
    while not asked.wait(1):
        for process in stack.services.processes:
            if not process.is_running():
                return str(process.failed("ended"))
    return None


def _welcome(running: Running) -> str:
    return (
        f"\n  URL  {running.url}\n  key  {running.key}\n  mail {running.maildir}\n\n"
        f'  curl -s {running.url}/campaigns -H "Authorization: Bearer {running.key}"\n\nCtrl-C stops it.'
    )


def _stack(directory: Path = LOCAL_DIRECTORY) -> Stack:
    return Stack(directory, Ports.from_environment(), lambda line: print(f"  {line}", flush=True))


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def guarded(command: Callable[[], int]) -> int:
    """Run a command so that a stop signal cleans up, and a known failure is a message, not a trace."""
    for number in _STOP_SIGNALS:
        signal.signal(number, _interrupted)
    try:
        return command()
    except (ProcessFailedError, PortBusyError, ApiError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; nothing is left running", file=sys.stderr)
        return 130


def main() -> int:
    """The command line."""
    commands = {"up": up, "down": down, "run": run}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=commands)
    return guarded(commands[parser.parse_args().command])


if __name__ == "__main__":
    sys.exit(main())
