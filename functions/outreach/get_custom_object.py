"""GET /api/v2/customObjects/{object_name}/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.custom_objects import custom_objects
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/customObjects/{object_name}/{id}", dialect=OUTREACH, scope="customObjects.read")
def handler(request: Request[None]) -> Reply:
    """One record."""
    name, tenant = request.path["object_name"], request.tenant
    collection, number = custom_objects(name), number_in_path("custom_object", request.path["id"])
    record = get_record(bootstrap.custom_objects(name), "custom_object", tenant=tenant, number=number)
    return Reply(one_body(collection, request, record, bootstrap_outreach.sources(tenant)))
