"""POST /api/v2/customObjects/{object_name}"""

from drumbeat import bootstrap
from drumbeat.application.records import create_record
from drumbeat.dialects.outreach.custom_object_bodies import CustomObjectDocument, values_of
from drumbeat.dialects.outreach.custom_objects import custom_objects
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.domain.custom_object import CustomObject, with_values
from drumbeat.domain.ids import Kind
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/api/v2/customObjects/{object_name}",
    dialect=OUTREACH,
    scope="customObjects.write",
    body=CustomObjectDocument,
)
def handler(request: Request[CustomObjectDocument]) -> Reply:
    """Makes a record; the first of its kind makes the kind."""
    name, tenant, now = request.path["object_name"], request.tenant, request.now
    collection, shown, values = custom_objects(name), read_written(request.query_values), values_of(request.body)
    number = bootstrap.numbers().take(tenant, Kind.CUSTOM_OBJECT)
    record = with_values(CustomObject(tenant, number, name, now, now), values)
    records = bootstrap.custom_objects(name)
    kept = create_record(records, record, number, tenant=tenant, intent=request.intent, now=now)
    return Reply(written_body(collection, request, kept, shown), 201)
