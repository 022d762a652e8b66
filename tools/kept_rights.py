"""What functions may do although no test calls it: the code reaches it, by a path that has no test yet."""

from collections.abc import Iterator, Mapping

from tools.grants import Grant

_GET_MANY = Grant("dynamodb:BatchGetItem", "Table")
_QUERY_QUEUE = Grant("dynamodb:Query", "Table/index/queue")
_QUERY_RELATED = Grant("dynamodb:Query", "Table/index/related")
_CHANGE = Grant("dynamodb:PartiQLUpdate", "Table")

_REASONS: Mapping[str, Mapping[str, tuple[Grant, ...]]] = {
    "Records that `include` names are read many at a time.": {
        "outreach/get_custom_object": (_GET_MANY,),
        "outreach/get_ruleset": (_GET_MANY,),
        "outreach/get_user": (_GET_MANY,),
    },
    "A search for known numbers reads them many at a time.": {
        "myagentmail/list_cadences": (_GET_MANY,),
        "outreach/delete_ruleset": (_GET_MANY,),
    },
    "A change that was refused is looked at again.": {
        "ampout/update_contact": (_CHANGE,),
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
