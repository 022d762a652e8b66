"""The env file is readable by its owner and by a shell."""

import shlex
import stat
from pathlib import Path

from tools.local.env_file import env_text, write_private


def test_a_private_file_is_for_its_owner_only_even_if_it_was_open_before(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new")

    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_plain_values_stand_unquoted() -> None:
    values = {"DRUMBEAT_URL": "http://127.0.0.1:4566/_aws/execute-api/abc/local", "DRUMBEAT_KEY": "ak_live_-_"}

    assert env_text(values).splitlines() == [f"{name}={value}" for name, value in values.items()]


def test_a_value_with_blanks_is_one_word_to_a_shell() -> None:
    assert shlex.split(env_text({"DRUMBEAT_SMTP_SINK": "/my work/mail"})) == ["DRUMBEAT_SMTP_SINK=/my work/mail"]
