"""Roles in the template: as few as grant each function what it needs, whoever wrote what was there before."""

from cfnlint.decode import decode_str

from tools.grants import Grant
from tools.rights import Record
from tools.roles import done_by_lambda, granted_to, rewritten

TEMPLATE = """\
Globals:
  Function:
    LoggingConfig: {LogFormat: JSON, LogGroup: !Ref ApiLogGroup}

Resources:
  ShopGetFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/shop/
      Handler: get.handler
      Description: GET /shop

  ShopListFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/shop/
      Handler: list.handler
      Policies:
        - !Ref SomePolicy
      # This stays.
      Timeout: 3

  ShopSellFunction:
    Type: AWS::Serverless::Function
    Condition: HasShop
    Properties:
      CodeUri: functions/shop/
      Handler: sell.handler
      Policies: [!Ref SomePolicy]
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt SaleQueue.Arn}}

  # --- Written by `make roles` ---
  # --- The end of what `make roles` writes ---

Outputs: {}
"""
READ = Grant("dynamodb:GetItem", "Table")
QUERY = Grant("dynamodb:Query", "Table/index/queue")
SEAL = Grant("kms:Encrypt", "SenderKey", "tenant and sender")
MAIL = Grant("ses:SendEmail", "SesIdentities")


def granted(text):
    """What the functions may do beside what Lambda does as them, and how many roles there are."""
    decoded, problems = decode_str(text)
    assert not problems
    made = decoded["Resources"]
    functions = {name: one["Properties"] for name, one in made.items() if name.endswith("Function")}
    grants = {}
    for name, function in functions.items():
        role = made[function["Role"]["Fn::GetAtt"][0]]["Properties"]
        own = set(done_by_lambda({**decoded["Globals"]["Function"], **function}))
        assert own <= granted_to(role)
        grants[name] = set(granted_to(role)) - own
    return grants, {name for name, one in made.items() if one["Type"] == "AWS::IAM::Role"}


def whole(**used):
    return Record(True, {f"shop/{name}": frozenset(grants) for name, grants in used.items()})


def part(**used):
    return Record(False, whole(**used).used)


def test_functions_that_need_the_same_share_a_role_and_each_gets_what_it_called():
    text = rewritten(TEMPLATE, whole(get={READ}, list={READ}, sell={READ, QUERY, SEAL, MAIL}))

    grants, roles = granted(text)

    assert grants == {
        "ShopGetFunction": {READ},
        "ShopListFunction": {READ},
        "ShopSellFunction": {READ, QUERY, SEAL, MAIL},
    }
    assert roles == {"ApiGetRole", "ShopSellRole"}


def test_written_again_it_stays_as_it_is():
    text = rewritten(TEMPLATE, whole(get={READ}, list={QUERY}, sell={SEAL, MAIL}))

    assert rewritten(text, Record()) == text


def test_a_run_of_some_tests_adds_and_takes_nothing_away():
    text = rewritten(TEMPLATE, whole(get={READ}, list={READ}, sell={SEAL}))

    grants, _ = granted(rewritten(text, part(list={QUERY}, sell=set())))

    assert grants == {"ShopGetFunction": {READ}, "ShopListFunction": {READ, QUERY}, "ShopSellFunction": {SEAL}}


def test_a_run_of_all_tests_takes_away_what_none_has_called():
    text = rewritten(TEMPLATE, whole(get={READ, QUERY}, list={READ}, sell={SEAL}))

    grants, _ = granted(rewritten(text, whole(get={READ}, list={READ}, sell={SEAL})))

    assert grants["ShopGetFunction"] == {READ}


def test_what_else_is_said_of_a_function_stays():
    text = rewritten(TEMPLATE, whole(get={READ}))

    assert "Policies: [" not in text
    assert "SomePolicy" not in text
    assert "      # This stays.\n      Timeout: 3\n" in text
    assert "      Handler: get.handler\n      Role: !GetAtt ShopGetRole.Arn\n      Description: GET /shop\n" in text


def test_the_role_of_what_is_there_under_a_condition_is_there_under_it_too():
    """It names a queue that is not there otherwise."""
    text = rewritten(TEMPLATE, whole(sell={READ}))

    assert "  ShopSellRole:\n    Type: AWS::IAM::Role\n    Condition: HasShop\n" in text
    assert "!GetAtt SaleQueue.Arn" in text
