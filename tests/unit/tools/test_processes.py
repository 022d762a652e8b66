"""A background process can be found, stopped and explained by somebody who did not start it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.local.processes import Process, ProcessFailedError

READY = "import sys, time; print('ready', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + READY


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process("sample", tmp_path)
    yield process
    process.stop(patience=0)


def start(process: Process, program: str) -> None:
    process.start([sys.executable, "-c", program], os.environ)


def start_and_wait(process: Process, program: str) -> None:
    start(process, program)
    process.wait_until(lambda: "ready" in process.log_tail())


def test_a_process_is_seen_and_stopped_through_its_pid_file(process: Process, tmp_path: Path) -> None:
    start_and_wait(process, READY)
    stranger = Process("sample", tmp_path)
    assert stranger.is_running()

    assert stranger.stop()

    assert not process.is_running()
    assert not (tmp_path / "sample.pid").exists()


def test_a_pid_file_left_behind_is_no_running_process(process: Process, tmp_path: Path) -> None:
    (tmp_path / "sample.pid").write_text(f"{os.getpid()}\n")

    assert not process.is_running()
    assert process.stop()


def test_it_is_not_started_twice(process: Process, tmp_path: Path) -> None:
    start_and_wait(process, READY)

    with pytest.raises(ProcessFailedError, match="sample is already running"):
        start(Process("sample", tmp_path), READY)

    assert process.is_running()


def test_one_that_does_not_want_to_stop_is_killed_and_told(process: Process) -> None:
    start_and_wait(process, STUBBORN)

    assert not process.stop(patience=0)

    assert not process.is_running()


def test_one_that_ends_while_it_starts_shows_the_end_of_its_log(process: Process) -> None:
    start(process, "raise SystemExit('no such zone')")

    with pytest.raises(ProcessFailedError, match="no such zone"):
        process.wait_until(lambda: False)
