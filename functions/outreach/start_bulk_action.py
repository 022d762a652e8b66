"""POST /api/v2/batches/actions/{action}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.batches import start_batch
from drumbeat.application.order_checks import order_problems
from drumbeat.dialects.outreach import bulk_orders
from drumbeat.dialects.outreach.action_params import read_action_params
from drumbeat.dialects.outreach.batches import BATCHES
from drumbeat.dialects.outreach.bulk_forms import BODY_LIMIT
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/api/v2/batches/actions/{action}",
    dialect=OUTREACH,
    scope="batches.write",
    body=bulk_orders.BulkRequest,
    body_limit=BODY_LIMIT,
    body_optional=True,
)
def handler(request: Request[bulk_orders.BulkRequest]) -> Reply:
    """Starts a bulk action; it is answered before anything is done."""
    query = read_action_params(request.query_values)
    order = bulk_orders.bulk_order(request.path["action"], request.body, request.key, query)
    problems = order_problems(bootstrap_outreach.order_check_ports(), tenant=request.tenant, params=order.params)
    bulk_orders.refuse_problems(problems)
    batch = start_batch(
        bootstrap.batch_ports(),
        tenant=request.tenant,
        order=order,
        all_unconfirmed=bootstrap_outreach.all_unconfirmed(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(BATCHES, request, batch, query.shown))
