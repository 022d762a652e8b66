"""Which request all this is done for: its id goes with what is handed on and with the enrollments it makes (ADR 52)."""

from collections.abc import Mapping


class Correlation:
    """The id of what this container works on, one thing at a time; None for nothing in particular."""

    name = "correlation_id"

    def __init__(self) -> None:
        self.id: str | None = None

    def marked(self, message: Mapping[str, object], *, name: str = name) -> dict[str, object]:
        """The message with the id under this name, unless it has one of its own."""
        return {**message} if self.id is None else {name: self.id, **message}


correlation = Correlation()
