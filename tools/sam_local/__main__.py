"""Calls every function of the template as SAM's users can, and says what came of it: make sam-local.

Level 0 is the built code in processes, everywhere. Level 1 is containers, where Docker runs or can be started. A
function is called with its sample in events/; what it must answer stands in tools/samples/outcomes.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from tools.local import deployment
from tools.local.ports import LOOPBACK
from tools.local.processes import ProcessFailedError
from tools.sam_local.base_image import provide_base_image
from tools.sam_local.code import built
from tools.sam_local.docker import Docker, NoContainersError, docker
from tools.sam_local.invocation import Row
from tools.sam_local.level0 import CannotEmulateError, Level0
from tools.sam_local.level1 import level1
from tools.sam_local.report import Report
from tools.sam_local.runtime import link_runtime
from tools.sam_local.stage import Stage, staged
from tools.template import ROOT, Function, functions

_BUILD = ROOT / ".aws-sam/build"
_DIRECTORY = ROOT / ".local/sam-local"


def main() -> int:
    """The exit code: 1 if a function failed, or nothing could be called."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="functions whose names begin so, as ampout/ or workers/send_step")
    parser.add_argument("--as-built", action="store_true", help="take what `sam build` has left here")
    options = parser.parse_args()
    # Whatever runs beside this is stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = [function for function in functions() if function.name.startswith(options.only)]
    report = Report(len(chosen))
    try:
        if not options.as_built:
            _build(report)
        with ExitStack() as open_until_the_end:
            _run(chosen, report, open_until_the_end)
    except (ProcessFailedError, CannotEmulateError) as problem:
        print(problem, file=sys.stderr)
        return 1
    report.write(_DIRECTORY.with_suffix(".json"))
    return 1 if report.failed else 0


def _build(report: Report) -> None:
    log = _DIRECTORY / "sam.log"
    _DIRECTORY.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    config = ["--config-env", "local", "--parameter-overrides", f"Architecture={deployment.own_architecture()}"]
    for command in (["validate", "--lint", *config[:2]], ["build", *config]):
        with report.step(f"sam {command[0]}"):
            deployment.sam(command, os.environ, log)


def _run(chosen: Sequence[Function], report: Report, opened: ExitStack) -> None:
    directory = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="drumbeat-sam-local-")))
    containers = _containers(report, opened)
    with report.step("prepared data"):
        stage = opened.enter_context(staged(directory / "stage", containers.address() if containers else LOOPBACK))
    for row in _level0(chosen, stage, directory):
        report.add(row)
    if containers:
        for row in _level1(chosen, stage, containers):
            report.add(row)


def _containers(report: Report, opened: ExitStack) -> Docker | None:
    try:
        with report.step("Docker"):
            found = opened.enter_context(docker(_DIRECTORY / "docker"))
            found.address()
        with report.step("base image"):
            provide_base_image(found, deployment.own_architecture())
    except NoContainersError as reason:
        report.skip("level 1", str(reason))
        return None
    return found


def _level0(chosen: Sequence[Function], stage: Stage, directory: Path) -> Iterator[Row]:
    link_runtime(directory / "runtime")
    level = Level0(directory / "runtime", directory / "function.log")
    for function in chosen:
        stage.restore()
        yield level.run(function, built(function, _BUILD), stage.environment(function))


def _level1(chosen: Sequence[Function], stage: Stage, containers: Docker) -> Iterator[Row]:
    environments = {function.logical_id: stage.environment(function) for function in functions()}
    with level1(containers, _BUILD, environments, deployment.own_architecture(), _DIRECTORY) as level:
        with level.lambdas() as lambdas:
            for function in chosen:
                stage.restore()
                yield lambdas.run(function)
        for function in _one_of_each_group(chosen):
            stage.restore()
            yield level.invoke(function)
        with level.api() as api:
            for function in _one_of_each_group([function for function in chosen if function.routes]):
                stage.restore()
                yield api.run(function)


def _one_of_each_group(chosen: Sequence[Function]) -> list[Function]:
    """The first of each that takes a body, or the first."""

    def group(function: Function) -> str:
        return function.name.partition("/")[0]

    groups = [list(those) for _, those in groupby(sorted(chosen, key=group), group)]
    return [next((one for one in those if one.sample.get("body")), those[0]) for those in groups]


if __name__ == "__main__":
    sys.exit(main())
