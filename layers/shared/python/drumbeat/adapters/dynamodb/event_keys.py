"""Keys of events and of what is counted of them; everybody finds them in `keys`."""


def events(tenant_number: int, day: int) -> str:
    """The partition of what happened to a tenant on a UTC day, in its order."""
    return f"T#{tenant_number}#EVENTS#{day:06d}"


def event(tenant_number: int, day: int, sort: str) -> tuple[str, str]:
    return events(tenant_number, day), sort


def sequence_days(tenant_number: int, sequence_number: int) -> str:
    """The partition of what was counted of a sequence's mails."""
    return f"T#{tenant_number}#STATS#S#{sequence_number}"


def sequence_day(tenant_number: int, sequence_number: int, day: int, step: int, sender_number: int) -> tuple[str, str]:
    """What was counted, on a UTC day, of the mails of a step that a sender sent."""
    return sequence_days(tenant_number, sequence_number), f"{count_day(day)}{step:04d}#{sender_number:016d}"


def sender_days(tenant_number: int, sender_number: int) -> str:
    """The partition of what was counted of a sender's mails."""
    return f"T#{tenant_number}#STATS#M#{sender_number}"


def sender_day(tenant_number: int, sender_number: int, day: int) -> tuple[str, str]:
    return sender_days(tenant_number, sender_number), count_day(day)


def count_day(day: int) -> str:
    """The beginning of what is counted on a UTC day."""
    return f"{day:06d}#"


def month(tenant_number: int, name: str) -> tuple[str, str]:
    """How many mails a tenant has sent in a UTC month, such as 2026-11; beside the tenant itself."""
    return f"T#{tenant_number}", f"MONTH#{name}"


def limits(tenant_number: int) -> tuple[str, str]:
    """The monthly limits of this tenant and its neighbours: so the dispatcher learns of many in one read."""
    return "T#0#LIMITS", f"{tenant_number >> 12:06d}"


def limit_of(tenant_number: int) -> str:
    """The attribute there that holds a tenant's limit."""
    return f"t{tenant_number}"
