"""POST /api/v2/users"""

from drumbeat import bootstrap
from drumbeat.application.records import create_record
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.user_bodies import CreateUser
from drumbeat.dialects.outreach.users import USERS
from drumbeat.domain.ids import Kind
from drumbeat.domain.user import User
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/users", dialect=OUTREACH, scope="users.write", body=CreateUser)
def handler(request: Request[Document]) -> Reply:
    """Makes a user: somebody whom records can belong to."""
    shown, given = read_written(request.query_values), changes(USERS, request.body)
    tenant, now = request.tenant, request.now
    number = bootstrap.numbers().take(tenant, Kind.USER)
    names = {"first_name": None, "last_name": None} | given
    user = User(tenant=tenant, number=number, created_at=now, updated_at=now, **names)
    kept = create_record(bootstrap.users(), user, number, tenant=tenant, intent=request.intent, now=now)
    return Reply(written_body(USERS, request, kept, shown), 201)
