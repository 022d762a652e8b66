"""An API with one function, made of its source."""

import io
import os
import zipfile

import boto3


def api_of(name: str, source: str, *, method: str) -> str:
    """The URL at which a function of this source is called by this method."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", source)
    function = boto3.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=f"arn:aws:iam::000000000000:role/{name}",
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    gateway = boto3.client("apigateway")
    api = gateway.create_rest_api(name=name)["id"]
    (root,) = gateway.get_resources(restApiId=api)["items"]
    path = gateway.create_resource(restApiId=api, parentId=root["id"], pathPart=name)["id"]
    where = {"restApiId": api, "resourceId": path, "httpMethod": method}
    gateway.put_method(**where, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function['FunctionArn']}/invocations"
    gateway.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api, stageName="prod")
    return f"{os.environ['AWS_ENDPOINT_URL']}/restapis/{api}/prod/_user_request_/{name}"
