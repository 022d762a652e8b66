"""How a batch over very many people fares on the stack that `make up` started: counts that are exact, and clocks."""

import argparse
import json
import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tools.local.api import Api, ApiError, fetch
from tools.local.demo_display import Display
from tools.local.function_workers import FunctionWorkers
from tools.local.ports import LOOPBACK
from tools.local.processes import Process
from tools.local.stack import LOCAL_DIRECTORY

_IMPORT_AT_ONCE = 20_000
_LOOK_EVERY = 2.0
_MOST_MEGABYTES = 256
_JSON_API = "application/vnd.api+json"


@dataclass(frozen=True)
class Run:
    """One batch that is over: what it says of itself, and how long it took in seconds."""

    batch: dict[str, Any]
    seconds: float

    def counts(self) -> dict[str, Any]:
        """What the last line quotes."""
        told = {name: self.batch[name] for name in ("state", "total", "pending", "failures")}
        return told | {"codes": self.batch["summary"]["failures"], "seconds": round(self.seconds)}


class Bench:
    """A stack with very many people, and batches over all of them."""

    def __init__(self, url: str, key: str, display: Display) -> None:
        self._url = url
        self._key = key
        self._ours = Api(url, key, timeout=120)
        self._outreach = Api(f"{url}/api/v2", key, timeout=120, media_type=_JSON_API)
        self._display = display
        self._domain = f"{uuid.uuid4().hex[:12]}.example"

    def import_people(self, count: int) -> int:
        """Imports so many contacts; returns the instant before, in UTC milliseconds."""
        began = int(time.time() * 1000)
        for first in range(0, count, _IMPORT_AT_ONCE):
            behind = min(first + _IMPORT_AT_ONCE, count)
            rows = [{"email": f"p{place}@{self._domain}"} for place in range(first, behind)]
            self._ours.post("/contact_imports", {"contact_import": {"name": "Bench", "contacts": rows}})
            self._display.say(f"{behind} people imported")
        return began

    def make_sequence(self) -> tuple[int, int]:
        """An active sequence that will not send while this runs, and a mailbox for it."""
        mailbox = self._create(
            "mailbox",
            "/mailboxes",
            email=f"bench@{self._domain}",
            sendMethod="smtp",
            smtpHost=LOOPBACK,
            smtpPort=2525,
            smtpUsername="bench",
            smtpPassword="unused",
        )
        sequence = self._create("sequence", "/sequences", name="Bench")
        self._create(
            "sequenceStep",
            "/sequenceSteps",
            relationships={"sequence": {"data": {"type": "sequence", "id": sequence}}},
            order=1,
            stepType="auto_email",
            interval=30 * 24 * 3600,
            subject="Bench",
            bodyHtml="<p>Never sent.</p>",
        )
        self._outreach.post(f"/sequences/{sequence}/actions/activate")
        return sequence, mailbox

    def start(self, action: str, since: int, **attributes: Any) -> int:
        """Starts a bulk action over everybody created `since`; returns the batch's id."""
        instant = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(since // 1000))
        query = {"actionParams[filter][createdAt][gte]": instant, "actionParams[skipConfirmation]": "true"}
        body = {"data": {"attributes": attributes}, "type": "batch"}
        answer = self._outreach.post(f"/batches/actions/{action}?{urlencode(query)}", body)
        return int(answer["data"]["id"])

    def wait(self, batch: int, what: str) -> Run:
        """Looks at the batch until it is over and nothing of it is pending."""
        began = time.monotonic()
        with self._display.bar(what) as bar:
            while True:
                told = self.look(batch)
                bar((told["total"] or 0) - (told["pending"] or 0), told["total"] or 0, told["state"])
                if told["state"] in {"finished", "failed", "canceled"} and not told["pending"]:
                    return Run(told, time.monotonic() - began)
                time.sleep(_LOOK_EVERY)

    def cancel_in_the_middle(self, batch: int) -> None:
        """Cancels the batch as soon as some of its items are done."""
        while True:
            told = self.look(batch)
            if told["startedAt"] is not None and told["pending"] < told["total"]:
                break
            time.sleep(0.1)
        self._outreach.post(f"/batches/{batch}/actions/cancel")

    def look(self, batch: int) -> dict[str, Any]:
        """The batch's attributes."""
        attributes: dict[str, Any] = self._outreach.get(f"/batches/{batch}")["data"]["attributes"]
        return attributes

    def results(self, batch: int) -> Iterator[dict[str, Any]]:
        """Every item of the batch, as the download has it."""
        after = ""
        while lines := self._download(batch, after):
            rows = [json.loads(line) for line in lines]
            yield from rows
            after = f"?after={rows[-1]['index']}"

    def _download(self, batch: int, query: str) -> list[str]:
        path = f"{self._url}/drumbeat/v1/batches/{batch}/results{query}"
        status, body = fetch(path, headers={"Authorization": f"Bearer {self._key}"})
        if status != 200:
            raise ApiError("GET", path, status, body.decode(errors="replace"))
        return body.decode().splitlines()

    def _create(self, kind: str, path: str, relationships: Any = None, **attributes: Any) -> int:
        data = {"type": kind, "attributes": attributes} | ({"relationships": relationships} if relationships else {})
        return int(self._outreach.post(path, {"data": data})["data"]["id"])


def main() -> int:
    """0 only if every count is exact and no function took more memory than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    bench = Bench(os.environ["DRUMBEAT_URL"], os.environ["DRUMBEAT_KEY"], Display())
    since = bench.import_people(people)
    sequence, mailbox = bench.make_sequence()
    enrolling = {"sequenceId": sequence, "mailboxId": mailbox}
    first = bench.wait(bench.start("prospectsAddToSequence", since, **enrolling), "enrol")
    again = bench.wait(bench.start("prospectsAddToSequence", since, **enrolling), "enrol again")
    stopped = bench.start("prospectsAddTags", since, tags=["bench"])
    bench.cancel_in_the_middle(stopped)
    canceled = bench.wait(stopped, "tags, canceled")
    states = Counter(row["state"] for row in bench.results(stopped))
    memory = FunctionWorkers(Process("ministack", LOCAL_DIRECTORY).pid, "").peak_memory()
    told = {
        "people": people,
        "first": first.counts(),
        "again": again.counts(),
        "canceled": canceled.counts() | {"items": dict(states)},
        "megabytes": max(memory.values()),
    }
    print(f"BATCH {json.dumps(told, separators=(',', ':'))}")
    return 0 if _is_exact(people, first.batch, again.batch, states) and told["megabytes"] <= _MOST_MEGABYTES else 1


def _is_exact(people: int, first: dict[str, Any], again: dict[str, Any], states: Counter[str]) -> bool:
    return (
        (first["total"], first["failures"]) == (people, 0)
        and (again["total"], again["summary"]["failures"]) == (people, {"ALREADY_ENROLLED": people})
        and states.total() == people
        and set(states) <= {"finished", "canceled"}
    )


if __name__ == "__main__":
    sys.exit(main())
