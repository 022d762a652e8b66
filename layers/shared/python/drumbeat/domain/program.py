"""Programs, which group sequences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """Groups sequences; with `unique_contacts` a contact can be in only one of them."""

    tenant: int
    number: int
    name: str
    unique_contacts: bool
    created_at: int
