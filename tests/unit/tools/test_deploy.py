"""Deploying refuses in one line what would go wrong later, and asks SAM for what samconfig.toml says."""

import os
import tomllib
from pathlib import Path

import pytest

from tools import deploy
from tools.deploy import Deployment, Refused, check_architecture, check_committed, environments

ARM = {"Architecture": "arm64"}
CONFIG = tomllib.loads((deploy.ROOT / "samconfig.toml").read_text())


@pytest.fixture
def sam(tmp_path: Path, monkeypatch):
    """A program of this name that writes down what it is asked; it fails at what FAILS names."""
    log = tmp_path / "asked"
    program = tmp_path / "sam"
    program.write_text(
        '#!/bin/sh\nprintf "%s|%s\\n" "$DRUMBEAT_ARCHITECTURE" "$*" >> ' + str(log) + '\ntest "$1" != "$FAILS"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("DRUMBEAT_ARCHITECTURE", raising=False)
    return lambda: [line.split("|") for line in log.read_text().splitlines()] if log.exists() else []


def test_dev_and_prod_are_deployed_and_the_local_stack_is_not():
    assert environments(CONFIG) == ["dev", "prod"]


@pytest.mark.parametrize("said", [[], ["local"], ["staging"]])
def test_an_environment_that_is_none_is_refused_with_those_that_are(sam, capsys, said):
    assert deploy.main(said) == 2

    assert capsys.readouterr().err == "Which environment? make deploy ENV=dev or make deploy ENV=prod.\n"
    assert sam() == []


def test_it_builds_and_deploys_with_what_the_configuration_and_the_call_say(sam):
    assert deploy.main(["dev", "--yes", "--set", "AlarmEmail=ops@acme.example", "LogRetentionDays=3"]) == 0

    (built, deployed) = sam()
    overrides = dict(pair.split("=") for pair in CONFIG["dev"]["deploy"]["parameters"]["parameter_overrides"])
    said = ARM | overrides | {"LogRetentionDays": "3", "AlarmEmail": "ops@acme.example"}
    asked = f"--config-env dev --parameter-overrides {' '.join(f'{name}={value}' for name, value in said.items())}"
    assert built == ["arm64", f"build {asked}"]
    assert deployed == ["arm64", f"deploy {asked} --no-confirm-changeset"]


def test_what_can_t_be_built_is_not_deployed(sam, monkeypatch):
    monkeypatch.setenv("FAILS", "build")

    assert deploy.main(["dev"]) == 1
    assert [asked[1].split()[0] for asked in sam()] == ["build"]


def test_layers_are_built_for_the_processor_that_the_functions_get(sam):
    assert deploy.main(["dev", "--set", "Architecture=x86_64"]) == 0

    assert {architecture for architecture, _ in sam()} == {"x86_64"}


def test_layers_for_another_processor_are_refused(sam, monkeypatch, capsys):
    monkeypatch.setenv("DRUMBEAT_ARCHITECTURE", "x86_64")

    assert deploy.main(["dev"]) == 2
    assert 'PARAMETERS="Architecture=x86_64"' in capsys.readouterr().err
    assert sam() == []


def test_the_same_processor_said_twice_is_fine():
    check_architecture(Deployment("dev", {"Architecture": "x86_64"}), {"DRUMBEAT_ARCHITECTURE": "x86_64"})


def test_a_parameter_without_a_value_is_refused(sam, capsys):
    assert deploy.main(["dev", "--set", "AlarmEmail"]) == 2

    assert "AlarmEmail has no value" in capsys.readouterr().err


def test_production_gets_committed_code_only():
    with pytest.raises(Refused, match=r"template\.yaml"):
        check_committed(Deployment("prod", ARM), " M template.yaml\n")

    check_committed(Deployment("prod", ARM), "")
    check_committed(Deployment("dev", ARM), " M template.yaml\n")


def test_cloudformation_acts_as_the_role_that_is_named():
    *_, deploying = Deployment("prod", ARM, role="arn:aws:iam::1:role/x").commands()

    assert deploying[-2:] == ["--role-arn", "arn:aws:iam::1:role/x"]
