"""Users, opportunities, companies and custom objects: how each is kept."""

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.records import Records, plain_form
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.domain.company import Company, view_of_company
from drumbeat.domain.custom_object import CustomObject, view_of_custom_object
from drumbeat.domain.ids import Kind
from drumbeat.domain.opportunity import Opportunity, view_of_opportunity
from drumbeat.domain.user import User, view_of_user

_USERS = plain_form(User, Kind.USER, keys.user, view_of_user)
_OPPORTUNITIES = plain_form(Opportunity, Kind.OPPORTUNITY, keys.opportunity, view_of_opportunity)
_COMPANIES = plain_form(Company, Kind.COMPANY, keys.company, view_of_company, paged=True)


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
