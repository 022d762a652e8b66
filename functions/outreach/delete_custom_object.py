"""DELETE /api/v2/customObjects/{object_name}/{id}"""

from drumbeat import bootstrap
from drumbeat.application.records import delete_record
from drumbeat.dialects.outreach.custom_objects import custom_objects
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/customObjects/{object_name}/{id}", dialect=OUTREACH, scope="customObjects.delete")
def handler(request: Request[None]) -> Reply:
    """Removes a record."""
    name, number = request.path["object_name"], number_in_path("custom_object", request.path["id"])
    custom_objects(name)  # no name, no such record
    delete_record(bootstrap.custom_objects(name), "custom_object", tenant=request.tenant, number=number)
    return Reply(None, 204)
