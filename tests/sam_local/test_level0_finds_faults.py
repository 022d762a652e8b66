"""What would fail on Lambda fails at level 0, though the emulator tells of it in its answer's text alone."""

from pathlib import Path

import pytest

from tools.sam_local.code import Code
from tools.sam_local.level0 import CannotEmulateError, Level0
from tools.sam_local.runtime import link_runtime
from tools.template import Function, functions

ANY = next(function for function in functions() if function.name == "admin/create_tenant")


@pytest.fixture
def level(tmp_path: Path) -> Level0:
    link_runtime(tmp_path / "runtime")
    try:
        return Level0(tmp_path / "runtime", tmp_path / "function.log")
    except CannotEmulateError as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def handler(event, context):\n    raise ValueError('no such luck')\n", "ValueError: no such luck"),
        (
            "import pydantic\n",
            "Runtime.ImportModuleError: Unable to import module 'create_tenant': No module named 'pyd",
        ),
        ("import os\n\ndef handler(event, context):\n    return os.environ['TABLE_NAME']\n", "KeyError: 'TABLE_NAME'"),
        ("def hendler(event, context):\n    pass\n", "Runtime.HandlerNotFound: Handler 'handler' missing on module"),
        ("import os\n\ndef handler(event, context):\n    os._exit(3)\n", "Runtime.ExitError: "),
        ("import time\n\ndef handler(event, context):\n    time.sleep(60)\n", "no answer: "),
    ],
    ids=["an exception", "a package no layer has", "a variable not declared", "no handler", "a death", "a timeout"],
)
def test_it_is_told_as_a_problem(level: Level0, tmp_path: Path, code: str, told: str):
    (tmp_path / "create_tenant.py").write_text(code)
    function = Function(ANY.logical_id, {**ANY.own, "Timeout": 1}, ANY.globals)

    row = level.run(function, Code(tmp_path, []), {})

    assert row.problems[0].startswith(told)
