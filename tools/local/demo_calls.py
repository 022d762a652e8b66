"""Calls from nothing by 11x's API: an agent, 50 people in 20 groups, an example dialler, a cancel, results, credits."""

import sys
import time
from typing import Any

from tools.local import example_apps
from tools.local.api import Api
from tools.local.call_summary import Heard, Person, Run, disagreements, last_line, summarize
from tools.local.demo_display import Display
from tools.local.demo_stack import on_a_fresh_stack
from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import ProcessFailedError
from tools.local.result_listener import ResultListener, listening
from tools.local.stack import Running, guarded

_APP = "dialler"
_SEED = 380
"""Has people who are called again, chains that succeed and chains that do not, and no chain that takes very long."""
_WITHIN_SECONDS = 900.0
_GROUPS = 20
_PEOPLE = tuple(
    Person(f"Callee {place + 1}", f"+1202555{100 + place:04}", f"account-{place % _GROUPS + 1}") for place in range(50)
)
_CANCELLED = f"account-{_GROUPS}"
_BAD_ROWS = (
    {"name": "No Account", "phoneNumber": "+12025550190"},
    {"name": "No Number", "phoneNumber": "none", "account_id": "account-1"},
)
_OVER = {"done", "cancelled", "failed"}


def main() -> int:
    """Run the demo; 0 only if all of its numbers agree."""
    display, listener = Display(), ResultListener()
    run, _ = on_a_fresh_stack(display.say, lambda running: _work(running, listener, display))
    # Read when all has stopped: a late call or result would be in it.
    acts = example_apps.said(_APP)
    heard = Heard(listener.results, listener.repeats, listener.changed + listener.forged)
    summary = summarize(run, acts, heard)
    wrong = disagreements(run, acts, heard, summary)
    for sentence in wrong:
        print(f"disagreement: {sentence}", file=sys.stderr, flush=True)
    print(last_line(summary), flush=True)
    return 1 if wrong else 0


def _work(running: Running, listener: ResultListener, display: Display) -> Run:
    api = Api(running.url, running.key)
    with listening(listener) as url:
        port = free_port()
        agent = api.post("/drumbeat/v1/agents", _agent(port, url))
        listener.secret = agent["webhook"]["secret"]
        display.say(f"made the agent {agent['id']}; its two secrets are told once")
        options = "--seed", str(_SEED), "--seconds", "0.3"
        with example_apps.running(_APP, port, agent["dialler"]["secret"], *options):
            display.say("the app that plays a dialler listens")
            answer = _schedule(api, agent["id"], display)
            cancelled_at = _cancel(api, listener, display)
            contacts = _wait_for_the_end(api, answer["batchId"], listener, display)
            usage = _wait_for_the_credits(api)
    return Run(_PEOPLE, answer, contacts, usage, _CANCELLED, cancelled_at)


def _agent(port: int, listener_url: str) -> dict[str, Any]:
    again = {"times": 1, "delaySeconds": 60}
    return {
        "name": "Julian",
        "timezones": ["America/New_York"],
        "requiredVariables": ["account_id"],
        "outcomes": [{"name": "Meeting booked", "successful": True}, {"name": "Declined", "successful": False}],
        "retries": {"Busy": again, "No Answer": again},
        "dialler": {"url": f"http://{LOOPBACK}:{port}/"},
        "webhook": {"url": listener_url},
    }


def _schedule(api: Api, agent: str, display: Display) -> dict[str, Any]:
    """The answer to the one bulk call; asked for again under its key it is the same."""
    rows = [{"name": who.name, "phoneNumber": who.phone, "account_id": who.account} for who in _PEOPLE]
    path, body = f"/api/v1/agents/{agent}/schedule/sequences", {"contacts": [*rows, *_BAD_ROWS]}
    answer: dict[str, Any] = api.post(path, body | {"groupByField": "account_id"}, once="demo")
    if api.post(path, {"contacts": rows[:1]}, once="demo") != answer:
        raise ProcessFailedError("the same Idempotency-Key was answered otherwise")
    display.say(
        f"scheduled {answer['accepted']} of {answer['total']}; asked again under its key, the answer is the same"
    )
    for row in answer["rejected"]:
        display.say(f"row {row['index']}, {row['phoneNumber']}: {row['error']}")
    return answer


def _cancel(api: Api, listener: ResultListener, display: Display) -> int:
    """Cancels a group as soon as the first result is there; when the answer to that had come."""
    with display.bar("results") as bar:
        for _ in example_apps.seconds("a first result", _WITHIN_SECONDS):
            bar(len(listener.results), 1, "" if listener.results else example_apps.TIMER_NOTE)
            if listener.results:
                break
    wanted = {"referenceKey": "account_id", "referenceValue": _CANCELLED, "reason": "signed elsewhere"}
    done = api.post("/api/v1/sequences/cancel", wanted)
    display.say(f"cancelled {_CANCELLED}: {done}")
    return time.time_ns() // 1_000_000


def _wait_for_the_end(api: Api, batch: str, listener: ResultListener, display: Display) -> list[dict[str, Any]]:
    """Every contact as it ended, once the results of all calls have come."""
    quiet, before = 0, -1
    with display.bar("contacts over") as bar:
        for _ in example_apps.seconds("the end of all contacts", _WITHIN_SECONDS):
            contacts: list[dict[str, Any]] = api.get(f"/api/v1/batches/{batch}")["contacts"]
            mine = [contact for contact in contacts if contact["status"] != "rejected"]
            over = sum(contact.get("lifecycleStatus") in _OVER for contact in mine)
            bar(over, len(mine), f"{len(listener.results)} results")
            now = listener.deliveries.total()
            quiet, before = quiet + 1 if now == before else 0, now
            if over == len(mine) and quiet >= 10:
                return contacts
    return []


def _wait_for_the_credits(api: Api) -> dict[str, Any]:
    """What was spent, once nothing is held any more, or that does not come about."""
    usage: dict[str, Any] = {}
    for second in example_apps.seconds("credits", _WITHIN_SECONDS):
        usage = api.get("/api/v1/credits/usage")
        if not usage["organization"]["heldCredits"] or second > 30:
            break
    return usage


if __name__ == "__main__":
    sys.exit(guarded(main))
