"""An app that plays a dialler: `python3 examples/dialler.py --secret whsec_... --seed 7`

It calls nobody: what a call comes to is drawn from the seed, the number and the attempt, so that a run can be repeated.
A call that reaches its goal comes to the first of the agent's outcomes, one that does not to the last. Put your own
telephony where `called` is; the look at `check` right before it is what heeds a cancel while your own queue is long.
"""

import random
import time
from typing import Any

from signed_app import answer, arguments, look, say, serve

_FROM = "+15550100000"
_ENDS = {"Goal Completed": 25, "Goal Not Completed": 25, "Busy": 15, "Voicemail": 20, "No Answer": 15}
"""What calls come to, of a hundred."""
_NOT_NOW = {"paused", "outside_hours"}


def called(request: dict[str, Any], seed: int) -> dict[str, Any]:
    """What the call came to, as your own telephony would know it."""
    contact = request["contact"]
    chance = random.Random(f"{seed} {contact['phoneNumber']} {request['attempt']}")  # noqa: S311 - a play, no secret
    end = chance.choices(list(_ENDS), weights=list(_ENDS.values()))[0]
    result = {"resultType": end, "fromPhoneNumber": _FROM, "callUrl": f"https://dialler.example/{request['callId']}"}
    if not end.startswith("Goal"):
        return result | {"summary": f"{contact['name']} was not spoken to."}
    reached = end == "Goal Completed"
    outcomes = request["outcomes"]
    told = [{"name": outcomes[0 if reached else -1]["name"], "reasoning": "The dice said so."}] if outcomes else []
    return result | {
        "duration": chance.randrange(30, 300),
        "summary": f"{contact['name']} {'agreed' if reached else 'declined'}.",
        "transcription": f"Agent: Hello {contact['name']}.\nCallee: {'Gladly' if reached else 'No, thank you'}.",
        "outcomes": told,
    }


def main() -> None:
    """Calls whom it is asked to call, one after the other."""
    parser = arguments("Plays a dialler.", 8793)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.0, help="how long a call takes")
    options = parser.parse_args()

    def work(request: dict[str, Any]) -> None:
        if request["type"] != "call.requested":
            return
        callbacks = request["callbacks"]
        who = {"call": request["callId"], "phone": request["contact"]["phoneNumber"], "attempt": request["attempt"]}
        standing = look(callbacks["check"])
        if not standing.get("open"):
            if standing.get("state") in _NOT_NOW:
                answer(callbacks["failed"], {"reason": f"not now: {standing['state']}", "retry": True})
            say(did="nothing", state=standing.get("state"), **who)
            return
        began = time.time_ns() // 1_000_000
        time.sleep(options.seconds)
        result = called(request, options.seed)
        told = answer(callbacks["result"], result)
        say(did="call", began=began, result=result["resultType"], **who, **told)

    serve(options.port, options.secret, work, signed_in="X-Drumbeat-Signature")


if __name__ == "__main__":
    main()
