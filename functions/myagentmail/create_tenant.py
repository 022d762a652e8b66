"""POST /v1/tenants"""

from drumbeat import bootstrap
from drumbeat.application.accounts import create_tenant
from drumbeat.dialects.myagentmail.account_bodies import CreateTenantRequest
from drumbeat.dialects.myagentmail.accounts import key_body, key_with_text, tenant_body
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.domain.tenant import KeyPrefix
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST", "/v1/tenants", dialect=MYAGENTMAIL, scope="tenants:write", body=CreateTenantRequest, for_operators=True
)
def handler(request: Request[CreateTenantRequest]) -> Reply:
    """Makes a tenant and its first key, whose text is in this answer and nowhere else."""
    tenant, issued = create_tenant(
        bootstrap.tenants(),
        bootstrap.numbers(),
        name=request.body.name,
        email=request.body.email,
        secret=clock.key_secret(),
        now=request.now,
        prefix=KeyPrefix.TENANT,
    )
    body = {"tenant": tenant_body(tenant), "key": key_body(issued.key)}
    return Reply(body, 201, once=key_with_text(issued))
