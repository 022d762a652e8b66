"""POST /api/v2/batches"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.batches import start_batch
from drumbeat.application.order_checks import order_problems
from drumbeat.dialects.outreach.action_params import read_action_params
from drumbeat.dialects.outreach.batches import BATCHES
from drumbeat.dialects.outreach.bulk_forms import BODY_LIMIT
from drumbeat.dialects.outreach.bulk_orders import PAYLOAD, NewBatchRequest, new_batch_order, refuse_problems
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST", "/api/v2/batches", dialect=OUTREACH, scope="batches.write", body=NewBatchRequest, body_limit=BODY_LIMIT
)
def handler(request: Request[NewBatchRequest]) -> Reply:
    """Makes a batch of an action and its payload; it is answered before anything is done."""
    query = read_action_params(request.query_values)
    order = new_batch_order(request.body, request.key, query)
    problems = order_problems(bootstrap_outreach.order_check_ports(), tenant=request.tenant, params=order.params)
    refuse_problems(problems, under=PAYLOAD)
    batch = start_batch(
        bootstrap.batch_ports(),
        tenant=request.tenant,
        order=order,
        all_unconfirmed=bootstrap_outreach.all_unconfirmed(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(BATCHES, request, batch, query.shown), 201)
