"""GET /api/v2/customObjects/{object_name}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.custom_objects import custom_objects
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/customObjects/{object_name}", dialect=OUTREACH, scope="customObjects.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's records of one kind; a kind that nobody has used yet has none."""
    name, tenant = request.path["object_name"], request.tenant
    collection, records = custom_objects(name), bootstrap.custom_objects(name)
    body = list_body(
        collection,
        request,
        lambda conditions, after: records.search(tenant, conditions, after=after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
