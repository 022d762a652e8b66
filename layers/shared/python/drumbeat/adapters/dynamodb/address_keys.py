"""Keys of what is known about an address, whoever has it; everybody finds them in `keys`."""


def email_lock(tenant_number: int, digest: str) -> tuple[str, str]:
    """Who holds an address. Beside it lies the suppression of the address."""
    return f"T#{tenant_number}#EMAIL#{digest}", "LOCK"


def suppression(tenant_number: int, digest: str) -> tuple[str, str]:
    return f"T#{tenant_number}#EMAIL#{digest}", "SUPPRESSED"


def digest_of_suppression(partition: str) -> str:
    """The digest in the partition key of a suppression."""
    return partition.rpartition("#")[2]


def soft_bounces(tenant_number: int, digest: str) -> tuple[str, str]:
    """Which mails to an address came back, though not for good."""
    return f"T#{tenant_number}#EMAIL#{digest}", "SOFT"
