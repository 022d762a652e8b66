"""A local deployment is the one of samconfig.toml, fitted to this machine."""

import pytest

from tools.local.deployment import architecture, parameters
from tools.local.ministack import client_environment


@pytest.mark.parametrize(
    ("machine", "expected"),
    [("x86_64", "x86_64"), ("AMD64", "x86_64"), ("aarch64", "arm64"), ("arm64", "arm64")],
)
def test_functions_are_built_for_the_machine_they_run_on(machine: str, expected: str) -> None:
    assert architecture(machine) == expected


def test_what_depends_on_the_machine_replaces_what_the_configuration_says() -> None:
    config = {"parameter_overrides": ["Stage=local", "Architecture=x86_64", "LocalGateway=http://127.0.0.1:1"]}

    assert parameters(config, "http://127.0.0.1:4600", 5301, "arm64") == {
        "Stage": "local",
        "Architecture": "arm64",
        "LocalGateway": "http://127.0.0.1:4600",
        "DnsServer": "127.0.0.1:5301",
    }


def test_nothing_that_leads_to_a_real_account_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID"):
        monkeypatch.setenv(name, "mine")

    environment = client_environment("http://127.0.0.1:4566")

    assert "mine" not in environment.values()
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
