"""Where a function's code lies, as Lambda would mount it: its own folder, and its layers."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.local.deployment import own_architecture
from tools.template import ROOT, Function, resources

_UV = ROOT / ".tools/bin/uv"


@dataclass(frozen=True)
class Code:
    """A function's folder (/var/task), and its layers in their order (each unpacked over /opt)."""

    task_root: Path
    layers: Sequence[Path]

    @property
    def search_path(self) -> list[Path]:
        """What Python looks through before what the runtime brings."""
        return [self.task_root, *(layer / "python" for layer in reversed(self.layers))]


def layers_of(function: Function) -> list[str]:
    """The logical ids of its layers: those of all functions, then its own."""
    return [layer["Ref"] for layer in [*function.globals.get("Layers", []), *function.own.get("Layers", [])]]


def built(function: Function, folder: Path) -> Code:
    """As `sam build` left it in its folder."""
    return Code(folder / function.logical_id, [folder / layer for layer in layers_of(function)])


def unbuilt(function: Function, layers: Path) -> Code:
    """As it lies in the repository, which `sam build` copies as it is; with layers that were made without SAM."""
    return Code(ROOT / function.own["CodeUri"], [layers / layer for layer in layers_of(function)])


def make_layers(folder: Path) -> None:
    """Makes the layers as `sam build` has them made, for this machine: seconds sooner. Raises CalledProcessError."""
    inherited = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    for name, layer in resources("AWS::Serverless::LayerVersion").items():
        made = {"ARTIFACTS_DIR": str(folder / name), "DRUMBEAT_ARCHITECTURE": own_architecture()}
        subprocess.run(
            ["make", "--silent", f"build-{name}"],
            cwd=ROOT / layer["Properties"]["ContentUri"],
            env={**inherited, **made, "UV": str(_UV), "DRUMBEAT_PYTHON": sys.executable},
            check=True,
        )
