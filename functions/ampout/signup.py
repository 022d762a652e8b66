"""POST /signup"""

from drumbeat import bootstrap
from drumbeat.application.accounts import sign_up
from drumbeat.config import settings
from drumbeat.dialects.ampout.account_bodies import SignupRequest
from drumbeat.dialects.ampout.accounts import account_body, key_with_text
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/signup", dialect=AMPOUT, scope=None, body=SignupRequest)
def handler(request: Request[SignupRequest]) -> Reply:
    """Makes an account with its first key."""
    tenant, issued = sign_up(
        bootstrap.tenants(),
        bootstrap.numbers(),
        is_open=settings().signup_enabled,
        limit_per_hour=settings().signup_limit_per_hour,
        source=request.source,
        name=request.body.name,
        email=request.body.email,
        secret=clock.key_secret(),
        now=request.now,
    )
    return Reply(account_body(tenant, issued), 201, once={"api_key": key_with_text(issued)})
