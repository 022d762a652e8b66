"""Level 0: functions in processes of their own, under SAM's runtime emulator and AWS's runtime client.

What is run is what is deployed: the built code on Lambda's search path, the real client of Lambda's runtime API, the
timeout, JSON in and out, and an environment with nothing in it but what the template declares. No container: the
machine's own Python and its C library, its file system, no limit of memory.
"""

import contextlib
import http.client
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.local.ministack import REGION
from tools.local.ports import LOOPBACK, free_ports
from tools.sam_local.code import Code
from tools.sam_local.invocation import Row, Stopwatch, event_of, post, problems_of
from tools.template import ROOT, Function

_EMULATORS = ROOT / ".tools/sam"
_EMULATOR = "lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{}"
_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
_MEMORY = 512
_POLL_SECONDS = 0.01
_START_SECONDS = 30.0


class CannotEmulateError(Exception):
    """SAM's emulator is not there, or does not run on this system; the message says which."""


def emulator() -> Path:
    """SAM's runtime emulator for this machine. Raises CannotEmulateError where there is none."""
    if sys.platform != "linux":
        raise CannotEmulateError("SAM's runtime emulator is a Linux program, and this is another system")
    found = list(_EMULATORS.glob(_EMULATOR.format(_ARCHITECTURES[platform.machine().lower()])))
    if not found:
        raise CannotEmulateError("SAM's runtime emulator is not installed; make setup installs it")
    return found[0]


class Level0:
    """Calls functions one after the other, each in a new process; keeps what they log in one file."""

    def __init__(self, runtime: Path, log: Path) -> None:
        self._runtime = runtime
        self._log = log
        self._emulator = emulator()

    def run(self, function: Function, code: Code, environment: Mapping[str, str]) -> Row:
        """Calls a function with its sample, in this environment and no other."""
        watch = Stopwatch()
        invoked, polled = free_ports(2)
        with self._running(function, code, environment, self._command(invoked, polled)) as process:
            text = _answer(function, process, invoked)
        problems = problems_of(function, text)
        return Row(function.name, "0", problems and [*problems, *self._end_of_log()], watch.milliseconds)

    @contextmanager
    def _running(
        self, function: Function, code: Code, environment: Mapping[str, str], command: Sequence[str]
    ) -> Iterator[subprocess.Popen[bytes]]:
        handler = function.own["Handler"]
        with self._log.open("wb") as log:
            process = subprocess.Popen(
                [*command, handler],
                env={**environment, **self._lambda_environment(function, code, handler)},
                cwd=code.task_root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process
            finally:
                _kill(process)

    def _command(self, invoked: int, polled: int) -> Sequence[str]:
        addresses = ["--runtime-interface-emulator-address", f"{LOOPBACK}:{invoked}"]
        addresses += ["--runtime-api-address", f"{LOOPBACK}:{polled}"]
        # -S -P: neither what is installed beside this Python nor the folder it is started in can be imported.
        return (str(self._emulator), *addresses, "--log-level", "error", sys.executable, "-SP", "-m", "awslambdaric")

    def _lambda_environment(self, function: Function, code: Code, handler: str) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": os.pathsep.join(map(str, [*code.search_path, self._runtime])),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(code.task_root),
            "LAMBDA_RUNTIME_DIR": str(self._runtime),
            "_HANDLER": handler,
            "AWS_LAMBDA_FUNCTION_NAME": function.logical_id,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(_MEMORY),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def _end_of_log(self) -> list[str]:
        return self._log.read_text(errors="replace").splitlines()[-5:]


def _answer(function: Function, process: subprocess.Popen[bytes], port: int) -> str:
    event = event_of(function)
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return post((LOOPBACK, port), "function", event, function.timeout + 10.0)
        except ConnectionRefusedError:
            time.sleep(_POLL_SECONDS)
        except (OSError, http.client.HTTPException) as error:
            return f"the emulator hung up: {error}"
    return "the emulator did not start"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With the runtime that it started, which is in a process group of its own."""
    for child in _children(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    process.kill()
    process.wait()


def _children(pid: int) -> list[int]:
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has just ended
        return []
    return [int(child) for told in lists for child in told.split()]
