"""Keys of inboxes and of what was found in them; everybody finds them in `keys`."""


def inboxes(tenant_number: int) -> str:
    return f"T#{tenant_number}#INBOX"


def inbox(tenant_number: int, sender_number: int) -> tuple[str, str]:
    """How far a sender's mailbox has been read."""
    return inboxes(tenant_number), f"{sender_number:016d}"


def inbox_census() -> tuple[str, str]:
    """Up to which tenant senders from before there were inboxes have been given theirs."""
    return "T#0#INBOXES", "CENSUS"


def waking_inboxes() -> str:
    """Queue index: the inboxes that are read from time to time, by the instant of the next look."""
    return "T#0#INBOXES"


def waking_inbox_sort(look_at: int, tenant_number: int, sender_number: int) -> str:
    return f"{look_at:015d}#{tenant_number}#{sender_number}"


def unmatched_replies(tenant_number: int) -> str:
    return f"T#{tenant_number}#UNMATCHED"


def unmatched_reply(tenant_number: int, received_at: int, sender_number: int, digest: str) -> tuple[str, str]:
    """A mail in a sender's mailbox that belongs to no enrollment."""
    return unmatched_replies(tenant_number), f"{received_at:015d}#{sender_number:016d}#{digest}"


def replies(tenant_number: int, sequence_number: int) -> str:
    """Status index: a sequence's enrollments that ended with a reply."""
    return f"T#{tenant_number}#R#{sequence_number}"


def reply_sort(replied_at: int, contact_number: int, run: int) -> str:
    return f"{replied_at:015d}#{contact_number:016d}#{run:04d}"
