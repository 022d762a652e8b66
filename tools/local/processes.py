"""Background processes that a later command can find again and stop."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_POLL_SECONDS = 0.05


class ProcessFailedError(Exception):
    """A process ended, or did not get ready, when it should have run; the message ends with its log."""


class Process:
    """One background process, known by `<name>.pid`, which it keeps locked for as long as it lives.

    The lock, not the number in the file, says whether it runs: a number can belong to somebody else
    after a restart of the machine, a lock cannot.
    """

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self.log = directory / f"{name}.log"
        self._pid_file = directory / f"{name}.pid"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its number, whoever started it. Raises ProcessFailedError if it does not run."""
        if not self.is_running():
            raise ProcessFailedError(f"{self.name} does not run; make up starts it")
        return int(self._pid_file.read_text())

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start in the background, in a process group of its own, writing to the log only."""
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        with self._pid_file.open("a+") as held, self.log.open("wb") as log:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ProcessFailedError(f"{self.name} is already running") from None
            self._child = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(held.fileno(),),
            )
            held.truncate(0)
            held.write(f"{self._child.pid}\n")

    def wait_until(self, answers: Callable[[], bool], within: float = 60.0) -> None:
        """Return as soon as `answers` says yes; raise if the process ends first, or takes too long."""
        deadline = time.monotonic() + within
        while not answers():
            if not self.is_running():
                raise self.failed("ended while it was starting")
            if time.monotonic() > deadline:
                raise self.failed(f"did not get ready within {within:.0f} s")
            time.sleep(_POLL_SECONDS)

    def is_running(self) -> bool:
        """Whether the process lives, whoever started it."""
        if self._child is not None and self._child.poll() is not None:
            return False
        try:
            held = self._pid_file.open()
        except FileNotFoundError:
            return False
        with held:
            try:
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def stop(self, patience: float = 30.0) -> bool:
        """Ask it to end and wait until it did; False when it had to be killed. Stopping twice is fine."""
        clean = True
        if self.is_running():
            pid = int(self._pid_file.read_text())
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            clean = self._wait_until_gone(patience)
            # What it started in turn (function workers) is in its group and has no reason to outlive it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            self._wait_until_gone(patience=5.0)
        if self._child is not None:
            self._child.wait()
        self._pid_file.unlink(missing_ok=True)
        return clean

    def _wait_until_gone(self, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def failed(self, what: str) -> ProcessFailedError:
        """The error that says what went wrong with this process and shows the end of its log."""
        return ProcessFailedError(f"{self.name} {what}; the end of its log:\n{self.log_tail()}")

    def log_tail(self, lines: int = 15) -> str:
        """The last lines that it wrote."""
        try:
            text = self.log.read_text(errors="replace")
        except FileNotFoundError:
            return "(no log)"
        return "\n".join(text.splitlines()[-lines:])
