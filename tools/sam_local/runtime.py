"""What Lambda's Python runtime brings besides Python: its runtime client and boto3, as a folder of links."""

import re
from importlib.metadata import distribution
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("image") / "requirements.txt"


def link_runtime(folder: Path) -> None:
    """Links what is installed here of these packages into a folder, so that nothing else of it can be imported."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in re.findall(r"^([a-z0-9-]+)==", REQUIREMENTS.read_text(), re.MULTILINE):
        package = distribution(name)
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            (folder / top).unlink(missing_ok=True)
            (folder / top).symlink_to(str(package.locate_file(top)))
