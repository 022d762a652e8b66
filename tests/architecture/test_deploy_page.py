"""docs/deploy.md spells commands of AWS, parameters, outputs, make's targets and files that there are."""

import re
import shlex
from functools import cache

import pytest
from botocore import xform_name
from botocore.session import Session

from tools.template import ROOT, template

PAGE = (ROOT / "docs/deploy.md").read_text()
_OF_THE_PROGRAM = {"--query", "--output", "--cli-binary-format"}
_OWN = {"aws configure sso", "aws cloudformation deploy", "aws logs tail"}
"""What the program does by itself: no operation of a service."""


def _commands() -> list[str]:
    lines = [line.partition("   #")[0] for line in PAGE.splitlines() if line.startswith("aws ")]
    return lines + re.findall(r"`(aws [^`]+)`", PAGE)


@cache
def _session() -> Session:
    return Session()


@cache
def _operations(service: str) -> dict[str, set[str]]:
    """The options that each operation of a service has."""
    model = _session().get_service_model(service)
    return {
        xform_name(name, "-"): {xform_name(option, "-") for option in _members(model.operation_model(name))}
        for name in model.operation_names
    }


def _members(operation) -> list[str]:
    return [] if operation.input_shape is None else list(operation.input_shape.members)


@pytest.mark.parametrize("command", [line for line in _commands() if not any(line.startswith(own) for own in _OWN)])
def test_every_command_is_one_that_aws_has(command):
    _, service, operation, *rest = shlex.split(command)
    if operation == "wait":
        waiters = _session().get_waiter_model(service).waiter_names
        operation = xform_name(_session().get_waiter_model(service).get_waiter(_named(rest[0], waiters)).operation, "-")
    options = {word for word in rest if word.startswith("--")} - _OF_THE_PROGRAM

    assert operation in _operations(service)
    assert {option.removeprefix("--") for option in options} <= _operations(service)[operation]


def _named(spelled: str, waiters: list[str]) -> str:
    (name,) = (waiter for waiter in waiters if xform_name(waiter, "-") == spelled)
    return name


def test_parameters_and_outputs_are_the_template_s():
    role = {"Repository", "Environment", "StackName", "ProviderArn"}
    said = {name for words in re.findall(r'PARAMETERS="([^"]*)"', PAGE) for name in re.findall(r"(\w+)=", words)}
    said |= set(re.findall(r"`([A-Z]\w+)=\w*`", PAGE)) - {"ENV", "ARGS", "DEPLOYS"}

    assert said - role <= template()["Parameters"].keys()
    assert set(re.findall(r"\(out (\w+)\)", PAGE)) <= template()["Outputs"].keys()


def test_what_it_has_made_is_in_the_makefile_and_what_it_links_to_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"(?:`|^|&& )make ([a-z-]+)", PAGE, re.MULTILINE)) <= targets
    assert all((ROOT / "docs" / link).exists() for link in re.findall(r"\]\(([\w.-]+\.md)\)", PAGE))
