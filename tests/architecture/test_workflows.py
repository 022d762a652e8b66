"""What runs on GitHub runs pinned code, may do little, and keeps no key; it makes what the Makefile has."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from cfnlint.decode import decode

from tools.template import ROOT

FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
ROLE = ROOT / "deploy/oidc-role.yaml"
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
_PINNED = re.compile(r"^\s*(?:- )?uses: (?:\./|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)")


def workflow(file) -> dict[str, Any]:
    return yaml.safe_load(file.read_text())


def steps(file) -> Iterator[dict[str, Any]]:
    for job in workflow(file)["jobs"].values():
        yield from job.get("steps", [])


def test_there_is_one_that_checks_and_one_that_deploys():
    assert [file.stem for file in FILES] == ["ci", "deploy"]


@each_file
def test_actions_of_others_are_pinned_to_a_commit_and_say_which_version_it_is(file):
    used = [line for line in file.read_text().splitlines() if "uses:" in line]

    assert used
    assert [line for line in used if not _PINNED.match(line)] == []


@each_file
def test_a_workflow_may_read_the_code_and_only_what_deploys_may_say_who_it_is(file):
    rights = {name: job["permissions"] for name, job in workflow(file)["jobs"].items() if "permissions" in job}

    assert workflow(file)["permissions"] == {"contents": "read"}
    assert rights == ({"deploy": {"contents": "read", "id-token": "write"}} if file.stem == "deploy" else {})


@each_file
def test_no_key_is_kept_and_none_is_left_in_the_checkout(file):
    assert "secrets." not in file.read_text()
    checkouts = [step for step in steps(file) if "checkout@" in step.get("uses", "")]
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


@each_file
def test_what_somebody_typed_reaches_no_shell_but_as_a_variable(file):
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@each_file
def test_every_step_makes_what_the_makefile_has(file):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = [re.match(r"make ([a-z-]+)", step["run"]) for step in steps(file) if "run" in step]

    assert made
    assert {target[1] for target in made if target} <= targets
    assert None not in made


@each_file
def test_no_job_runs_for_ever(file):
    own = [job for job in workflow(file)["jobs"].values() if "uses" not in job]

    assert all(job["timeout-minutes"] <= 60 for job in own)


def test_what_deploys_waits_for_the_checks_and_for_who_guards_its_environment():
    jobs = workflow(ROOT / ".github/workflows/deploy.yml")["jobs"]

    assert jobs["check"] == {"uses": "./.github/workflows/ci.yml"}
    assert jobs["deploy"]["needs"] == "check"
    assert "environment" in jobs["deploy"]


def test_one_environment_of_one_repository_may_take_the_role():
    template, problems = decode(str(ROLE))
    assert not problems
    statement = template["Resources"]["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]

    assert statement["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": {"Fn::Sub": "repo:${Repository}:environment:${Environment}"},
        }
    }


def test_a_job_itself_changes_nothing_but_by_cloudformation():
    template, _ = decode(str(ROLE))
    policy = template["Resources"]["DeployRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    actions = {action for rule in policy["Statement"] for action in _listed(rule["Action"])}

    assert {action.partition(":")[0] for action in actions} == {"cloudformation", "iam", "s3"}
    assert {action for action in actions if action.startswith("iam")} == {"iam:PassRole"}
    assert not any("*" in action for action in actions)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
