"""Who is called: what stands beside an enrollment that calls somebody."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody to call. `phone` is an E.164 number, `variables` are what the agent is told about them.

    `scheduled_at` is when they were to be called, None for as soon as possible. `group_by` names the variable whose
    value they share with the others of their call group.
    """

    name: str
    phone: str
    variables: Mapping[str, str]
    zone: str
    extension: str = ""
    scheduled_at: int | None = None
    group_by: str | None = None
