"""The image that SAM makes containers from: Lambda's own where it can be pulled, else one that stands in for it."""

import os
import shutil
import subprocess
from pathlib import Path

from tools.sam_local.docker import PACKAGES, Docker, NoContainersError

_SCRIPT = Path(__file__).with_name("image") / "base-image.sh"
_PULL_SECONDS = 600.0
_NEEDED = ("mmdebstrap", "uv", "apt-get")


def base_image(architecture: str) -> str:
    """What SAM calls the image for functions in Python 3.13 that come as a zip."""
    return f"public.ecr.aws/lambda/python:3.13-{architecture}"


def provide_base_image(docker: Docker, architecture: str) -> str:
    """Sees to it that the image is here; what was done. Raises NoContainersError where it can't be had."""
    image = base_image(architecture)
    if docker.has(image):
        return "the base image is here"
    try:
        docker("pull", "--quiet", image, patience=_PULL_SECONDS)
    except NoContainersError as refused:
        _stand_in(docker, image, architecture, str(refused))
        return "made an image that stands in for Lambda's"
    return "pulled Lambda's image"


def _stand_in(docker: Docker, image: str, architecture: str, refused: str) -> None:
    reason = " ".join(refused.split())
    if os.geteuid() != 0 or not all(map(shutil.which, _NEEDED)):
        raise NoContainersError(f"{reason}; it takes root and mmdebstrap to make one instead ({PACKAGES})")
    made = subprocess.run(
        ["bash", str(_SCRIPT), image, architecture],
        env={**os.environ, **docker.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise NoContainersError(f"{reason}; making one instead failed: {' '.join(made.stderr.split())[-300:]}")
