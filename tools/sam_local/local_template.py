"""The built template as `sam local` is to read it: see level1."""

import hashlib
import json
from pathlib import Path
from typing import Any

from cfnlint.decode import decode  # type: ignore[import-untyped]

_LAYER = "AWS::Serverless::LayerVersion"
_FUNCTION = "AWS::Serverless::Function"


def write_template(build: Path, layers: Path) -> tuple[Path, Path]:
    """Writes it beside the one that `sam build` wrote, and links the layers into SAM's cache; both their paths."""
    decoded, problems = decode(str(build / "template.yaml"))
    if decoded is None:
        raise ValueError(problems)
    template: dict[str, Any] = json.loads(json.dumps(decoded))
    published = {name: _arn(name, build / name) for name in _named(template, _LAYER)}
    shared = template["Globals"]["Function"]
    shared["Environment"]["Variables"]["AWS_ENDPOINT_URL"] = ""
    for properties in (shared, *_named(template, _FUNCTION).values()):
        if "Layers" in properties:
            properties["Layers"] = [published[layer["Ref"]] for layer in properties["Layers"]]
    layers.mkdir(parents=True, exist_ok=True)
    for name, arn in published.items():
        link = layers / _name_in_cache(arn)
        link.unlink(missing_ok=True)
        link.symlink_to(build / name)
    written = build / "sam-local.json"
    written.write_text(json.dumps(template))
    return written, layers


def _named(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: made["Properties"] for name, made in template["Resources"].items() if made["Type"] == kind}


def _arn(name: str, layer: Path) -> str:
    """Of a version that is the layer's content: SAM names its image after it, so none of other content is taken."""
    content = hashlib.sha256()
    for path in sorted(path for path in layer.rglob("*") if path.is_file()):
        content.update(path.relative_to(layer).as_posix().encode())
        content.update(path.read_bytes())
    return f"arn:aws:lambda:us-east-1:123456789012:layer:{name}:{int(content.hexdigest()[:8], 16)}"


def _name_in_cache(arn: str) -> str:
    """How SAM calls the folder that it keeps a published layer in."""
    _, name, version = arn.rsplit(":", 2)
    return f"{name}-{version}-{hashlib.sha256(arn.encode()).hexdigest()[:10]}"
