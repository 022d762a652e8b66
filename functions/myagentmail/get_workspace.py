"""GET /v1/workspaces/{workspace_id}"""

from drumbeat import bootstrap
from drumbeat.application.workspaces import get_workspace
from drumbeat.dialects.myagentmail.accounts import workspace_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/workspaces/{workspace_id}", dialect=MYAGENTMAIL, scope="workspaces:read")
def handler(request: Request[None]) -> Reply:
    """One workspace."""
    number = number_of("workspace", request.tenant, request.path["workspace_id"])
    found = get_workspace(bootstrap.workspaces(), tenant=request.tenant, number=number, by=request.key.reach)
    return Reply({"workspace": workspace_body(found)})
