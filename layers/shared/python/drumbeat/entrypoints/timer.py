"""Timers in: a tick does its work within the time it has, and says what it came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from drumbeat import bootstrap
from drumbeat.entrypoints import logs
from drumbeat.entrypoints.logs import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from drumbeat.application.ports import OutOfTime

TIME_TO_FINISH = 10_000


def timer(work: Callable[[OutOfTime], Any]) -> Callable[[Mapping[str, Any], LambdaContext], dict[str, Any]]:
    """Makes a Lambda handler of work that stops early when time runs out; the next tick goes on."""

    @logs.invocation
    def handler(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        bootstrap.ledger.clear()
        done = work(lambda: context.get_remaining_time_in_millis() < TIME_TO_FINISH)
        summary = asdict(done) if is_dataclass(done) and not isinstance(done, type) else {}
        logger.info("ticked", **summary, datastore_requests=bootstrap.ledger.datastore_requests())
        return summary

    return handler
