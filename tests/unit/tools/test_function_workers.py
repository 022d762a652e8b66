"""The processes of a function are told from all others by their parent and their environment."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.local.function_workers import FunctionWorkers, function_of, parent_of, peak_of

NAME = "stack-WorkersSendStepFunction-1A2B"
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the tool works through /proc")


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    environment = {"AWS_LAMBDA_FUNCTION_NAME": NAME}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=environment) as process:
        yield process
        process.kill()


def test_a_child_is_found_by_its_function_and_killed_while_it_is_frozen(child: subprocess.Popen[bytes]) -> None:
    workers = FunctionWorkers(os.getpid(), "WorkersSendStepFunction")

    frozen = workers.freeze()
    assert frozen == {child.pid}
    workers.kill(frozen)

    assert child.wait(timeout=10) == -signal.SIGKILL
    assert workers.pids() == set()


def test_another_function_or_another_parent_is_none_of_ours(child: subprocess.Popen[bytes]) -> None:
    assert FunctionWorkers(os.getpid(), "DispatchDueFunction").pids() == set()
    assert FunctionWorkers(child.pid, "WorkersSendStepFunction").pids() == set()


def test_the_memory_of_a_process_is_told_under_its_functions_name(child: subprocess.Popen[bytes]) -> None:
    peaks = FunctionWorkers(os.getpid(), "WorkersSendStepFunction").peak_memory()

    assert child.poll() is None
    assert list(peaks) == [NAME]
    assert 1 <= peaks[NAME] < 200


def test_the_most_that_a_process_held_is_rounded_up() -> None:
    assert peak_of("Name:\tpython\nVmHWM:\t    2049 kB\nVmRSS:\t     100 kB\n") == 3


def test_a_name_with_spaces_and_brackets_does_not_hide_the_parent() -> None:
    assert parent_of("77 (a) b (c) S 41 77 77 0 -1") == 41


def test_what_has_ended_and_was_not_collected_is_nobodys() -> None:
    assert parent_of("77 (python) Z 41 77 77 0 -1") is None


def test_a_process_that_runs_no_function_has_no_name() -> None:
    assert function_of(b"PATH=/bin\0HOME=/\0") == ""
    assert function_of(b"PATH=/bin\0AWS_LAMBDA_FUNCTION_NAME=" + NAME.encode() + b"\0") == NAME
