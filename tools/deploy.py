"""`make deploy ENV=dev`: builds and deploys by samconfig.toml, and refuses what would go wrong later.

What was said with PARAMETERS stays with the stack: SAM leaves a parameter that nobody names as it was.
"""

import argparse
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_LOCAL = "local"
_BY_DEFAULT = {"Architecture": "arm64"}
"""Said always: the layers are built for it, whatever the stack was deployed with before."""


class Refused(Exception):
    """Nothing was built or deployed; the text says why, and what to do."""


@dataclass(frozen=True)
class Deployment:
    """What is to be deployed where."""

    environment: str
    parameters: Mapping[str, str]
    asks: bool = True
    role: str | None = None

    @property
    def architecture(self) -> str:
        """What the functions run on; the layers have to be built for it."""
        return self.parameters["Architecture"]

    def commands(self) -> list[list[str]]:
        """What SAM is asked to do, in this order."""
        overrides = [f"{name}={value}" for name, value in self.parameters.items()]
        named = ["--config-env", self.environment, "--parameter-overrides", *overrides]
        deploying = ["deploy", *named]
        deploying += [] if self.asks else ["--no-confirm-changeset"]
        deploying += [] if self.role is None else ["--role-arn", self.role]
        return [["build", *named], deploying]


def environments(config: Mapping[str, Any]) -> list[str]:
    """What of samconfig.toml is deployed to AWS; `make up` sees to the local one."""
    return [name for name, part in config.items() if isinstance(part, dict) and "deploy" in part and name != _LOCAL]


def planned(config: Mapping[str, Any], wanted: argparse.Namespace) -> Deployment:
    """The deployment that is wanted. Raises Refused where there is no such environment, or a parameter has no value."""
    known = environments(config)
    if wanted.environment not in known:
        choices = " or ".join(f"make deploy ENV={name}" for name in known)
        raise Refused(f"Which environment? {choices}.")
    named = [*config[wanted.environment]["deploy"]["parameters"].get("parameter_overrides", []), *wanted.set]
    pairs = _BY_DEFAULT | dict(pair.partition("=")[::2] for pair in named)
    unclear = [pair for pair in named if "=" not in pair]
    if unclear:
        raise Refused(f'{unclear[0]} has no value: PARAMETERS="{unclear[0]}=...".')
    return Deployment(wanted.environment, pairs, asks=not wanted.yes, role=wanted.role_arn or None)


def check_architecture(deployment: Deployment, environ: Mapping[str, str]) -> None:
    """Raises Refused where the layers would be built for another processor: every function would fail at import."""
    said = environ.get("DRUMBEAT_ARCHITECTURE", deployment.architecture)
    if said != deployment.architecture:
        raise Refused(
            f"DRUMBEAT_ARCHITECTURE is {said}, but the functions run on {deployment.architecture}: unset it, "
            f'or say PARAMETERS="Architecture={said}".'
        )


def check_committed(deployment: Deployment, changed: str) -> None:
    """Raises Refused where production would get what is in no commit; `changed` is what git tells of the tree."""
    if deployment.environment == "prod" and changed.strip():
        raise Refused(f"prod gets what is committed, and this is not:\n{changed.rstrip()}")


def _changed() -> str:
    return subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _run(deployment: Deployment) -> int:
    """Builds and deploys; the first exit code that is not 0."""
    # What our own make hands down (job server, overridden variables) is not for the layers' make.
    inherited = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    environment = inherited | {"DRUMBEAT_ARCHITECTURE": deployment.architecture}
    for command in deployment.commands():
        print("sam " + " ".join(command), flush=True)
        finished = subprocess.run(["sam", *command], cwd=ROOT, env=environment, check=False)
        if finished.returncode != 0:
            return finished.returncode
    return 0


def main(arguments: Sequence[str]) -> int:
    """Deploys as the arguments say; the exit code, 2 where it is refused."""
    parser = argparse.ArgumentParser(prog="make deploy")
    parser.add_argument("environment", nargs="?", default="")
    parser.add_argument("--set", action="extend", nargs="*", default=[], help="parameters of the template, Name=value")
    parser.add_argument("--yes", action="store_true", help="does not ask before it changes anything")
    parser.add_argument("--role-arn", help="what CloudFormation acts as")
    wanted = parser.parse_args(arguments)
    try:
        deployment = planned(tomllib.loads((ROOT / "samconfig.toml").read_text()), wanted)
        check_architecture(deployment, os.environ)
        check_committed(deployment, _changed())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return _run(deployment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
