"""The table's stream in: records in their order, up to the first that can't be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.entrypoints import logs
from drumbeat.entrypoints.logs import logger

type Event = Mapping[str, Any]
type Record = Mapping[str, Any]
type Consumer = Callable[[Event, LambdaContext], dict[str, Any]]


def stream(handler: Consumer) -> Consumer:
    """A Lambda handler whose log lines carry its invocation, and nothing of the one before."""
    return logs.invocation(handler)


def consume_stream[Read](
    event: Event, read: Callable[[Record], Read | None], work: Callable[[Sequence[Read]], Any]
) -> dict[str, Any]:
    """Hands what `read` makes of the records, in their order and without those of which it makes None, to one `work`.

    A stream goes on behind the first record that has to come again. So what stands before one that can't be read is
    worked on, and it is named; what stands behind it comes again with it. Raises what `work` raises: then all comes
    again, in halves.
    """
    bootstrap.ledger.clear()
    wanted: list[Read] = []
    unreadable: str | None = None
    for record in event["Records"]:
        try:
            found = read(record)
        except (KeyError, ValueError, TypeError):
            unreadable = record["dynamodb"]["SequenceNumber"]
            logger.exception("unreadable record", sequence_number=unreadable)
            break
        if found is not None:
            wanted.append(found)
    _log(len(event["Records"]), work(wanted) if wanted else None)
    return {"batchItemFailures": [] if unreadable is None else [{"itemIdentifier": unreadable}]}


def _log(records: int, done: Any) -> None:
    summary = asdict(done) if is_dataclass(done) and not isinstance(done, type) else {}
    requests = bootstrap.ledger.datastore_requests()
    logger.info("stream read", records=records, **summary, datastore_requests=requests)
