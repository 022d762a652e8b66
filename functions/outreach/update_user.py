"""PATCH /api/v2/users/{id}"""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.application.records import update_record
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.user_bodies import UpdateUser
from drumbeat.dialects.outreach.users import USERS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/users/{id}", dialect=OUTREACH, scope="users.write", body=UpdateUser)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of a user."""
    number = number_in_path("user", request.path["id"])
    checked_id(request.body, number)
    shown, given = read_written(request.query_values), changes(USERS, request.body)
    user = update_record(
        bootstrap.users(),
        "user",
        tenant=request.tenant,
        number=number,
        change=lambda user: replace(user, **given),
        now=request.now,
    )
    return Reply(written_body(USERS, request, user, shown))
