"""The runbook says of every alarm what it means and what to do, and names nothing that the stack has not."""

import re

import pytest

from tests.architecture.stack import ROOT, resources, template
from tools.expanded import expanded

ALARMS = resources("AWS::CloudWatch::Alarm")
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
SECTIONS = dict(re.findall(r"^### (\w+Alarm)\n(.*?)(?=^##|\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))


def test_there_is_a_section_about_every_alarm_in_the_template_s_order():
    assert list(SECTIONS) == list(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_a_section_says_what_the_alarm_means_what_to_look_at_and_what_to_do(name):
    assert [word for word in ("**Means.**", "**Look at.**", "**Do.**") if word not in SECTIONS[name]] == []


def test_commands_name_outputs_resources_and_parameters_that_there_are():
    made = expanded()

    assert set(re.findall(r"\b(?:out|arn|errors|ask) ([A-Z]\w+)", RUNBOOK)) <= set(made["Outputs"])
    assert set(re.findall(r"\bid ([A-Z]\w+)", RUNBOOK)) <= set(made["Resources"])
    assert set(re.findall(r"`(\w+)=\w+`", RUNBOOK)) <= set(template()["Parameters"])


def test_what_it_links_to_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", RUNBOOK)

    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []
