"""HEAD arrives at a function through an API, and its answer has no body."""

import http.client
import io
import os
import zipfile
from contextlib import closing
from urllib.parse import urlsplit

import boto3
import pytest

CHECK = """
def handler(event, context):
    return {"statusCode": 200 if event["httpMethod"] == "HEAD" else 500, "headers": {"X-Seen": "yes"}, "body": ""}
"""
pytestmark = pytest.mark.ministack


@pytest.fixture
def api(ministack):
    """The URL of an API whose one function takes HEAD only."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", CHECK)
    function = boto3.client("lambda").create_function(
        FunctionName="check",
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/check",
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    gateway = boto3.client("apigateway")
    made = gateway.create_rest_api(name="check")["id"]
    (root,) = gateway.get_resources(restApiId=made)["items"]
    path = gateway.create_resource(restApiId=made, parentId=root["id"], pathPart="check")["id"]
    where = {"restApiId": made, "resourceId": path, "httpMethod": "HEAD"}
    gateway.put_method(**where, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function['FunctionArn']}/invocations"
    gateway.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=made, stageName="prod")
    return f"{os.environ['AWS_ENDPOINT_URL']}/restapis/{made}/prod/_user_request_/check"


def test_head_is_answered_by_the_function_without_a_body(api):
    parts = urlsplit(api)

    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)) as connection:
        connection.request("HEAD", parts.path)
        answer = connection.getresponse()
        body = answer.read()

    assert (answer.status, answer.headers["X-Seen"], body) == (200, "yes", b"")
