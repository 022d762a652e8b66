"""POST /v1/workspaces"""

from drumbeat import bootstrap
from drumbeat.application.workspaces import create_workspace
from drumbeat.dialects.myagentmail.account_bodies import CreateWorkspaceRequest
from drumbeat.dialects.myagentmail.accounts import workspace_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/v1/workspaces", dialect=MYAGENTMAIL, scope="workspaces:write", body=CreateWorkspaceRequest)
def handler(request: Request[CreateWorkspaceRequest]) -> Reply:
    """Makes a part of the account that keys can be confined to."""
    workspace = create_workspace(
        bootstrap.workspaces(),
        bootstrap.numbers(),
        tenant=request.tenant,
        name=request.body.name,
        by=request.key.reach,
        intent=request.intent,
        now=request.now,
    )
    return Reply({"workspace": workspace_body(workspace)}, 201)
