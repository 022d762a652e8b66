"""What the stack promises about its queues, timers, data and settings (anchors §6, reliability S-44)."""

import json
import re

import pytest

from drumbeat.domain.enrollment import OVER, EnrollmentState
from drumbeat.domain.webhook_delivery import LONGEST_DELAY
from tests.architecture.stack import ROOT, Function, functions, resources, template
from tests.world import APIS
from tools.grants import Grant
from tools.roles import granted_to

QUEUES = resources("AWS::SQS::Queue")
ROLES = resources("AWS::IAM::Role")
WORKERS = [(f, event) for f in functions() for event in f.events("SQS")]
STREAMS = [event for f in functions() for event in f.events("DynamoDB")]
SCHEDULES = [event for f in functions() for event in f.events("ScheduleV2")]
ALL = pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
RETAINED = [*resources("AWS::DynamoDB::Table"), *resources("AWS::SecretsManager::Secret"), "SenderKey"]


def queue_of(event):
    return QUEUES[event["Queue"]["Fn::GetAtt"][0]]["Properties"]


def test_there_are_workers_and_timers():
    assert {f.name for f, _ in WORKERS} == {f.name for f in functions() if f.name.startswith("workers/")} != set()
    assert len(SCHEDULES) == sum(f.name.startswith("timers/") for f in functions()) > 0


@pytest.mark.parametrize(("function", "event"), WORKERS, ids=lambda value: getattr(value, "name", "event"))
def test_a_worker_loses_no_message_and_repeats_none_for_being_slow(function: Function, event):
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    # A literal: MiniStack's poller stops at what a parameter makes of it, a string.
    assert isinstance(event["ScalingConfig"]["MaximumConcurrency"], int)
    assert queue_of(event)["VisibilityTimeout"] >= 6 * function.timeout
    # What a worker of dead letters can't do stays where it is.
    assert queue_of(event).get("RedrivePolicy", {"maxReceiveCount": 5})["maxReceiveCount"] >= 5


def test_every_queue_has_a_consumer_or_is_where_failures_go():
    consumed = {event["Queue"]["Fn::GetAtt"][0] for _, event in WORKERS}
    redrives = [queue["Properties"].get("RedrivePolicy") for queue in map(QUEUES.get, consumed)]
    dead = {redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] for redrive in redrives if redrive}
    dead |= {event["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] for event in SCHEDULES}
    dead |= {event["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] for event in STREAMS}

    assert consumed | dead == set(QUEUES)
    assert consumed & dead == {"BatchDlq"}


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_encrypted_and_its_failures_outlast_its_messages(name):
    queue = QUEUES[name]["Properties"]
    is_dead_end = "RedrivePolicy" not in queue

    assert queue["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == (14 if is_dead_end else 4) * 24 * 3600


@pytest.mark.parametrize("event", SCHEDULES, ids=lambda event: event["ScheduleExpression"])
def test_the_next_tick_is_the_retry(event):
    assert event["OmitName"] is True
    assert event["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert event["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] in QUEUES


@pytest.mark.parametrize("function", [f for f in functions() if f.events("ScheduleV2")], ids=lambda f: f.name)
def test_lambda_does_not_repeat_a_tick_either(function: Function):
    config = function.own["EventInvokeConfig"]

    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (0, 60)
    assert config["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] in QUEUES
    assert function.timeout < 60


@pytest.mark.parametrize("name", RETAINED)
def test_data_outlives_the_stack(name):
    made = template()["Resources"][name]

    assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", resources("AWS::DynamoDB::Table"))
def test_a_table_is_encrypted_recoverable_and_paid_by_request(name):
    table = resources("AWS::DynamoDB::Table")[name]["Properties"]

    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["HasProtectedTables", True, False]}
    assert table["TimeToLiveSpecification"]["Enabled"] is True


@pytest.mark.parametrize("name", resources("AWS::KMS::Key"))
def test_a_key_rotates(name):
    assert resources("AWS::KMS::Key")[name]["Properties"]["EnableKeyRotation"] is True


@pytest.mark.parametrize("name", resources("AWS::Logs::LogGroup"))
def test_logs_are_kept_for_a_stated_time(name):
    group = resources("AWS::Logs::LogGroup")[name]

    assert group["Properties"] == {"RetentionInDays": {"Ref": "LogRetentionDays"}}


@ALL
def test_a_function_logs_json_to_the_group_of_its_area(function: Function):
    area = function.name.split("/")[0]
    group = ("Api" if area in APIS else area.capitalize()) + "LogGroup"

    assert function.globals["LoggingConfig"]["LogFormat"] == "JSON"
    assert "LogFormat" not in function.own.get("LoggingConfig", {})
    assert function.log_group == group
    assert group in resources("AWS::Logs::LogGroup")


def test_no_function_is_published_under_an_alias():
    """The code is in the layer, and SAM would go on serving the old one (docs/adr/0001)."""
    text = json.dumps(template())

    assert [name for name in ("AutoPublishAlias", "SnapStart", "DeploymentPreference") if name in text] == []


def test_nothing_is_cached_idempotency_stays_on():
    """Powertools skips idempotency, with a warning, when this is set anywhere."""
    text = json.dumps(template()) + (ROOT / "samconfig.toml").read_text()

    assert "POWERTOOLS_IDEMPOTENCY_DISABLED" not in text


@ALL
def test_functions_take_runtime_layer_and_tracing_from_globals(function: Function):
    assert function.globals["Runtime"] == "python3.13"
    assert function.globals["Architectures"] == [{"Ref": "Architecture"}]
    assert function.globals["Layers"] == [{"Ref": "SharedLayer"}]
    assert function.globals["Tracing"] == "Active"
    assert {"Runtime", "Architectures", "Tracing"} & set(function.own) == set()


def test_the_layer_of_signatures_goes_to_the_function_that_checks_them():
    others = {f.name: f.own["Layers"] for f in functions() if "Layers" in f.own}

    assert others == {"tracking/take_sns": [{"Ref": "SignatureLayer"}]}


def test_a_worker_that_writes_to_its_own_queue_is_not_taken_for_a_runaway_loop():
    loops = {
        f.name: f.own.get("RecursiveLoop")
        for f, event in WORKERS
        if Grant("sqs:SendMessage", event["Queue"]["Fn::GetAtt"][0]) in granted_to(ROLES[f.role]["Properties"])
    }

    assert loops == {"workers/run_batch_chunk": "Allow", "workers/deliver_webhook": "Allow"}


def test_no_more_than_two_functions_read_the_stream():
    """A third would have all of them throttled: AWS serves a shard to two readers at a time."""
    assert len(STREAMS) == 2


@pytest.mark.parametrize("stream", STREAMS, ids=["publish_events", "follow_calls"])
def test_the_stream_loses_nothing_and_no_record_blocks_it_for_ever(stream):
    assert stream["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["BisectBatchOnFunctionError"] is True
    assert 0 < stream["MaximumRetryAttempts"] <= 100
    assert 0 < stream["MaximumRecordAgeInSeconds"] < 24 * 3600  # what the stream itself keeps
    assert stream["DestinationConfig"]["OnFailure"]["Type"] == "SQS"


def test_whoever_follows_calls_is_told_of_every_end():
    filters = [json.loads(entry["Pattern"])["dynamodb"] for entry in STREAMS[1]["FilterCriteria"]["Filters"]]
    states = [set(images["NewImage"]["state"]["S"]) for images in filters if "NewImage" in images]

    assert states == [{state.value for state in OVER | {EnrollmentState.DELETED}}] * 2


def test_a_message_about_a_delivery_waits_no_longer_than_a_queue_lets_it():
    assert LONGEST_DELAY <= 900_000
    assert QUEUES["WebhookQueue"]["Properties"]["MessageRetentionPeriod"] > LONGEST_DELAY / 1000


def test_what_never_reaches_a_function_is_answered_in_json_with_the_envelope():
    answers = resources("AWS::Serverless::Api")["Api"]["Properties"]["GatewayResponses"]

    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "THROTTLED"} <= set(answers)
    for answer in answers.values():
        ((media_type, body),) = answer["ResponseTemplates"].items()
        said = json.loads(body.replace("$context.error.messageString", '"…"'))
        assert media_type == "application/json"
        assert set(said) == {"code", "type", "message", "details"}
        assert said["type"].endswith(f"/{said['code']}")


def test_json_bodies_reach_the_functions_as_they_were_sent():
    """`*/*` as a binary type would base64-encode every one of them (docs/adr/0002)."""
    assert "BinaryMediaTypes" not in resources("AWS::Serverless::Api")["Api"]["Properties"]


def test_every_parameter_is_used_described_and_has_a_default():
    body = json.dumps({part: template()[part] for part in ("Conditions", "Globals", "Resources", "Outputs")})
    unused = [n for n in template()["Parameters"] if f'"{n}"' not in body and not re.search(rf"\$\{{{n}\}}", body)]

    assert unused == []
    assert all({"Default", "Description"} <= set(parameter) for parameter in template()["Parameters"].values())


def test_the_console_asks_for_every_parameter_in_one_group():
    groups = template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(template()["Parameters"])


def test_every_output_says_what_it_is():
    assert [name for name, output in template()["Outputs"].items() if not output.get("Description")] == []


def test_every_queue_log_and_table_can_be_found_by_an_output():
    said = json.dumps([output["Value"] for output in template()["Outputs"].values()])
    kinds = ("AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::DynamoDB::Table")

    assert [name for kind in kinds for name in resources(kind) if f'{{"Ref": "{name}"}}' not in said] == []


def test_the_stage_is_throttled_as_the_parameters_say():
    (setting,) = resources("AWS::Serverless::Api")["Api"]["Properties"]["MethodSettings"]

    assert (setting["ResourcePath"], setting["HttpMethod"]) == ("/*", "*")
    assert (setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"]) == (
        {"Ref": "ApiRateLimit"},
        {"Ref": "ApiBurstLimit"},
    )


def test_concurrency_is_reserved_only_where_it_is_asked_for_and_for_no_less_than_a_queue_hands_out():
    """AWS refuses it to accounts with a low limit, and a worker that is refused uses up its messages' receipts."""
    reserved = {
        f.name: f.own["ReservedConcurrentExecutions"] for f in functions() if "ReservedConcurrentExecutions" in f.own
    }
    handed_out = {f.name: event["ScalingConfig"]["MaximumConcurrency"] for f, event in WORKERS}

    no_value = {"Ref": "AWS::NoValue"}
    assert reserved == {
        "timers/dispatch_due": {"Fn::If": ["HasReservedConcurrency", 2, no_value]},
        "workers/send_step": {"Fn::If": ["HasReservedConcurrency", handed_out["workers/send_step"], no_value]},
    }
    assert template()["Parameters"]["ReservesConcurrency"]["Default"] == "false"
