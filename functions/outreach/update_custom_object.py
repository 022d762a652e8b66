"""PATCH /api/v2/customObjects/{object_name}/{id}"""

from drumbeat import bootstrap
from drumbeat.application.records import update_record
from drumbeat.dialects.outreach.bodies import checked_id
from drumbeat.dialects.outreach.custom_object_bodies import CustomObjectDocument, values_of
from drumbeat.dialects.outreach.custom_objects import custom_objects
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.domain.custom_object import with_values
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "PATCH",
    "/api/v2/customObjects/{object_name}/{id}",
    dialect=OUTREACH,
    scope="customObjects.write",
    body=CustomObjectDocument,
)
def handler(request: Request[CustomObjectDocument]) -> Reply:
    """Changes the attributes that are given; null takes one away."""
    name, number = request.path["object_name"], number_in_path("custom_object", request.path["id"])
    checked_id(request.body, number)
    collection, shown, values = custom_objects(name), read_written(request.query_values), values_of(request.body)
    record = update_record(
        bootstrap.custom_objects(name),
        "custom_object",
        tenant=request.tenant,
        number=number,
        change=lambda record: with_values(record, values),
        now=request.now,
    )
    return Reply(written_body(collection, request, record, shown))
