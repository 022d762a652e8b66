"""How long importing and enrolling many contacts takes on the stack that `make up` started; a clock, not a test."""

import argparse
import os
import time
import uuid
from collections.abc import Callable
from typing import Any

from tools.local.api import Api

_IMPORT_AT_ONCE = 20_000


def main() -> None:
    """Prints seconds for each call, and how the part went that the queue did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000, help=f"at most {_IMPORT_AT_ONCE}")
    count = min(parser.parse_args().contacts, _IMPORT_AT_ONCE)
    api = Api(os.environ["DRUMBEAT_URL"], os.environ["DRUMBEAT_KEY"], timeout=120)
    imported = _timed(f"import {count}", lambda: api.post("/contact_imports", _contacts(count)))
    campaign = api.post("/campaigns", _campaign())["id"]
    request = {"contact_import_id": imported["id"]}
    enrolled = _timed(f"enroll {count}", lambda: api.post(f"/campaigns/{campaign}/enroll", request))
    print(f"  enrolled in the call: {enrolled['enrolled']}")
    if "batch_id" in enrolled:
        _timed("the rest, in the background", lambda: _finished(api, enrolled["batch_id"]))
    print(f"  totals: {_timed('totals', lambda: api.get(f'/campaigns/{campaign}'))['totals']}")


def _timed(what: str, act: Callable[[], Any]) -> Any:
    began = time.monotonic()
    result = act()
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)
    return result


def _finished(api: Api, batch: str) -> None:
    while api.get(f"/drumbeat/v1/batches/{batch}")["state"] != "finished":
        time.sleep(0.2)


def _contacts(count: int) -> dict[str, Any]:
    domain = f"{uuid.uuid4().hex[:12]}.example"
    rows = [{"email": f"p{place}@{domain}", "first_name": f"P{place}"} for place in range(count)]
    return {"contact_import": {"name": f"bench {count}", "contacts": rows}}


def _campaign() -> dict[str, Any]:
    sender = {
        "smtp_host": "127.0.0.1",
        "smtp_port": 2525,
        "smtp_username": "bench@acme.example",
        "smtp_password": "unused",
        "daily_limit": 1,
    }
    step = {"position": 1, "subject": "Bench", "body_html": "<p>Never sent.</p>"}
    return {"campaign": {"name": "bench", "smtp_credentials": [sender], "sequence_steps": [step]}}


if __name__ == "__main__":
    main()
