"""What stands in the messages by which a batch goes on. They are hints: the batch's rows decide."""

from drumbeat.domain.batch import MESSAGE_VERSION

RESOLVE = "resolve_batch"
START = "start_batch"
RUN_CHUNK = "run_chunk"

type BatchMessage = dict[str, int | str]


def resolve_message(tenant: int, number: int) -> BatchMessage:
    """Says to look for the batch's targets."""
    return {"v": MESSAGE_VERSION, "kind": RESOLVE, "tenant": tenant, "batch": number}


def start_message(tenant: int, number: int, *, first: int = 0) -> BatchMessage:
    """Says to send a message for every chunk that is not settled, from the one that holds item `first` on."""
    return {"v": MESSAGE_VERSION, "kind": START, "tenant": tenant, "batch": number, "first": first}


def chunk_message(tenant: int, number: int, first: int) -> BatchMessage:
    """Says to run the chunk whose first item has this index."""
    return {"v": MESSAGE_VERSION, "kind": RUN_CHUNK, "tenant": tenant, "batch": number, "first": first}
