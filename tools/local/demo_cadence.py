"""A cadence from nothing by MyAgentMail's API: a key, an inbox, three steps, leads, a reply, a repair."""

import sys
import time
from dataclasses import dataclass
from typing import Any

from tools.local import delivered, example_apps
from tools.local.api import Api
from tools.local.cadence_summary import disagreements, last_line, summarize
from tools.local.demo_display import Display
from tools.local.demo_stack import on_a_fresh_stack
from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import ProcessFailedError
from tools.local.stack import Running, guarded

_APP = "linkedin_connector"
_WITHIN_SECONDS = 360.0
_A_MINUTE = 0.0006  # of a day, rounded up to minutes
_STEPS: list[dict[str, Any]] = [
    {
        "kind": "email",
        "delayDays": 0,
        "draftStrategy": "static",
        "staticSubject": "A question, {{first_name}}",
        "staticBody": "Hello {{first_name}},\n\nwho looks after mail with you?",
    },
    {"kind": "wait", "delayDays": _A_MINUTE},
    {
        "kind": "linkedin_message",
        "delayDays": 0,
        "draftStrategy": "static",
        "staticBody": "Hello {{first_name}}, did my mail reach you?",
    },
]


@dataclass(frozen=True)
class Lead:
    """Somebody to enroll; `replies` when the app is about to write, `broken`: the address comes in a wrong field."""

    external_id: str
    name: str
    email: str
    replies: bool = False
    broken: bool = False

    def body(self, inbox: str) -> dict[str, Any]:
        """What is posted to enroll the lead."""
        address = "email" if self.broken else "leadEmail"
        return {
            "leadExternalId": self.external_id,
            "leadName": self.name,
            address: self.email,
            "leadLinkedinUrl": f"https://www.linkedin.com/in/{self.external_id}/",
            "inboxId": inbox,
            "sessionId": "5b1f7c1e-3a52-4f0e-9a52-0d8c7e3b6a11",
        }


_LEADS = (
    Lead("lead-1", "Kim Alder", "kim@alderfinch.example"),
    Lead("lead-2", "Lee Birch", "lee@alderfinch.example", replies=True),
    Lead("lead-3", "Uma Cedar", "uma@alderfinch.example", broken=True),
    Lead("lead-4", "Max Elm", "max@alderfinch.example"),
)
_BROKEN = {lead.external_id: lead for lead in _LEADS if lead.broken}


@dataclass(frozen=True)
class Outcome:
    """What was asked of the API, with how it ended."""

    created: int
    states: dict[str, str]
    repairs: dict[str, int]


def main() -> int:
    """Run the demo; 0 only if all of its numbers are what they should be."""
    display = Display()
    outcome, running = on_a_fresh_stack(display.say, lambda running: _work(running, display))
    # Read when all has stopped: a late repeat would be in it.
    acts = example_apps.said(_APP)
    mails = delivered.read(running.maildir)
    summary = summarize(outcome.created, outcome.states, mails, acts, outcome.repairs)
    replying = sum(lead.replies for lead in _LEADS)
    wrong = disagreements(summary, leads=len(_LEADS), broken=len(_BROKEN), replying=replying)
    for sentence in wrong:
        print(f"disagreement: {sentence}", file=sys.stderr, flush=True)
    print(last_line(summary), flush=True)
    return 1 if wrong else 0


def _work(running: Running, display: Display) -> Outcome:
    api = Api(running.url, _new_key(running, display))
    inbox = _new_inbox(api, running, display)
    port = free_port()
    made = api.post("/v1/cadences", _cadence(port))["cadence"]
    display.say(f"made a cadence of {len(_STEPS)} steps; its secret is told once: {made['webhookSecret'][:9]}...")
    replies = [word for lead in _LEADS if lead.replies for word in ("--replies", lead.external_id)]
    with example_apps.running(_APP, port, made["webhookSecret"], *replies):
        display.say("the app that plays LinkedIn listens")
        created = sum(_enroll(api, made["id"], lead, inbox, display) for lead in _LEADS)
        api.post(f"/v1/cadences/{made['id']}/run-now")
        _wait_for_mails(running, len(_LEADS) - len(_BROKEN), display)
        repairs = _repair(api, made["id"], display)
        return Outcome(created, _wait_for_the_end(api, made["id"], display), repairs)


def _new_key(running: Running, display: Display) -> str:
    made = Api(running.url, running.key).post("/v1/keys", {"name": "demo"})["key"]
    display.say(f"made a key: {made['prefix']}...")
    return str(made["key"])


def _new_inbox(api: Api, running: Running, display: Display) -> str:
    server = {"host": LOOPBACK, "port": running.smtp_port, "username": "maya", "password": "any will do"}
    body = {"email": "maya@drumbeat.example", "name": "Maya", "smtp": server, "paceSeconds": [0, 0]}
    made = api.post("/v1/inboxes", body)["inbox"]
    display.say(f"made an inbox: {made['email']}")
    return str(made["id"])


def _cadence(port: int) -> dict[str, Any]:
    url = f"http://{LOOPBACK}:{port}/"
    return {"name": "Demo", "businessHoursOnly": False, "webhookUrl": url, "steps": _STEPS}


def _enroll(api: Api, cadence: str, lead: Lead, inbox: str, display: Display) -> bool:
    answer = api.post(f"/v1/cadences/{cadence}/enrollments", lead.body(inbox))
    again = api.post(f"/v1/cadences/{cadence}/enrollments", lead.body(inbox))
    if again["created"] or again["enrollment"]["id"] != answer["enrollment"]["id"]:
        raise ProcessFailedError(f"{lead.external_id} was enrolled twice: {again}")
    note = ", its address in a field that does not exist" if lead.broken else ""
    display.say(f"enrolled {lead.name}{note}; asked again, it is the same one")
    return bool(answer["created"])


def _wait_for_mails(running: Running, expected: int, display: Display) -> None:
    with display.bar("mails") as bar:
        for _ in example_apps.seconds("mails", _WITHIN_SECONDS):
            arrived = delivered.count(running.maildir)
            bar(arrived, expected, "" if arrived else example_apps.TIMER_NOTE)
            if arrived >= expected:
                return


def _repair(api: Api, cadence: str, display: Display) -> dict[str, int]:
    """Puts the broken leads right once they say what they lack; when which address was."""
    for _ in example_apps.seconds("a word about what is missing", _WITHIN_SECONDS):
        broken = [row for row in _listed(api, cadence) if row["leadExternalId"] in _BROKEN and row["lastError"]]
        if len(broken) == len(_BROKEN):
            break
    display.say(f"{broken[0]['leadName']}: {broken[0]['lastError']}")
    updates = [{"enrollmentId": row["id"], "leadEmail": _BROKEN[row["leadExternalId"]].email} for row in broken]
    now = time.time_ns() // 1_000_000
    answer = api.post(f"/v1/cadences/{cadence}/enrollments/bulk-relink?retryNow=true", {"updates": updates})
    display.say(f"bulk-relink with retryNow: {answer['succeeded']} repaired, {answer['failed']} failed")
    return {_BROKEN[row["leadExternalId"]].email: now for row in broken}


def _wait_for_the_end(api: Api, cadence: str, display: Display) -> dict[str, str]:
    """The leads' states, once none is on its way any more."""
    with display.bar("enrollments over") as bar:
        for _ in example_apps.seconds("the end of all enrollments", _WITHIN_SECONDS):
            states = {str(row["leadExternalId"]): str(row["state"]) for row in _listed(api, cadence)}
            over = sum(state not in {"active", "paused"} for state in states.values())
            bar(over, len(states), "")
            if over == len(states):
                break
    for lead in _LEADS:
        display.say(f"{lead.name}: {states.get(lead.external_id)}")
    return states


def _listed(api: Api, cadence: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"/v1/cadences/{cadence}/enrollments")["items"]
    return rows


if __name__ == "__main__":
    sys.exit(guarded(main))
