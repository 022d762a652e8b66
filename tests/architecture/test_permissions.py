"""Least privilege: no wildcard, nothing granted that the code does not call, and few who may decrypt."""

import ast
import json
import re
from collections import defaultdict

import pytest

from tests.architecture.stack import Function, api_functions, conditional, functions, modules, resources, template, tree

POLICIES = resources("AWS::IAM::ManagedPolicy")
INVOKING = {name: role for name, role in resources("AWS::IAM::Role").items() if name.endswith("InvokeRole")}
ROLES = {name: role for name, role in resources("AWS::IAM::Role").items() if name not in INVOKING}
ALL = pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
# The groups whose functions share roles, and what the roles begin with.
SHARING = {
    "ampout": "Ampout",
    "outreach": "Outreach",
    "myagentmail": "Cadences",
    "drumbeat": "Drumbeat",
    "julian": "Drumbeat",
}
READING = {"GET", "HEAD"}
KEYLESS = {
    "ampout/signup", "tracking/open", "tracking/click", "tracking/show_unsubscribe", "tracking/unsubscribe",
    "drumbeat/deliver_draft", "drumbeat/complete_step", "drumbeat/fail_step", "drumbeat/accept_invite",
    "drumbeat/record_reply", "drumbeat/record_call", "drumbeat/check_request", "tracking/take_smtp2go",
    "tracking/take_sns",
}  # fmt: skip
# The environment tells a function about a resource exactly when it may use it.
TOLD = {
    "SEND_QUEUE_URL": {"SendQueuePolicy"},
    "BATCH_QUEUE_URL": {"BatchQueuePolicy"},
    "WEBHOOK_QUEUE_URL": {"WebhookQueuePolicy", "WebhookPutOffPolicy"},
    "SENDER_KEY_ID": {"SenderKeyEncryptPolicy", "SenderKeyDecryptPolicy"},
    "TOKEN_SECRET_ARN": {"TokenSecretReadPolicy"},
    "SES_CONFIGURATION_SET": {"SesSendPolicy"},
    "SNS_TOPIC_ARNS": {"SnsConfirmPolicy"},
}


def statements(name):
    return POLICIES[name]["Properties"]["PolicyDocument"]["Statement"]


def as_list(value):
    return value if isinstance(value, list) else [value]


def actions(name):
    return {action for statement in statements(name) for action in as_list(statement["Action"])}


def strings(node):
    if isinstance(node, dict):
        return [s for key, value in node.items() for s in [key, *strings(value)]]
    if isinstance(node, list):
        return [s for value in node for s in strings(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_names_its_actions_and_its_resource(name):
    for statement in statements(name):
        assert statement["Effect"] == "Allow"
        assert all(re.fullmatch(r"[a-z]+:[A-Za-z]+", action) for action in as_list(statement["Action"]))
        assert not [text for text in strings(statement["Resource"]) if "*" in text]
        assert {"NotAction", "NotResource"} & set(statement) == set()


def test_nobody_may_scan():
    assert [text for text in strings(template()["Resources"]) if "dynamodb:Scan" in text] == []


@ALL
def test_a_function_gets_its_rights_from_the_shared_policies_only(function: Function):
    policies = [conditional(policy) for policy in function.own.get("Policies", [])]

    assert all(set(policy) == {"Ref"} and policy["Ref"] in POLICIES for policy in policies)
    assert len(policies) == len(function.policies) or (function.role and not policies)
    # IAM attaches ten policies to a role; SAM adds up to three of its own.
    assert len(function.policies) <= 7


@pytest.mark.parametrize("name", ROLES)
def test_a_shared_role_is_lambda_s_alone_and_holds_shared_policies_and_what_sam_would_add(name):
    role = ROLES[name]["Properties"]
    theirs = [policy["Fn::Sub"] for policy in role["ManagedPolicyArns"] if "Fn::Sub" in policy]
    ours = [policy["Ref"] for policy in role["ManagedPolicyArns"] if "Ref" in policy]

    assert set(role) == {"AssumeRolePolicyDocument", "ManagedPolicyArns"}
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    lambda_alone = {"Service": "lambda.amazonaws.com"}
    assert trust == {"Effect": "Allow", "Principal": lambda_alone, "Action": ["sts:AssumeRole"]}
    assert [arn.rpartition("/")[2] for arn in theirs] == ["AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess"]
    assert len(ours) == len(set(ours)) == len(role["ManagedPolicyArns"]) - 2
    assert set(ours) <= set(POLICIES)


def test_roles_are_shared_where_the_functions_are_many_and_nowhere_else():
    """A stack holds 500 resources, and every function with a role of its own, for rights of its own, takes one more."""
    used = defaultdict(set)
    for function in functions():
        used[SHARING.get(function.name.split("/")[0])].add(function.role)

    assert used.pop(None) == {None}
    assert set.union(*used.values()) - {None} == set(ROLES)
    assert all(role is None or role.startswith(prefix) for prefix, roles in used.items() for role in roles)


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


def test_every_policy_is_used():
    assert {policy for function in functions() for policy in function.policies} == set(POLICIES)


def test_only_what_talks_to_tenants_servers_may_decrypt():
    decrypters = {name for name in POLICIES if "kms:Decrypt" in actions(name)}

    assert decrypters == {"SenderKeyDecryptPolicy"}
    talking = {"workers/send_step", "workers/read_inbox", "workers/deliver_webhook", "ampout/test_send"}
    assert {f.name for f in functions() if f.policies & decrypters} == talking


def test_mails_go_out_as_the_identities_that_the_operator_named_and_under_our_configuration_set_only():
    senders = {name for name in POLICIES if any(action.startswith("ses:") for action in actions(name))}
    named = [statement["Resource"] for statement in statements("SesSendPolicy")]
    pattern = template()["Parameters"]["SesIdentities"]["AllowedPattern"]
    ours = "arn:aws:ses:eu-west-1:123456789012:identity/"

    assert senders == {"SesSendPolicy"}
    assert named[0] == {"Fn::Split": [",", {"Ref": "SesIdentities"}]}
    assert named[1]["Fn::Sub"].endswith(":configuration-set/${SesConfigurationSet}")
    one, other = f"{ours}acme.example", f"{ours}bob@other.example"
    assert all(re.fullmatch(pattern, good) for good in ("", one, other, f"{one},{other}"))
    assert not any(re.fullmatch(pattern, bad) for bad in ("*", ours, f"{ours}*", f"{one},*", f"{one},", one + other))


def test_without_an_identity_there_is_nothing_of_ses():
    ses = {name: made.get("Condition") for name, made in template()["Resources"].items() if "Ses" in name}

    assert set(ses.values()) == {"HasSes", "HasSesAlarms"}
    assert template()["Parameters"]["SesIdentities"]["Default"] == ""


@pytest.mark.parametrize("name", ["SenderKeyEncryptPolicy", "SenderKeyDecryptPolicy"])
def test_a_password_is_sealed_and_opened_only_for_a_tenant_and_a_sender(name):
    (statement,) = statements(name)

    assert statement["Condition"] == {
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
    for variable, policies in TOLD.items():
        assert (variable in function.environment) == bool(function.policies & policies), variable


ONLY_TELLS = {"drumbeat/replay_events", "drumbeat/send_test_event"}
"""What leaves all writing to a worker."""


@ALL
def test_what_only_reads_cannot_write(function: Function):
    method = function.route.method if function.routes else None
    writing = {
        "TableWritePolicy",
        "TableDeletePolicy",
        "IdempotencyPolicy",
        "BatchQueuePolicy",
        "SendQueuePolicy",
        "WebhookQueuePolicy",
    }

    if method in READING and function.name not in {"tracking/open", "tracking/click"}:
        assert function.policies & writing == set()
    elif method is not None and not function.name.startswith("tracking/"):
        assert "TableReadPolicy" in function.policies
        assert ("TableWritePolicy" in function.policies) == (function.name not in ONLY_TELLS)
        assert ("IdempotencyPolicy" in function.policies) == (method not in READING)


@ALL
def test_a_function_with_a_key_may_note_its_use_and_count_the_call(function: Function):
    if function.routes and function.name not in KEYLESS:
        assert function.policies & {"KeyUsePolicy", "TableWritePolicy"}
    else:
        assert "KeyUsePolicy" not in function.policies


def test_what_every_call_may_note_is_nothing_else():
    noted = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["PK", "SK", "last_used_at"]}}
    counted = {"ForAllValues:StringLike": {"dynamodb:Attributes": ["PK", "SK", "calls*", "expires_at"]}}

    there = statements("KeyUsePolicy")

    assert all(statement["Action"] == ["dynamodb:UpdateItem"] for statement in there)
    not_without = {"Null": {"dynamodb:Attributes": "false"}}
    assert [statement["Condition"] for statement in there] == [noted | not_without, counted | not_without]


def test_only_deleting_operations_may_delete():
    """Others free what they change: an address, an external id; a batch message may say to delete an import."""
    deleters = {f.name for f in functions() if "TableDeletePolicy" in f.policies}
    others = {name for name in deleters if "/delete_" not in name}

    assert {f.name for f in functions() if "/delete_" in f.name} - {"ampout/delete_webhook"} <= deleters
    workers = {"workers/run_batch_chunk", "workers/bury_batch_chunk", "workers/deliver_webhook"}
    freeing = {"ampout/update_contact", "outreach/update_prospect"}
    freeing |= {"myagentmail/update_enrollment", "myagentmail/bulk_relink"}
    assert others <= freeing | workers
