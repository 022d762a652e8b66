"""What functions may do although no test calls it: the code reaches it, by a path that has no test yet."""

from collections.abc import Iterator, Mapping

from tools.grants import Grant

_GET_MANY = Grant("dynamodb:BatchGetItem", "Table")
_QUERY_QUEUE = Grant("dynamodb:Query", "Table/index/queue")
_QUERY_RELATED = Grant("dynamodb:Query", "Table/index/related")

_REASONS: Mapping[str, Mapping[str, tuple[Grant, ...]]] = {
    "A search for known numbers reads them many at a time.": {
        "myagentmail/list_cadences": (_GET_MANY,),
    },
    "Whether enrollments are bound to a sender is seen in the queue's index.": {
        "myagentmail/bulk_relink": (_QUERY_QUEUE,),
        "myagentmail/update_enrollment": (_QUERY_QUEUE,),
    },
    "Enrollments that were relinked to a contact, and contacts of a company, are found by the index.": {
        "myagentmail/bulk_relink": (_QUERY_RELATED,),
        "myagentmail/update_enrollment": (_QUERY_RELATED,),
    },
}


def _by_function() -> Iterator[tuple[str, Grant, str]]:
    for reason, functions in _REASONS.items():
        for function, grants in functions.items():
            yield from ((function, grant, reason) for grant in grants)


def kept_rights() -> dict[str, dict[Grant, str]]:
    """By function, as in ampout/enroll: its rights that no test calls, and what each is for."""
    kept: dict[str, dict[Grant, str]] = {}
    for function, grant, reason in _by_function():
        kept.setdefault(function, {})[grant] = reason
    return kept
