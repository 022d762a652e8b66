"""Docker: the one that runs here, or a daemon of our own for as long as a block lasts."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

from tools.local.processes import Process, ProcessFailedError

PACKAGES = "apt-get install -y --no-install-recommends docker.io mmdebstrap debian-archive-keyring iptables"
_BRIDGE = "docker0"


class NoContainersError(Exception):
    """No container can run here; the message says why, in one line."""


class Docker:
    """A daemon, by the environment in which its client finds it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def __call__(self, *arguments: str, patience: float = 60.0) -> str:
        """What a command of the client says. Raises NoContainersError with its complaint if it fails."""
        try:
            done = subprocess.run(
                ["docker", *arguments],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=patience,
            )
        except (FileNotFoundError, subprocess.TimeoutExpired) as error:
            raise NoContainersError(f"docker {arguments[0]}: {error}") from error
        if done.returncode != 0:
            raise NoContainersError(f"docker {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()

    def answers(self) -> bool:
        """Whether there is a daemon."""
        try:
            self("version")
        except NoContainersError:
            return False
        return True

    def has(self, image: str) -> bool:
        """Whether an image is here."""
        return bool(self("image", "ls", "--quiet", image))

    def images(self, repository: str) -> set[str]:
        """The names, with their tags, of the images of a repository."""
        return set(self("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", repository).split())

    def address(self) -> str:
        """Where containers reach this machine. Raises NoContainersError where the daemon is on another."""
        (config,) = json.loads(self("network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"))
        # A daemon that has just started may not tell the gateway: it is the first of its network.
        found = str(config.get("Gateway") or next(ip_network(config["Subnet"]).hosts()))
        with socket.socket() as probe:
            try:
                probe.bind((found, 0))
            except OSError:
                raise NoContainersError(f"Docker's bridge, {found}, is not an address of this machine") from None
        return found


@contextmanager
def docker(directory: Path) -> Iterator[Docker]:
    """Docker as it runs here; else a daemon of our own, which keeps its images below the directory and ends here.

    Raises NoContainersError where neither is possible.
    """
    running = Docker({})
    if running.answers():
        yield running
        return
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        raise NoContainersError(f"no Docker runs here, and it takes root and dockerd to start one ({PACKAGES})")
    bridge_was_there = _has_bridge()
    daemon = Process("docker-daemon", directory)
    try:
        yield _start(daemon, directory)
    finally:
        daemon.stop()
        if not bridge_was_there:
            _remove_traces(directory)


def _start(daemon: Process, directory: Path) -> Docker:
    """A daemon that routes nothing: no NAT, no firewall's rule, no forwarding. Containers reach this machine only."""
    place = f"unix://{directory}/docker.sock"
    command = ["dockerd", "--host", place, "--pidfile", f"{directory}/dockerd.pid"]
    command += ["--data-root", f"{directory}/data", "--exec-root", f"{directory}/exec"]
    command += ["--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false"]
    started = Docker({"DOCKER_HOST": place})
    try:
        daemon.start(command, os.environ)
        daemon.wait_until(started.answers)
    except ProcessFailedError as error:
        raise NoContainersError(f"dockerd did not start: {' '.join(str(error).split())}") from error
    return started


def _has_bridge() -> bool:
    return Path("/sys/class/net", _BRIDGE).exists()


def _remove_traces(directory: Path) -> None:
    """What a daemon leaves behind when it ends."""
    subprocess.run(["ip", "link", "delete", _BRIDGE], capture_output=True, check=False)
    namespace = directory / "exec/netns/default"
    if namespace.exists():
        subprocess.run(["umount", str(namespace)], capture_output=True, check=False)
