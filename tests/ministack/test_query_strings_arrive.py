"""Query strings with brackets and repeated names arrive through an API as Outreach's clients send them."""

import io
import json
import os
import zipfile

import boto3
import pytest

from drumbeat.entrypoints.event import query_values_of
from tools.local.api import fetch

ECHO = """
import json

def handler(event, context):
    names = ("queryStringParameters", "multiValueQueryStringParameters", "path", "requestContext")
    return {"statusCode": 200, "headers": {}, "body": json.dumps({name: event.get(name) for name in names})}
"""
ASKED = "/echo?filter%5Bid%5D%5B%5D=1&filter[id][]=2&filter[name]=a%2Cb%20c&page[size]=&sort=-id&newFilterSyntax=true"
pytestmark = pytest.mark.ministack


@pytest.fixture
def echo(ministack):
    """The URL of an API whose one function says what it was called with."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", ECHO)
    function = boto3.client("lambda").create_function(
        FunctionName="echo",
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/echo",
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    gateway = boto3.client("apigateway")
    api = gateway.create_rest_api(name="echo")["id"]
    (root,) = gateway.get_resources(restApiId=api)["items"]
    path = gateway.create_resource(restApiId=api, parentId=root["id"], pathPart="echo")["id"]
    where = {"restApiId": api, "resourceId": path, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function['FunctionArn']}/invocations"
    gateway.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api, stageName="prod")
    return f"{os.environ['AWS_ENDPOINT_URL']}/restapis/{api}/prod/_user_request_"


def test_all_values_of_all_parameters_arrive_decoded(echo):
    status, body = fetch(echo + ASKED)

    event = json.loads(body)
    assert status == 200
    assert query_values_of(event) == {
        "filter[id][]": ("1", "2"),
        "filter[name]": ("a,b c",),
        "page[size]": ("",),
        "sort": ("-id",),
        "newFilterSyntax": ("true",),
    }
