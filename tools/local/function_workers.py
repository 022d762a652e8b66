"""The processes that run a function on the local stack: found, frozen and killed through /proc."""

import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class FunctionWorkers:
    """What MiniStack has started to run the function whose name contains `function`.

    It starts a process for every invocation that finds none idle, and keeps it for later ones.
    """

    ministack: int
    function: str

    def pids(self) -> set[int]:
        """Those that run now."""
        numbers = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal())
        return {pid for pid in numbers if self._is_one(pid)}

    def peak_memory(self) -> dict[str, int]:
        """The most megabytes that a process of each function has held so far, by the function's name."""
        peaks: dict[str, int] = {}
        for pid in self.pids():
            try:
                status = (_PROC / f"{pid}" / "status").read_text()
                name = function_of((_PROC / f"{pid}" / "environ").read_bytes())
            except OSError:  # it has ended meanwhile
                continue
            if name:
                peaks[name] = max(peaks.get(name, 0), peak_of(status))
        return peaks

    def freeze(self, already: Iterable[int] = ()) -> set[int]:
        """Stop those that run where they are, without their noticing; all that are frozen then."""
        frozen = set(already)
        while newcomers := self.pids() - frozen:
            _signal(newcomers, signal.SIGSTOP)
            frozen |= newcomers
        return frozen

    def kill(self, pids: Iterable[int]) -> None:
        """End them by SIGKILL: a frozen process runs no further instruction."""
        _signal(pids, signal.SIGKILL)

    def _is_one(self, pid: int) -> bool:
        try:
            if parent_of((_PROC / f"{pid}" / "stat").read_text()) != self.ministack:
                return False
            environment = (_PROC / f"{pid}" / "environ").read_bytes()
        except OSError:  # it has ended meanwhile
            return False
        return self.function in function_of(environment)


def parent_of(stat: str) -> int | None:
    """The parent's number, as /proc/<pid>/stat tells it; None for a process that has ended and was not collected."""
    state, parent = stat.rpartition(")")[2].split()[:2]
    return None if state == "Z" else int(parent)


def peak_of(status: str) -> int:
    """The most megabytes a process has held, rounded up, as /proc/<pid>/status tells it."""
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return -(-kilobytes // 1024)


def function_of(environment: bytes) -> str:
    """The function that a process with this environment runs; empty for none."""
    prefix = b"AWS_LAMBDA_FUNCTION_NAME="
    names = [entry.removeprefix(prefix) for entry in environment.split(b"\0") if entry.startswith(prefix)]
    return names[0].decode() if names else ""


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
