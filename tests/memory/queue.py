"""An SQS queue in memory: what is sent lies here until somebody takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.memory.refusal import EXCEPTIONS

_ENTRIES = 10
_LONGEST_DELAY = 900
_LARGEST = 1024 * 1024
_CODE = "AWS.SimpleQueueService"
_ALLOWED_CONTROLS = {"\t", "\n", "\r"}


@dataclass(frozen=True, slots=True)
class Message:
    """A message that may be received from `at` on; `group` is its MessageGroupId."""

    number: int
    at: int
    body: str
    group: str | None


class MemoryQueue:
    """What adapters use of an SQS client. Messages lie in `waiting`: who takes them decides on order and copies."""

    exceptions = EXCEPTIONS

    def __init__(
        self,
        now: Callable[[], int],
        around: Callable[[str, Mapping[str, Any], Callable[[Mapping[str, Any]], dict[str, Any]]], dict[str, Any]]
        | None = None,
    ) -> None:
        self._now, self._around = now, around
        self._sent = 0
        self.waiting: list[Message] = []

    def take_due(self) -> list[Message]:
        """Takes out the messages whose time has come, in the order they were sent."""
        now = self._now()
        due = [message for message in self.waiting if message.at <= now]
        self.waiting = [message for message in self.waiting if message.at > now]
        return due

    def next_at(self) -> int | None:
        """When the next message can be received, if one waits."""
        return min((message.at for message in self.waiting), default=None)

    def send_message(self, **params: Any) -> dict[str, Any]:
        """Puts one message in."""
        return self._do("SendMessage", params, self._send)

    def send_message_batch(self, **params: Any) -> dict[str, Any]:
        """Puts up to ten messages in. Raises ClientError for a batch that SQS would refuse as a whole."""
        return self._do("SendMessageBatch", params, self._send_batch)

    def _do(self, operation: str, params: Mapping[str, Any], act: Any) -> dict[str, Any]:
        return act(params) if self._around is None else self._around(operation, params, act)

    def _send(self, params: Mapping[str, Any]) -> dict[str, Any]:
        if problem := _problem(params):
            raise EXCEPTIONS.error(*problem, "SendMessage")
        return {"MessageId": self._keep(params)}

    def _send_batch(self, params: Mapping[str, Any]) -> dict[str, Any]:
        entries = params["Entries"]
        ids = {entry["Id"] for entry in entries}
        size = sum(len(entry["MessageBody"].encode()) for entry in entries)
        for wrong, code in (
            (not entries, "EmptyBatchRequest"),
            (len(entries) > _ENTRIES, "TooManyEntriesInBatchRequest"),
            (len(ids) != len(entries), "BatchEntryIdsNotDistinct"),
            (size > _LARGEST, "BatchRequestTooLong"),
        ):
            if wrong:
                raise EXCEPTIONS.error(f"{_CODE}.{code}", "The batch is refused.", "SendMessageBatch")
        answer: dict[str, Any] = {"Successful": [], "Failed": []}
        for entry in entries:
            if problem := _problem(entry):
                failed = {"Id": entry["Id"], "SenderFault": True, "Code": problem[0], "Message": problem[1]}
                answer["Failed"].append(failed)
            else:
                answer["Successful"].append({"Id": entry["Id"], "MessageId": self._keep(entry)})
        return {name: results for name, results in answer.items() if results}

    def _keep(self, entry: Mapping[str, Any]) -> str:
        self._sent += 1
        at = self._now() + 1000 * entry.get("DelaySeconds", 0)
        self.waiting.append(Message(self._sent, at, entry["MessageBody"], entry.get("MessageGroupId")))
        return f"message-{self._sent}"


def _problem(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    body = entry["MessageBody"]
    if not body:
        return "MissingParameter", "The request must contain the parameter MessageBody."
    if not body.isprintable() and any(_forbidden(letter) for letter in body):
        return "InvalidMessageContents", "Invalid characters found"
    if not 0 <= entry.get("DelaySeconds", 0) <= _LONGEST_DELAY:
        return "InvalidParameterValue", "Value for parameter DelaySeconds is invalid."
    return None


def _forbidden(letter: str) -> bool:
    return (letter < " " and letter not in _ALLOWED_CONTROLS) or letter in "\ufffe\uffff"
