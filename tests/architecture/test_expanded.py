"""What SAM makes of the template: few enough resources for a stack, and none whose name is another stack's too."""

import json
from collections import Counter

from tools.expanded import expanded

RESOURCES = expanded()["Resources"]


def test_the_stack_has_room_left():
    """CloudFormation takes 500 resources, under whatever conditions they stand."""
    assert len(RESOURCES) < 400, Counter(made["Type"] for made in RESOURCES.values())


def test_cloudformation_takes_a_template_of_this_length():
    """It takes a megabyte."""
    assert len(json.dumps(expanded())) < 500_000


def test_nothing_is_left_that_a_parameter_would_take_away():
    undecided = [name for name, made in RESOURCES.items() if "Fn::If" in repr(made)]

    assert undecided == []


def test_no_resource_has_a_name_that_a_second_stack_in_the_account_would_want_too():
    """A name may be another resource's or have the stack's in it; the API's stage lies below its API."""
    fixed = {
        f"{name}.{key}": value
        for name, made in RESOURCES.items()
        for key, value in made["Properties"].items()
        if key.endswith("Name") and key != "MetricName" and not free(value)
    }

    assert fixed == {"ApiStage.StageName": {"Ref": "Stage"}}


def free(name):
    match name:
        case {"Ref": str(other)}:
            return other in RESOURCES
        case {"Fn::Sub": str(pattern)}:
            return "${AWS::StackName}" in pattern
    return False
