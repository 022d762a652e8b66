"""The 23 bulk actions: what each is to the engine, and what their attributes are (contract 1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.domain.batch import TargetKind


@dataclass(frozen=True, slots=True)
class BulkAction:
    """An action by Outreach's name and by the engine's, and what it is about."""

    name: str
    engine: str
    kind: TargetKind


_OF_ACCOUNTS: Mapping[str, str] = {
    "AddTags": "add_tags",
    "RemoveTags": "remove_tags",
    "AddAssignments": "assign",
    "RemoveAssignments": "unassign",
    "RemoveAllAssignments": "unassign_all",
    "AssignOwner": "set_owner",
    "BulkModify": "modify",
    "DestroyAll": "delete",
}
_OF_PROSPECTS: Mapping[str, str] = {
    **_OF_ACCOUNTS,
    "AssignAccount": "set_company",
    "AssignOpportunity": "set_opportunity",
    "AddToSequence": "add_to_sequence",
    "FinishAll": "finish",
    "PauseAll": "pause",
}
_OF_OBJECTS: Mapping[str, str] = {
    "BulkModify": "modify",
    "BulkDelete": "delete",
}


def _named(start: str, kind: TargetKind, engine_names: Mapping[str, str]) -> dict[str, BulkAction]:
    found = {}
    for end, engine in engine_names.items():
        # The vendor's one exception: this is the only name whose beginning is singular.
        name = "accountAddTags" if (start, end) == ("accounts", "AddTags") else f"{start}{end}"
        found[name] = BulkAction(name, f"{kind.value}.{engine}", kind)
    return found


BULK_ACTIONS: Mapping[str, BulkAction] = {
    **_named("accounts", TargetKind.COMPANIES, _OF_ACCOUNTS),
    **_named("prospects", TargetKind.CONTACTS, _OF_PROSPECTS),
    **_named("customObject", TargetKind.CUSTOM_OBJECTS, _OF_OBJECTS),
}
BY_ENGINE_NAME: Mapping[str, BulkAction] = {action.engine: action for action in BULK_ACTIONS.values()}
ATTRIBUTE_NAMES: Mapping[str, str] = {
    "tags": "tags",
    "users": "userIds",
    "owner": "ownerId",
    "company": "accountId",
    "opportunity": "opportunityId",
    "sequence": "sequenceId",
    "sender": "mailboxId",
}
"""The engine's params and the attributes that say them."""
