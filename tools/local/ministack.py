"""A MiniStack process: the local stand-in for AWS that the project's real template is deployed to."""

import http.client
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.local.ports import LOOPBACK, Port, free_port, require_free
from tools.local.processes import Process, ProcessFailedError

REGION = "us-east-1"
# Functions run in MiniStack's own environment: as on Lambda, only boto3 is there besides the layer.
_PYTHON = Path(__file__).resolve().parents[2] / ".tools" / "ministack" / "bin" / "python"
_PROGRAM = Path(__file__).with_name("emulator.py")


class MiniStack:
    """One emulator on one port of the loopback, or of an address that containers reach.

    As a context manager it gives its endpoint URL and is gone at the end, even if the block raises.
    With a `state_dir` a clean stop writes the state there and the next start reads it; without one
    nothing is kept.
    """

    def __init__(self, port: int | None = None, state_dir: Path | None = None, host: str = LOOPBACK) -> None:
        self.port = port or free_port(host)
        self._host = host
        self._state_dir = state_dir
        self._directory = state_dir or Path(tempfile.gettempdir()) / f"drumbeat-ministack-{self.port}"
        self.process = Process("ministack", self._directory)

    @property
    def endpoint(self) -> str:
        """What AWS_ENDPOINT_URL must be to talk to it."""
        return f"http://{self._host}:{self.port}"

    def __enter__(self) -> str:
        self.start()
        return self.endpoint

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Start it and return when it answers; a busy port is told before anything is started."""
        require_free([Port(self.port, "DRUMBEAT_PORT", "MiniStack, the local AWS")], self._host)
        if not _PYTHON.exists():
            raise ProcessFailedError("MiniStack is not installed; make setup installs it")
        if self.process.is_running():
            raise ProcessFailedError(f"a MiniStack that keeps its state in {self._directory} is already running")
        self._discard_scratch()
        self._directory.mkdir(parents=True, exist_ok=True)
        self._scratch.symlink_to(tempfile.mkdtemp(prefix="drumbeat-scratch-"))
        # -P: this folder has a ministack.py too, and it is not the one to import.
        self.process.start([str(_PYTHON), "-P", str(_PROGRAM)], self._environment())
        try:
            self.process.wait_until(self._answers)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> bool:
        """Stop it cleanly, which is when it writes its state; False when it had to be killed."""
        clean = self.process.stop()
        self._discard_scratch()
        if self._state_dir is None:
            shutil.rmtree(self._directory, ignore_errors=True)
        return clean

    @property
    def _scratch(self) -> Path:
        """Leads to where it unpacks functions, which it does not tidy up itself."""
        return self._directory / "scratch"

    def _discard_scratch(self) -> None:
        """Remove what was unpacked, without waiting: every warm function has its own copy of the layer."""
        if self._scratch.is_symlink():
            script = 'rm -rf "$1" >/dev/null 2>&1 &'
            subprocess.run(["sh", "-c", script, "sh", self._scratch.readlink()], start_new_session=True, check=True)
            self._scratch.unlink()

    def _environment(self) -> dict[str, str]:
        # Function workers inherit this environment, so it holds nothing of the caller's but the basics.
        basics = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        keep = {} if self._state_dir is None else self._persistence(self._state_dir)
        return (
            basics
            | {
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_DEFAULT_REGION": REGION,
                "BIND_HOST": self._host,
                "MINISTACK_HOST": self._host,
                "GATEWAY_PORT": str(self.port),
                "LAMBDA_EXECUTOR": "local",
                "IOT_MTLS_ENABLED": "0",
                "SFTP_ENABLED": "0",
                "S3_DATA_DIR": str(self._directory / "s3"),
                "TMPDIR": str(self._scratch.resolve()),
            }
            | keep
        )

    @staticmethod
    def _persistence(state_dir: Path) -> dict[str, str]:
        return {"PERSIST_STATE": "1", "S3_PERSIST": "1", "STATE_DIR": str(state_dir / "aws")}

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._host, self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def client_environment(endpoint: str) -> dict[str, str]:
    """The caller's environment with every AWS setting replaced: a command run with it cannot reach AWS."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return others | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
    }
