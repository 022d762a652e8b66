"""What the policies grant on the stack's resources is what the adapters call: no more, no less."""

import ast
import re

from tests.architecture.stack import modules, resources, tree

# The boto3 methods that name the action they need; the others need the actions of what they carry.
DIRECT = {
    "get_item": "dynamodb:GetItem",
    "batch_get_item": "dynamodb:BatchGetItem",
    "query": "dynamodb:Query",
    "put_item": "dynamodb:PutItem",
    "update_item": "dynamodb:UpdateItem",
    "delete_item": "dynamodb:DeleteItem",
    "batch_write_item": "dynamodb:BatchWriteItem",
    "scan": "dynamodb:Scan",
    "send_message": "sqs:SendMessage",
    "send_message_batch": "sqs:SendMessage",
    "change_message_visibility_batch": "sqs:ChangeMessageVisibility",
    "encrypt": "kms:Encrypt",
    "decrypt": "kms:Decrypt",
    "generate_data_key": "kms:GenerateDataKey",
    "get_secret_value": "secretsmanager:GetSecretValue",
    "confirm_subscription": "sns:ConfirmSubscription",
}
SENT = {"ses:SendEmail", "ses:SendRawEmail"}  # send_email asks for both where the content is raw
CARRIED = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
STATEMENTS = {
    "INSERT INTO": "dynamodb:PartiQLInsert",
    "UPDATE": "dynamodb:PartiQLUpdate",
    "DELETE FROM": "dynamodb:PartiQLDelete",
    "SELECT": "dynamodb:PartiQLSelect",
}


def called():
    nodes = [node for path in modules("adapters") for node in ast.walk(tree(path))]
    methods = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    needed = {action for method, action in DIRECT.items() if method in methods}
    if "transact_write_items" in methods:
        needed |= {action for name, action in CARRIED.items() if name in texts}
    if "send_email" in methods:
        needed |= SENT
    for words, action in STATEMENTS.items():
        if any(re.match(rf"{words} [\"'{{]|{words} $|{words} \"", text) for text in texts):
            needed.add(action)
    return needed


def test_the_policies_grant_what_the_adapters_call():
    policies = resources("AWS::IAM::ManagedPolicy").values()
    granted = {
        action
        for policy in policies
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }

    assert granted == called()
