"""Users, opportunities, companies and custom objects: how each is kept; and what else is searched like them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.records import Form, Records, plain_form
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sender_of, sequence_item, sequence_of
from drumbeat.domain.company import Company, view_of_company
from drumbeat.domain.custom_object import CustomObject, view_of_custom_object
from drumbeat.domain.ids import Kind
from drumbeat.domain.opportunity import Opportunity, view_of_opportunity
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset, view_of_ruleset
from drumbeat.domain.sequence_views import view_of_sender, view_of_sequence
from drumbeat.domain.user import User, view_of_user

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.sequence import Sender, Sequence

_USERS = plain_form(User, Kind.USER, keys.user, view_of_user)
_OPPORTUNITIES = plain_form(Opportunity, Kind.OPPORTUNITY, keys.opportunity, view_of_opportunity)
_COMPANIES = plain_form(Company, Kind.COMPANY, keys.company, view_of_company, paged=True)
_SEQUENCES = Form(Kind.SEQUENCE, keys.sequence, sequence_item, sequence_of, view_of_sequence)
_SENDERS = Form(
    Kind.SENDER, keys.sender, sender_item, sender_of, view_of_sender, shown=lambda sender: sender.is_mailbox
)
_CONNECTORS = replace(_SENDERS, shown=lambda sender: not sender.is_mailbox)
_PLAIN_RULESETS = plain_form(Ruleset, Kind.RULESET, keys.ruleset, view_of_ruleset)


def _ruleset_of(item: Mapping[str, Any]) -> Ruleset:
    found = _PLAIN_RULESETS.load(item)
    return replace(found, duplicates=Duplicates(found.duplicates), exclusivity=Exclusivity(found.exclusivity))


_RULESETS = replace(_PLAIN_RULESETS, load=_ruleset_of)


def ruleset_records(table: Table) -> Records[Ruleset]:
    """A tenant's rulesets, in one partition."""
    return Records(table, _RULESETS)


def sequence_records(table: Table) -> Records[Sequence]:
    """A tenant's sequences, to search them and to change their settings."""
    return Records(table, _SEQUENCES)


def sender_records(table: Table) -> Records[Sender]:
    """A tenant's mailboxes, in rotation and shared ones, to search them."""
    return Records(table, _SENDERS)


def connector_records(table: Table) -> Records[Sender]:
    """A tenant's connectors, to change them."""
    return Records(table, _CONNECTORS)


def user_records(table: Table) -> Records[User]:
    """A tenant's users: few, in one partition."""
    return Records(table, _USERS)


def opportunity_records(table: Table) -> Records[Opportunity]:
    """A tenant's opportunities, in one partition."""
    return Records(table, _OPPORTUNITIES)


def company_records(table: Table) -> Records[Company]:
    """A tenant's companies, in pages like its contacts."""
    return Records(table, _COMPANIES)


def custom_object_records(table: Table, object_name: str) -> Records[CustomObject]:
    """A tenant's records of one kind that it made up, in one partition."""
    form = plain_form(
        CustomObject,
        Kind.CUSTOM_OBJECT,
        lambda tenant, number: keys.custom_object(tenant, object_name, number),
        view_of_custom_object,
    )
    return Records(table, form)
