"""GET /v1/workspaces"""

from drumbeat import bootstrap
from drumbeat.application.workspaces import list_workspaces
from drumbeat.dialects.myagentmail.accounts import workspace_body, workspace_id
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.listing import behind, listed
from drumbeat.domain.ids import Kind
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/workspaces", dialect=MYAGENTMAIL, scope="workspaces:read")
def handler(request: Request[None]) -> Reply:
    """The workspaces that the key sees, oldest first."""
    after = behind(Kind.WORKSPACE, request.tenant, request.query)
    found = list_workspaces(bootstrap.workspaces(), tenant=request.tenant, by=request.key.reach, after=after)
    return Reply(listed(found, request.query, show=workspace_body, cursor_of=workspace_id))
