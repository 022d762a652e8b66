"""PATCH /api/v2/accounts/{id}"""

from drumbeat import bootstrap
from drumbeat.application.records import update_linked
from drumbeat.dialects.outreach.account_bodies import UpdateAccount
from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.domain.links import given
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/accounts/{id}", dialect=OUTREACH, scope="accounts.write", body=UpdateAccount)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of an account."""
    number, tenant, now = number_in_path("company", request.path["id"]), request.tenant, request.now
    checked_id(request.body, number)
    shown, values = read_written(request.query_values), changes(ACCOUNTS, request.body)
    record = update_linked(
        bootstrap.companies(),
        bootstrap.links(),
        "company",
        tenant=tenant,
        number=number,
        change=lambda record: given(record, values),
        now=now,
    )
    return Reply(written_body(ACCOUNTS, request, record, shown))
