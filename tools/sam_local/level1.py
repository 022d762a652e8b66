"""Level 1: functions in containers, by `sam local start-lambda`, `sam local invoke` and `sam local start-api`.

SAM reads a copy of the built template that differs in two ways. Functions have AWS_ENDPOINT_URL, for SAM hands over
only what a template declares. And their layers are published ones, which SAM finds in its cache of layers: it makes an
image of those once, and anew for every call of a layer that the template itself defines.
"""

import http.client
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tools.local.ministack import REGION
from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import Process
from tools.local.services import accepts
from tools.sam_local.docker import Docker
from tools.sam_local.invocation import Row, Stopwatch, event_of, post, problems_of, problems_of_answer
from tools.sam_local.local_template import write_template
from tools.template import Function

_IMAGES = "samcli/lambda-python"
_START_SECONDS = 60.0
# A container is made first, on a machine that may be busy.
_CONTAINER_SECONDS = 60.0


@dataclass(frozen=True)
class Level1:
    """SAM over the built template; its logs are in the directory."""

    docker: Docker
    sam: str
    template: Path
    layers: Path
    variables: Path
    architecture: str
    directory: Path

    @contextmanager
    def lambdas(self) -> Iterator["Lambdas"]:
        """`sam local start-lambda`, for as long as the block lasts."""
        with self._serving("start-lambda") as port:
            yield Lambdas(port)

    @contextmanager
    def api(self) -> Iterator["Gateway"]:
        """`sam local start-api`, for as long as the block lasts."""
        with self._serving("start-api") as port:
            yield Gateway(port)

    def invoke(self, function: Function) -> Row:
        """Calls a function by `sam local invoke`, whose exit code is 0 whatever the function does."""
        watch = Stopwatch()
        event = self.directory / "event.json"
        event.write_bytes(event_of(function))
        done = subprocess.run(
            [*self._command("invoke"), function.logical_id, "--event", str(event)],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        problems = problems_of(function, done.stdout)
        if done.returncode:
            problems = [f"sam ended with {done.returncode}", *done.stderr.splitlines()[-5:]]
        return Row(function.name, "1 invoke", problems, watch.milliseconds)

    @contextmanager
    def _serving(self, command: str) -> Iterator[int]:
        port = free_port()
        process = Process(f"sam-{command}", self.directory)
        process.start([*self._command(command), "--port", str(port)], self._environment())
        try:
            process.wait_until(lambda: accepts(port), _START_SECONDS)
            yield port
        finally:
            process.stop()

    def _command(self, command: str) -> Sequence[str]:
        options = ["--skip-pull-image", "--template", str(self.template), "--env-vars", str(self.variables)]
        options += ["--layer-cache-basedir", str(self.layers)]
        return [self.sam, "local", command, "--parameter-overrides", f"Architecture={self.architecture}", *options]

    def _environment(self) -> dict[str, str]:
        """With no credentials: SAM asks AWS who they belong to, at every call. Functions get made-up ones."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            **self.docker.environment,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": str(round(_CONTAINER_SECONDS)),
        }


@dataclass(frozen=True)
class Lambdas:
    """Lambda's API as SAM serves it."""

    port: int

    def run(self, function: Function) -> Row:
        """Calls a function with its sample, in a container made for this call."""
        watch = Stopwatch()
        event = event_of(function)
        try:
            text = post((LOOPBACK, self.port), function.logical_id, event, function.timeout + _CONTAINER_SECONDS)
            problems = problems_of(function, text)
        except (OSError, http.client.HTTPException) as error:
            problems = [f"SAM hung up: {error}"]
        return Row(function.name, "1", problems, watch.milliseconds)


@dataclass(frozen=True)
class Gateway:
    """The API as SAM serves it."""

    port: int

    def run(self, function: Function) -> Row:
        """Makes the request that a function's sample is of."""
        watch = Stopwatch()
        try:
            answer = self._ask(json.loads(event_of(function)), function.timeout + _CONTAINER_SECONDS)
            problems = problems_of_answer(function, answer)
        except (OSError, http.client.HTTPException) as error:
            problems = [f"SAM hung up: {error}"]
        return Row(function.name, "1 api", problems, watch.milliseconds)

    def _ask(self, event: Mapping[str, Any], patience: float) -> dict[str, Any]:
        query = urlencode(event.get("multiValueQueryStringParameters") or {}, doseq=True)
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=patience)
        try:
            target = f"{event['path']}?{query}" if query else event["path"]
            # SAM gives every request an id of its own; an answer is followed by the sample's.
            headers = {"X-Correlation-Id": event["requestContext"]["requestId"], **(event.get("headers") or {})}
            connection.request(event["httpMethod"], target, event.get("body"), headers)
            answer = connection.getresponse()
            told = dict(answer.getheaders())
            return {"statusCode": answer.status, "headers": told, "body": answer.read().decode()}
        finally:
            connection.close()


@contextmanager
def level1(
    docker: Docker, build: Path, environments: Mapping[str, Mapping[str, str]], architecture: str, directory: Path
) -> Iterator[Level1]:
    """SAM over what `sam build` left in its folder, with environments by logical id; its images are gone afterwards."""
    directory.mkdir(parents=True, exist_ok=True)
    template, layers = write_template(build, directory / "layers")
    variables = directory / "variables.json"
    variables.write_text(json.dumps(environments))
    before = docker.images(_IMAGES)
    try:
        yield Level1(docker, "sam", template, layers, variables, architecture, directory)
    finally:
        for image in docker.images(_IMAGES) - before:
            docker("image", "rm", "--force", image)
