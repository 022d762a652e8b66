"""Put the project's template on a running MiniStack as it is put on AWS: `sam build`, `sam deploy`."""

import json
import platform
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tools.local import function_logs
from tools.local.ministack import REGION, client_environment
from tools.local.ports import LOOPBACK
from tools.local.processes import ProcessFailedError

ROOT = Path(__file__).resolve().parents[2]
_TAIL_LINES = 25
Step = Callable[[str], AbstractContextManager[None]]


def architecture(machine: str) -> str:
    """The Lambda architecture whose packages run on this machine, so that functions can run here."""
    return "arm64" if machine.lower() in {"arm64", "aarch64"} else "x86_64"


def own_architecture() -> str:
    """That of the machine this runs on."""
    return architecture(platform.machine())


def parameters(config: Mapping[str, Any], endpoint: str, dns_port: int, machine: str) -> dict[str, str]:
    """The parameters that samconfig.toml has for a local deployment, with those that depend on this machine."""
    pairs: list[str] = config["parameter_overrides"]
    return dict(pair.split("=", 1) for pair in pairs) | {
        "Architecture": architecture(machine),
        "LocalGateway": endpoint,
        "DnsServer": f"{LOOPBACK}:{dns_port}",
    }


def build_and_deploy(endpoint: str, dns_port: int, log: Path, step: Step) -> dict[str, str]:
    """`sam build`, `sam deploy`; the outputs of the stack. `step` is entered with the name of each command."""
    overrides = parameters(_local_config(), endpoint, dns_port, platform.machine())
    pairs = [f"{name}={value}" for name, value in overrides.items()]
    for command in ("build", "deploy"):
        with step(f"sam {command}"):
            arguments = [command, "--config-env", "local", "--parameter-overrides", *pairs]
            sam(arguments, client_environment(endpoint), log)
    return outputs(endpoint)


def outputs(endpoint: str) -> dict[str, str]:
    """What the stack that is deployed there says about itself."""
    (stack,) = client("cloudformation", endpoint).describe_stacks(StackName=_local_config()["stack_name"])["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _local_config() -> dict[str, Any]:
    config: dict[str, Any] = tomllib.loads((ROOT / "samconfig.toml").read_text())["local"]["deploy"]["parameters"]
    return config


def create_tenant(endpoint: str, function_name: str) -> str:
    """Make a tenant with the project's own admin function; its API key."""
    payload = json.dumps({"name": "Local", "email": "owner@local.example"})
    answer = client("lambda", endpoint).invoke(FunctionName=function_name, Payload=payload)
    body = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        raise ProcessFailedError(f"{function_name} failed: {body}")
    return str(json.loads(body)["api_key"])


def last_failure(endpoint: str) -> str:
    """What the function that failed last has to say; empty if none failed."""
    return function_logs.last_failure(client("logs", endpoint))


def client(service: str, endpoint: str) -> Any:
    """A client of one AWS service that talks to the emulator, whatever the environment says."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (MiniStack takes any)
        config=Config(retries={"total_max_attempts": 1}),
    )


def sam(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Runs the SAM CLI to its end, and adds what it says to the log. Raises ProcessFailedError with its last lines."""
    program = shutil.which("sam")
    if program is None:
        raise ProcessFailedError("sam is not on the PATH; start this through make, which installs it")
    # What our own make hands down (job server, overridden variables) is not for the layer's make.
    inherited = {name: value for name, value in environment.items() if "MAKE" not in name}
    with log.open("ab") as output:
        finished = subprocess.run(
            [program, *arguments],
            cwd=ROOT,
            env=inherited | {"DRUMBEAT_ARCHITECTURE": own_architecture()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if finished.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
        raise ProcessFailedError(f"sam {arguments[0]} failed; the end of {log}:\n{tail}")
