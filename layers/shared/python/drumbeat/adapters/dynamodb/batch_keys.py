"""Keys of batches and of their parts; everybody finds them in `keys`."""


def batches(tenant_number: int) -> str:
    return f"T#{tenant_number}#BATCH"


def batch(tenant_number: int, number: int) -> tuple[str, str]:
    return batches(tenant_number), f"{number:016d}"


def batch_parts(tenant_number: int, number: int) -> str:
    return f"T#{tenant_number}#B#{number}"


def batch_order(tenant_number: int, number: int) -> tuple[str, str]:
    """What a batch was asked to do, apart from its counters: it is written once, they with every chunk."""
    return batch_parts(tenant_number, number), "ORDER"


def batch_ids(tenant_number: int, number: int, place: int) -> tuple[str, str]:
    """A part of the ids that a call listed; `place` says how many stand before them."""
    return batch_parts(tenant_number, number), f"IDS#{place:08d}"


def chunk(tenant_number: int, number: int, first: int) -> tuple[str, str]:
    return batch_parts(tenant_number, number), chunk_sort(first)


def chunk_sort(first: int) -> str:
    """Eight digits hold every index of an item."""
    return f"CHUNK#{first:08d}"


def webhook_endpoints(tenant_number: int) -> tuple[str, str]:
    """All endpoints of a tenant: twenty at most, and whoever tells of events asks for all of them."""
    return f"T#{tenant_number}", "WEBHOOKS"


def receiver_health(tenant_number: int, number: int) -> tuple[str, str]:
    """How an endpoint or a connector does, once it has failed to take something."""
    return f"T#{tenant_number}#RECEIVER", f"{number:016d}"


def deliveries(tenant_number: int, number: int) -> str:
    """The partition of what is posted to a receiver, in the order in which it happened."""
    return f"T#{tenant_number}#DELIVERIES#{number}"


def delivery(tenant_number: int, number: int, event_id: str) -> tuple[str, str]:
    return deliveries(tenant_number, number), event_id
