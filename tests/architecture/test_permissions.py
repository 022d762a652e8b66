"""Least privilege: what each function's role grants, in the expanded template, and that nothing else grants anything.

That it is what the function calls, no less and no more, is looked at while the tests run (tests/rights).
"""

import ast
import json
import re
from functools import cache

import pytest

from tests.architecture.stack import Function, api_functions, functions, modules, resources, template, tree
from tools.expanded import expanded
from tools.grants import CONDITIONS, Grant
from tools.rights import KEPT, Record
from tools.roles import TEMPLATE, granted_to, rewritten

EXPANDED = expanded()["Resources"]
MADE = {name: role["Properties"] for name, role in EXPANDED.items() if role["Type"] == "AWS::IAM::Role"}
INVOKING = {name: role for name, role in resources("AWS::IAM::Role").items() if name.endswith("InvokeRole")}
ROLES = {name: role for name, role in resources("AWS::IAM::Role").items() if name not in INVOKING}
ALL = pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
READING = {"GET", "HEAD"}
KEYLESS = {
    "ampout/signup", "tracking/open", "tracking/click", "tracking/show_unsubscribe", "tracking/unsubscribe",
    "drumbeat/deliver_draft", "drumbeat/complete_step", "drumbeat/fail_step", "drumbeat/accept_invite",
    "drumbeat/record_reply", "drumbeat/record_call", "drumbeat/check_request", "tracking/take_smtp2go",
    "tracking/take_sns",
}  # fmt: skip
# The environment tells a function about a resource exactly when it may use it.
TOLD = {
    "SEND_QUEUE_URL": "SendQueue",
    "BATCH_QUEUE_URL": "BatchQueue",
    "WEBHOOK_QUEUE_URL": "WebhookQueue",
    "INBOX_QUEUE_URL": "InboxQueue",
    "SENDER_KEY_ID": "SenderKey",
    "TOKEN_SECRET_ARN": "TokenSecret",
    "SES_CONFIGURATION_SET": "SesConfigurationSet",
    "SNS_TOPIC_ARNS": "SnsTopicArns",
}
# A batch that is canceled tells nobody; its ports are those of every batch.
ONLY_TOLD = {("outreach/cancel_batch", "BATCH_QUEUE_URL")}
LAMBDA_READS = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
NOTES_USE = {
    Grant("dynamodb:UpdateItem", "Table", "last use of a key"),
    Grant("dynamodb:UpdateItem", "Table", "calls of a key"),
}
UPDATE = Grant("dynamodb:UpdateItem", "Table")


@cache
def rights_of(role: str) -> frozenset[Grant]:
    return granted_to(MADE[role])


def granted(function: Function) -> frozenset[Grant]:
    return rights_of(EXPANDED[function.logical_id]["Properties"]["Role"]["Fn::GetAtt"][0])


def who_may(action, resource=None):
    return {
        f.name for f in functions() if any(g.action == action and resource in {None, g.resource} for g in granted(f))
    }


def test_make_roles_has_been_said():
    """Who names a role by hand, or changes what Lambda does for a function, says `make roles`."""
    text = TEMPLATE.read_text()

    assert rewritten(text, Record()) == text


def test_nothing_but_a_function_s_role_says_what_it_may_do():
    """No managed policy, ours or AWS's, no policy that SAM adds, no role that nobody has."""
    used = {deployed["Properties"]["Role"]["Fn::GetAtt"][0] for deployed in of_type("AWS::Lambda::Function")}

    assert used == set(ROLES)
    assert not [name for name, role in MADE.items() if role.get("ManagedPolicyArns")]
    assert of_type("AWS::IAM::ManagedPolicy") == of_type("AWS::IAM::Policy") == []
    assert not [f.name for f in functions() if f.own.get("Policies")]


def of_type(kind):
    return [made for made in EXPANDED.values() if made["Type"] == kind]


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_lambda_s_alone_and_names_what_it_grants(name):
    role = ROLES[name]["Properties"]

    assert set(role) == {"AssumeRolePolicyDocument", "Policies"}
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    lambda_alone = {"Service": "lambda.amazonaws.com"}
    assert trust == {"Effect": "Allow", "Principal": lambda_alone, "Action": ["sts:AssumeRole"]}
    for grant in granted_to(role):
        assert re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", grant.action)
        # X-Ray knows no resources.
        assert "*" not in grant.resource or grant.action in {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    # IAM takes so many characters of a role's policies.
    assert len(json.dumps(role["Policies"])) <= 10_240


def test_nobody_may_scan():
    assert who_may("dynamodb:Scan") == set()


@ALL
def test_lambda_may_do_what_it_does_as_the_function(function: Function):
    """It writes to its log group and X-Ray, takes from its queue or the stream, and tells where failures go."""
    needed = {
        *(Grant(action, function.log_group) for action in ("logs:CreateLogStream", "logs:PutLogEvents")),
        *(Grant(action, "*") for action in ("xray:PutTraceSegments", "xray:PutTelemetryRecords")),
    }
    for made in of_type("AWS::Lambda::EventSourceMapping"):
        if made["Properties"]["FunctionName"] == {"Ref": function.logical_id}:
            source, kind = made["Properties"]["EventSourceArn"]["Fn::GetAtt"]
            reads = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
            on_stream = {Grant(f"dynamodb:{action}", f"{source}/stream") for action in reads}
            needed |= on_stream if kind == "StreamArn" else {Grant(action, source) for action in LAMBDA_READS}
            needed |= told(made)
    for made in of_type("AWS::Lambda::EventInvokeConfig"):
        if made["Properties"]["FunctionName"] == {"Ref": function.logical_id}:
            needed |= told(made)
    of_lambda = {"logs", "xray"}

    assert needed <= granted(function)
    assert {g for g in granted(function) if g.action.split(":")[0] in of_lambda or is_dead_end(g)} <= needed
    assert {g for g in granted(function) if g.action in LAMBDA_READS or g.resource.endswith("/stream")} <= needed


def told(made):
    destinations = made["Properties"].get("DestinationConfig", {}).values()
    return {Grant("sqs:SendMessage", there["Destination"]["Fn::GetAtt"][0]) for there in destinations}


def is_dead_end(grant):
    return grant.resource.endswith("Dlq") and grant.action == "sqs:SendMessage"


@pytest.mark.parametrize("name", INVOKING)
def test_what_invokes_an_api_s_functions_is_api_gateway_s_alone_and_may_do_nothing_else(name):
    role = INVOKING[name]["Properties"]
    called = {f.logical_id for f in api_functions() if f"{f.name.split('/')[0].capitalize()}InvokeRole" == name}

    assert set(role) == {"AssumeRolePolicyDocument", "Policies"}
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    gateway_alone = {"Service": "apigateway.amazonaws.com"}
    assert trust == {"Effect": "Allow", "Principal": gateway_alone, "Action": ["sts:AssumeRole"]}
    ((statement,),) = (policy["PolicyDocument"]["Statement"] for policy in role["Policies"])
    assert (statement["Effect"], statement["Action"]) == ("Allow", ["lambda:InvokeFunction"])
    assert {arn["Fn::GetAtt"][0] for arn in statement["Resource"]} == called
    assert all(arn["Fn::GetAtt"][1] == "Arn" for arn in statement["Resource"])


@pytest.mark.parametrize("name", INVOKING)
def test_iam_takes_what_a_role_may_invoke(name):
    """10,240 characters without white space, even if every function's name were as long as they come."""
    policies = INVOKING[name]["Properties"]["Policies"]
    longest = f"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:{'x' * 64}"

    said = re.sub(r'{"Fn::GetAtt":\["\w+","Arn"\]}', f'"{longest}"', json.dumps(policies, separators=(",", ":")))

    assert len(said) <= 10_240


def test_api_gateway_invokes_each_function_as_a_role_that_may():
    paths = resources("AWS::Serverless::Api")["Api"]["Properties"]["DefinitionBody"]["paths"]
    roles = {
        (method.upper(), path): answer["x-amazon-apigateway-integration"]["credentials"]
        for path, answers in paths.items()
        for method, answer in answers.items()
    }
    wanted = {route: f"{f.name.split('/')[0].capitalize()}InvokeRole" for f in api_functions() for route in f.routes}

    assert roles == {route: {"Fn::GetAtt": [role, "Arn"]} for route, role in wanted.items()}


def test_only_what_talks_to_tenants_servers_may_decrypt():
    talking = {"workers/send_step", "workers/read_inbox", "workers/deliver_webhook", "ampout/test_send"}

    assert who_may("kms:Decrypt") == talking


def test_mails_go_out_as_the_identities_that_the_operator_named_and_under_our_configuration_set_only():
    pattern = template()["Parameters"]["SesIdentities"]["AllowedPattern"]
    ours = "arn:aws:ses:eu-west-1:123456789012:identity/"

    senders = who_may("ses:SendEmail")
    resources_named = {g.resource for f in functions() for g in granted(f) if g.action.startswith("ses:")}

    assert senders == who_may("ses:SendRawEmail") == {"workers/send_step", "ampout/test_send"}
    assert resources_named == {"SesIdentities", "SesConfigurationSet"}
    one, other = f"{ours}acme.example", f"{ours}bob@other.example"
    assert all(re.fullmatch(pattern, good) for good in ("", one, other, f"{one},{other}"))
    assert not any(re.fullmatch(pattern, bad) for bad in ("*", ours, f"{ours}*", f"{one},*", f"{one},", one + other))


def test_without_an_identity_there_is_nothing_of_ses():
    ses = {name: made.get("Condition") for name, made in template()["Resources"].items() if "Ses" in name}

    assert set(ses.values()) == {"HasSes", "HasSesAlarms"}
    assert template()["Parameters"]["SesIdentities"]["Default"] == ""


def test_a_secret_is_sealed_and_opened_only_for_a_tenant_and_a_sender():
    sealing = {g for f in functions() for g in granted(f) if g.action.startswith("kms:")}

    assert sealing == {Grant(f"kms:{action}", "SenderKey", "tenant and sender") for action in ("Encrypt", "Decrypt")}
    assert CONDITIONS["tenant and sender"] == {
        "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant", "sender"]},
        "Null": {"kms:EncryptionContext:tenant": "false", "kms:EncryptionContext:sender": "false"},
    }


def test_the_encryption_context_in_the_code_has_the_keys_that_the_policies_demand():
    contexts = [
        {ast.literal_eval(key) for key in node.keys if key is not None}
        for path in modules("adapters")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Dict)
        and {"tenant", "sender"} & {key.value for key in node.keys if isinstance(key, ast.Constant)}
        and "kms" in path.stem
    ]

    assert contexts
    assert all(context == {"tenant", "sender"} for context in contexts)


@ALL
def test_a_function_is_told_of_what_it_may_use_and_of_nothing_else(function: Function):
    used = {grant.resource for grant in granted(function) if grant.action not in LAMBDA_READS}

    for variable, resource in TOLD.items():
        told = variable in function.environment and (function.name, variable) not in ONLY_TOLD
        assert told == (resource in used), variable


@ALL
def test_what_only_reads_cannot_write(function: Function):
    """But for the last use of a key and the count of its calls. Who opens a mail and follows a link is noted."""
    reading = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
    noting = {"tracking/open", "tracking/click"}

    if function.routes and function.route.method in READING and function.name not in noting:
        on_tables = {g for g in granted(function) if g.action.startswith("dynamodb:")}
        assert {g.action for g in on_tables - NOTES_USE} <= reading
        assert not [g for g in granted(function) if g.action.startswith("sqs:")]


@ALL
def test_a_function_with_a_key_may_note_its_use_and_count_the_call(function: Function):
    if function.routes and function.name not in KEYLESS:
        assert granted(function) >= NOTES_USE or UPDATE in granted(function)
    else:
        assert not granted(function) & NOTES_USE


@ALL
def test_what_changes_something_by_key_may_be_done_once(function: Function):
    once = {Grant(f"dynamodb:{action}", "IdempotencyTable") for action in ("PutItem", "UpdateItem", "DeleteItem")}
    may = {grant for grant in granted(function) if grant.resource == "IdempotencyTable"}

    if function.routes and function.route.method not in READING and not function.name.startswith("tracking/"):
        assert once <= may
    else:
        assert may == set()


def test_what_every_call_may_note_is_nothing_else():
    not_without = {"Null": {"dynamodb:Attributes": "false"}}
    noted = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["PK", "SK", "last_used_at"]}}
    counted = {"ForAllValues:StringLike": {"dynamodb:Attributes": ["PK", "SK", "calls*", "expires_at"]}}

    assert CONDITIONS["last use of a key"] == noted | not_without
    assert CONDITIONS["calls of a key"] == counted | not_without


def test_only_deleting_operations_may_delete():
    """Others free what they change: an address, an external id, a key that nobody saw; a batch may delete an import."""
    deleters = who_may("dynamodb:DeleteItem", "Table") | who_may("dynamodb:BatchWriteItem")
    others = {name for name in deleters if "/delete_" not in name}

    assert {f.name for f in functions() if "/delete_" in f.name} - {"ampout/delete_webhook"} <= deleters
    workers = {"workers/run_batch_chunk", "workers/bury_batch_chunk", "workers/deliver_webhook"}
    freeing = {"ampout/update_contact", "outreach/update_prospect"}
    freeing |= {"myagentmail/update_enrollment", "myagentmail/bulk_relink", "myagentmail/create_enrollment"}
    freeing |= {"ampout/create_api_key", "myagentmail/create_key", "drumbeat/unsuppress"}
    assert others <= freeing | workers


def test_what_is_kept_without_a_test_has_a_reason():
    names = {f.name: granted(f) for f in functions()}

    assert set(KEPT) <= set(names)
    assert all(kept.keys() <= names[function] for function, kept in KEPT.items())
    assert all(len(reason) > 20 for kept in KEPT.values() for reason in kept.values())
