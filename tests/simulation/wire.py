"""Calls to the store and the queue: time passes on every one, and some go wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from tests.memory.client import partly
from tests.memory.refusal import EXCEPTIONS, Refusal
from tests.memory.transactions import cancelled
from tests.simulation.faults import Fault, Faults
from tests.simulation.scheduler import Crash, Process, Scheduler

type Params = Mapping[str, Any]
type Answer = dict[str, Any]
type Perform = Callable[[Params], Answer]
type Noter = Callable[[str, str], None]

_IN_PARTS = frozenset({"BatchGetItem", "BatchExecuteStatement", "BatchWriteItem"})
_LATEST = 30_000
"""How many milliseconds after its caller gave up a request may still be served."""
_LONGEST_WRITE = 90_000
"""The SDK gives up before `lane.CLAIMS_ARRIVE_WITHIN`: no claim is carried out later than that."""
_NO_ENDPOINT = "https://store.invalid"


class Wire:
    """Stands around every call. `torn` is how often a batch is not done at one instant; `note` hears of all faults."""

    def __init__(self, scheduler: Scheduler, faults: Faults, chance: Callable[[], float], torn: float) -> None:
        self._scheduler, self._faults, self._chance, self._torn = scheduler, faults, chance, torn
        self.note: Noter = lambda _what, _fault: None

    def around(self, operation: str, params: Params, perform: Perform) -> Answer:
        """One call of the current process; calls of nobody (set-up, oracles) go straight through."""
        scheduler, faults = self._scheduler, self._faults
        process = scheduler.current
        if process is None:
            return perform(params)
        fault = faults.draw(operation)
        scheduler.sleep(faults.delay())
        if fault is None:
            return self._done(operation, params, perform)
        process.troubled_at = scheduler.now
        self.note(operation, fault.value)
        return self._struck(fault, process, operation, params, perform)

    def _done(self, operation: str, params: Params, perform: Perform) -> Answer:
        if operation in _IN_PARTS and self._torn and self._chance() < self._torn:
            return self._in_parts(operation, params, perform)
        answer = perform(params)
        if self._chance() < 0.1:
            self._scheduler.sleep(self._faults.delay())
        return answer

    def _struck(self, fault: Fault, process: Process, operation: str, params: Params, perform: Perform) -> Answer:
        scheduler = self._scheduler
        match fault:
            case Fault.FAIL:
                raise EndpointConnectionError(endpoint_url=_NO_ENDPOINT)
            case Fault.THROTTLE:
                raise _too_much(operation, params)
            case Fault.LOST:
                _quietly(perform, params)
                scheduler.sleep(self._faults.delay())
                raise ReadTimeoutError(endpoint_url=_NO_ENDPOINT)
            case Fault.LATE:
                when = scheduler.now + int(self._chance() * _LATEST)
                scheduler.at(when, lambda: self._late(process, perform, params), process)
                raise ReadTimeoutError(endpoint_url=_NO_ENDPOINT)
            case Fault.CRASH_BEFORE:
                process.dead = True
                raise Crash
            case Fault.CRASH_AFTER:
                _quietly(self._some(operation, perform), params)
                process.dead = True
                raise Crash
            case Fault.REPEATED:
                _quietly(perform, params)
                scheduler.sleep(self._faults.delay() + 1_000)
                return perform(params)
            case Fault.STALLED:
                longest = _LONGEST_WRITE if operation == "BatchExecuteStatement" else 1 << 60
                scheduler.sleep(min(self._faults.stall(), longest))
                return perform(params)
            case Fault.PARTIAL:
                return self._partial(operation, params, perform)

    def _late(self, process: Process, perform: Perform, params: Params) -> None:
        process.troubled_at = self._scheduler.now
        _quietly(perform, params)

    def _in_parts(self, operation: str, params: Params, perform: Perform) -> Answer:
        """A batch is no transaction: some of its members are read or written a little later than the others."""
        later: list[bool] = []
        first = partly(operation, params, perform, lambda place: _drawn(later, place, self._chance))
        if not any(later):
            return first
        self._scheduler.sleep(self._faults.delay())
        if operation == "BatchExecuteStatement":
            rest = [statement for statement, late in zip(params["Statements"], later, strict=True) if late]
            answers = iter(perform({**params, "Statements": rest})["Responses"])
            answered = zip(first["Responses"], later, strict=True)
            return {**first, "Responses": [next(answers) if late else answer for answer, late in answered]}
        if operation == "BatchWriteItem":
            return perform({**params, "RequestItems": first["UnprocessedItems"]})
        second = perform({**params, "RequestItems": first["UnprocessedKeys"]})
        ((table, found),) = second["Responses"].items()
        return {"Responses": {table: [*first["Responses"].get(table, []), *found]}, "UnprocessedKeys": {}}

    def _partial(self, operation: str, params: Params, perform: Perform) -> Answer:
        left: list[bool] = []
        if operation in _IN_PARTS:
            return partly(operation, params, perform, lambda place: _drawn(left, place, self._chance))
        if operation == "SendMessageBatch":
            return _half_sent(params, perform, self._chance)
        raise _too_much(operation, params)

    def _some(self, operation: str, perform: Perform) -> Perform:
        """What a batch comes to whose caller dies: any part of it."""
        if operation not in _IN_PARTS or self._chance() < 0.5:
            return perform
        left: list[bool] = []
        return lambda params: partly(operation, params, perform, lambda place: _drawn(left, place, self._chance))


def _drawn(drawn: list[bool], place: int, chance: Callable[[], float]) -> bool:
    """A coin for each place, thrown once."""
    while len(drawn) <= place:
        drawn.append(chance() < 0.5)
    return drawn[place]


def _quietly(perform: Perform, params: Params) -> None:
    """Does it; what it answers, good or bad, nobody hears."""
    try:
        perform(params)
    except EXCEPTIONS.ClientError:
        return


def _half_sent(params: Params, perform: Perform, chance: Callable[[], float]) -> Answer:
    taken = [entry for entry in params["Entries"] if chance() < 0.5]
    answer = perform({**params, "Entries": taken}) if taken else {}
    known = {entry["Id"] for entry in taken}
    refused = [
        {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError", "Message": ""}
        for entry in params["Entries"]
        if entry["Id"] not in known
    ]
    return {**answer, "Failed": refused} if refused else answer


def _too_much(operation: str, params: Params) -> Exception:
    if operation == "TransactWriteItems":
        reasons: list[Any] = [{"Code": "None"} for _ in params["TransactItems"]]
        reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
        return _answer_of(cancelled(reasons), operation)
    return _answer_of(Refusal("ThrottlingException", "Rate exceeded"), operation)


def _answer_of(refusal: Refusal, operation: str) -> Exception:
    return EXCEPTIONS.of(refusal, operation)
