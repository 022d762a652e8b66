"""How long 1,000 calls take to be taken and to be made on the stack that `make up` started; nobody is called."""

import argparse
import json
import os
import sys
import time
import uuid
from typing import Any

from tools.local.api import Api, ApiError, fetch

_LOOK_EVERY = 0.2
_MOST_SECONDS_TO_ANSWER = 2.0
_MOST_SECONDS_TO_MAKE = 15.0
_NEVER = {"days": ["sun"], "start": "03:00", "end": "03:01"}


class Bench:
    """An agent whose dialler is asked for nothing while this runs, and whose calls cost nothing."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        ours = Api(url, key, timeout=120)
        dialler = {"url": "http://127.0.0.1:9/calls"}
        wanted = {
            "name": "Bench",
            "timezones": ["UTC"],
            "callWindows": [_NEVER],
            "dialler": dialler,
            "creditsPerCall": 0,
        }
        self._agent = ours.post("/drumbeat/v1/agents", wanted)["id"]

    def turn(self, rows: int, **fields: Any) -> dict[str, Any]:
        """Seconds until so many rows were taken and until the last one was made, and how many were."""
        contacts = [_row(place) for place in range(rows)]
        began = time.monotonic()
        path = f"/api/v1/agents/{self._agent}/schedule/sequences"
        accepted = self._call("POST", path, {"contacts": contacts} | fields)
        answered = time.monotonic() - began
        while (told := self._call("GET", f"/api/v1/batches/{accepted['batchId']}"))["status"] == "scheduling":
            time.sleep(_LOOK_EVERY)
        made = time.monotonic() - began - answered
        return {"made": told["scheduled"], "seconds_to_answer": round(answered, 2), "seconds_to_make": round(made, 1)}

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"x-api-key": self._key, "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        sent = None if body is None else json.dumps(body).encode()
        status, answer = fetch(self._url + path, method, sent, headers, 120)
        if status not in {200, 202}:
            raise ApiError(method, path, status, answer.decode(errors="replace"))
        return json.loads(answer)


def _row(place: int) -> dict[str, str]:
    name = {"name": f"Jane {place}", "phoneNumber": f"+1555{place:07d}"}
    return name | {"account_id": f"a-{place // 3}", "prospect_name": f"Jane {place}", "owner": "ann"}


def main() -> int:
    """0 only if everything was made, and in the time that it may take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000, help="at most 1,000")
    rows = parser.parse_args().rows
    bench = Bench(os.environ["DRUMBEAT_URL"], os.environ["DRUMBEAT_KEY"])
    turns = [bench.turn(rows), bench.turn(rows), bench.turn(rows, groupByField="account_id")]
    told = dict(zip(("first", "again", "in_groups"), turns, strict=True))
    print(f"CALLS {json.dumps({'rows': rows} | told, separators=(',', ':'))}")
    good = all(
        turn["made"] == rows
        and turn["seconds_to_answer"] <= _MOST_SECONDS_TO_ANSWER
        and turn["seconds_to_make"] <= _MOST_SECONDS_TO_MAKE
        for turn in turns
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
