"""Handlers only translate: short, without `try`, without AWS, and cheap to import (architecture §3)."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.stack import LAYER, ROOT, functions, handlers, imported, relative, tree

MOST_LINES = 40
EACH = pytest.mark.parametrize("path", handlers(), ids=relative)


def test_there_are_handlers():
    assert len(handlers()) == len(functions()) > 0


@EACH
def test_a_handler_fits_on_a_screen(path: Path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@EACH
def test_a_handler_leaves_errors_to_its_entry_point(path: Path):
    assert [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Try | ast.TryStar)] == []


@EACH
def test_a_handler_does_not_know_aws_or_other_handlers(path: Path):
    forbidden = {"boto3", "botocore", "drumbeat.adapters", "functions"}

    assert imported(path) & forbidden == set()


@EACH
def test_importing_a_handler_needs_no_environment_and_loads_nothing_heavy(path: Path):
    """In a process of its own: what other tests have imported would hide it. Names, not milliseconds."""
    script = (
        "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2]);"
        "print(*(name for name in sys.argv[3:] if name in sys.modules))"
    )
    heavy = ["aws_xray_sdk", "aws_lambda_powertools.utilities.parser.envelopes", "pkg_resources", "rich"]
    command = [sys.executable, "-I", "-c", script, str(LAYER / "python"), str(path), *heavy]

    done = subprocess.run(  # noqa: S603
        command, env={"PATH": os.environ["PATH"]}, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
