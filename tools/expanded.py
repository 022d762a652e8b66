"""The template as CloudFormation gets it: `.tools/sam/bin/python -m tools.expanded` prints it, as JSON.

SAM's own translator expands it, offline. It runs in the environment of the SAM CLI, which has it.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_PYTHON = _ROOT / ".tools/sam/bin/python"
_ELSEWHERE = "s3://bucket/key"  # where the code of functions and layers lies is none of the translator's business
_NO_VALUE = {"Ref": "AWS::NoValue"}


@cache
def expanded() -> dict[str, Any]:
    """The expanded template with every condition fulfilled: what stands under one is there, of an Fn::If the first.

    Costs a process of some two seconds, once. Raises subprocess.CalledProcessError where SAM refuses the template.
    """
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    command = [str(_PYTHON), "-m", "tools.expanded"]
    printed = subprocess.run(command, cwd=_ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout
    template: dict[str, Any] = json.loads(printed)
    return template


def _translated(template: dict[str, Any]) -> dict[str, Any]:
    translate = import_module("samtranslator.translator.transform").transform
    parts = [template["Globals"]["Function"], *(made["Properties"] for made in template["Resources"].values())]
    for properties in parts:
        properties.update({name: _ELSEWHERE for name in ("CodeUri", "ContentUri") if name in properties})
    translated: dict[str, Any] = translate(template, {}, _NoManagedPolicies())
    return translated


class _NoManagedPolicies:
    """The translator asks AWS for the managed policies that a function names without their ARN: we name none so."""

    def load(self) -> dict[str, str]:
        return {}


def fulfilled(value: Any) -> Any:
    """What is left of a part of a template when all of its conditions hold."""
    match value:
        case {"Fn::If": [_, then, _]}:
            return fulfilled(then)
        case Mapping():
            parts = {name: fulfilled(part) for name, part in value.items()}
            return {name: part for name, part in parts.items() if part != _NO_VALUE}
        case list():
            return [part for part in map(fulfilled, value) if part != _NO_VALUE]
    return value


def _main() -> None:
    logging.disable(logging.WARNING)  # the translator warns that it was given no feature toggles
    parse = import_module("samtranslator.yaml_helper").yaml_parse
    template = _translated(parse((_ROOT / "template.yaml").read_text()))
    template["Resources"] = fulfilled(template["Resources"])
    template["Outputs"] = fulfilled(template["Outputs"])
    json.dump(template, sys.stdout)


if __name__ == "__main__":
    _main()
