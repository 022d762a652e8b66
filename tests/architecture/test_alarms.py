"""Whatever may stand still, pile up or be lost in silence has an alarm."""

import json

import pytest

from drumbeat.entrypoints.metrics import NAMESPACE, Metric
from tests.architecture.stack import functions, resources, template
from tools.expanded import expanded

ALARMS = resources("AWS::CloudWatch::Alarm")
EACH = pytest.mark.parametrize("name", ALARMS)
TIMERS = [f for f in functions() if f.events("ScheduleV2")]
READERS = [f for f in functions() if f.events("SQS") or f.events("DynamoDB")]


def watched(alarm):
    """The metrics that an alarm looks at, each with its dimensions as they stand."""
    made = expanded()["Resources"][alarm]["Properties"]
    metrics = [query["MetricStat"]["Metric"] for query in made.get("Metrics", []) if "MetricStat" in query] or [made]
    return [(metric["MetricName"], dimensions(metric)) for metric in metrics]


def dimensions(metric):
    return json.dumps([{d["Name"]: d["Value"]} for d in metric.get("Dimensions", [])])


def alarms_on(metric, logical_id):
    seen = [(name, said, where) for name in ALARMS for said, where in watched(name)]
    return [name for name, said, where in seen if said == metric and f'"{logical_id}"' in where]


def test_every_queue_that_is_read_has_an_alarm_on_its_oldest_message():
    read = [event["Queue"]["Fn::GetAtt"][0] for f in READERS for event in f.events("SQS")]
    found = {queue: alarms_on("ApproximateAgeOfOldestMessage", queue) for queue in read if queue != "BatchDlq"}

    assert found == {queue: [f"{queue}AgeAlarm"] for queue in found}


def test_every_queue_of_dead_letters_has_an_alarm_on_a_single_one():
    dead = [name for name, queue in resources("AWS::SQS::Queue").items() if "RedrivePolicy" not in queue["Properties"]]

    assert {queue: alarms_on("ApproximateNumberOfMessagesVisible", queue) for queue in dead} == {
        queue: [f"{queue}Alarm"] for queue in dead
    }
    assert {ALARMS[f"{queue}Alarm"]["Properties"]["Threshold"] for queue in dead} == {0}


def test_a_timer_that_does_not_tick_is_told_of():
    silent = {f.name: alarms_on("Invocations", f.logical_id) for f in TIMERS}

    assert silent == {f.name: [f.logical_id.removeprefix("Timers").replace("Function", "SilentAlarm")] for f in TIMERS}
    breaching = {name for name, made in ALARMS.items() if made["Properties"]["TreatMissingData"] == "breaching"}
    assert breaching == {alarm for (alarm,) in silent.values()}


def test_every_function_that_nobody_waits_for_has_an_alarm_on_its_failures():
    """A tick that fails is a message in TimerDlq; what reads a queue or the stream crashes before a message is dead."""
    targets = [f.own["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] for f in TIMERS]

    assert targets == [{"Fn::GetAtt": ["TimerDlq", "Arn"]}] * len(TIMERS)
    assert {f.name for f in READERS if alarms_on("Errors", f.logical_id) != ["ConsumerErrorsAlarm"]} == set()


def test_every_reader_of_the_stream_has_an_alarm_on_how_far_it_is_behind():
    for function in (f for f in functions() if f.events("DynamoDB")):
        assert alarms_on("IteratorAge", function.logical_id) == ["IteratorAgeAlarm"]


@EACH
def test_an_alarm_is_told_to_the_topic_and_so_is_its_end(name):
    made = ALARMS[name]
    conditions = template()["Conditions"]

    assert made["Properties"]["AlarmActions"] == made["Properties"]["OKActions"] == [{"Ref": "AlarmTopic"}]
    assert made["Condition"] == "HasAlarms" or {"Condition": "HasAlarms"} in conditions[made["Condition"]]["Fn::And"]


@EACH
def test_an_alarm_that_needs_ses_is_there_only_with_ses(name):
    assert (ALARMS[name]["Condition"] == "HasSesAlarms") == ("SesEvent" in name or "Reputation." in str(watched(name)))


@EACH
def test_an_alarm_sees_this_stack_only_or_says_that_it_sees_the_account(name):
    """A metric without a dimension is the account's: of concurrency and of SES's reputation there is no other."""
    whole = {metric for metric, where in watched(name) if where == "[]"}

    assert whole <= {"Throttles", "Reputation.BounceRate", "Reputation.ComplaintRate"}


def test_what_the_functions_measure_is_looked_for_where_they_put_it():
    namespaces = {name: made["Properties"].get("Namespace") for name, made in ALARMS.items()}
    ours = [seen for name, namespace in namespaces.items() if namespace == NAMESPACE for seen in watched(name)]

    assert {metric for metric, _ in ours} <= set(Metric)
    assert {where for _, where in ours} == {json.dumps([{"service": {"Ref": "AWS::StackName"}}])}
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}


def test_what_alarms_say_is_encrypted_with_a_key_that_cloudwatch_may_use():
    assert resources("AWS::SNS::Topic")["AlarmTopic"]["Properties"]["KmsMasterKeyId"] == {"Ref": "AlarmKey"}
    (_, granted) = resources("AWS::KMS::Key")["AlarmKey"]["Properties"]["KeyPolicy"]["Statement"]
    assert granted["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert granted["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert granted["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_dashboard_is_small_json_about_this_stack():
    body = resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body)["widgets"]

    metrics = [metric for widget in widgets for metric in widget["properties"]["metrics"]]
    ours = [metric for metric in metrics if metric[0] == NAMESPACE]
    assert len(widgets) <= 8
    assert {metric[1] for metric in ours} == set(Metric)
    assert {tuple(metric[2:4]) for metric in ours} == {("service", "${AWS::StackName}")}
    whole = {metric[1] for metric in metrics if "${" not in str(metric)}
    assert whole == {"ConcurrentExecutions", "Throttles"}
