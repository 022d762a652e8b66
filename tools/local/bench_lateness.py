"""How late mails leave on the stack that `make up` started, when many lanes spread them over some minutes.

A mail is due when the send before it and the delay after that say so, and not before the slot that its lane has for it;
it has arrived when the sink has the whole of it. Follow-ups and first steps of a lane share its pace.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from tools.local import delivered, lateness, load
from tools.local.api import Api
from tools.local.demo_display import Display
from tools.local.lateness import Arrival
from tools.local.load import Campaign, Errand, Shape, Sink
from tools.local.processes import ProcessFailedError
from tools.local.stack import guarded
from tools.local.store import Store

_LOOK_EVERY = 10.0
_PATIENCE_SECONDS = 480.0
_MINUTE = 60_000
_WARM_UP = Shape(campaigns=1, lanes=20, people=200, delays=(0,))


def main() -> int:
    """0 only if nothing was early, lost or sent twice, and the bound is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaigns", type=int, default=5)
    parser.add_argument("--lanes", type=int, default=10, help="of each campaign")
    parser.add_argument("--people", type=int, default=100, help="of each campaign; everybody gets two mails")
    parser.add_argument("--min-wait", type=int, default=10, help="seconds between the slots of a lane, at least")
    parser.add_argument("--max-wait", type=int, default=20, help="and at most")
    options = parser.parse_args()
    shape = Shape(options.campaigns, options.lanes, options.people, (0, 1), options.min_wait, options.max_wait)
    url = os.environ["DRUMBEAT_URL"]
    api = Api(url, os.environ["DRUMBEAT_KEY"], timeout=120)
    parts = urlsplit(url)
    store = Store.at(f"{parts.scheme}://{parts.netloc}")
    with load.own_sink("lateness") as sink:
        return _measure(api, store, sink, shape, Display())


def _measure(api: Api, store: Store, sink: Sink, shape: Shape, display: Display) -> int:
    display.say("warming up: cold starts are not what is measured")
    load.dispatch(api, load.prepare(api, sink, _WARM_UP))
    _wait(store, sink, _WARM_UP.mails, display, "warm-up")
    campaigns = load.prepare(api, sink, shape)
    load.dispatch(api, campaigns)
    display.say(f"{shape.mails} mails of {shape.campaigns * shape.lanes} lanes; the timer fires once a minute")
    slots = _wait(store, sink, _WARM_UP.mails + shape.mails, display, "mails")
    return _report(shape, *_arrivals(api, campaigns, sink, slots, shape.delays), display)


def _wait(store: Store, sink: Sink, expected: int, display: Display, what: str) -> dict[Errand, int]:
    """Look at the lanes until all mails are there, or none has come for long; the first slot each step had."""
    slots: dict[Errand, int] = {}
    arrived, changed = -1, time.monotonic()
    with display.bar(what) as bar:
        while arrived < expected and time.monotonic() - changed < _PATIENCE_SECONDS:
            if delivered.count(sink.maildir) > arrived:
                arrived, changed = delivered.count(sink.maildir), time.monotonic()
            slots = store.slots() | slots
            bar(arrived, expected, "")
            time.sleep(_LOOK_EVERY)
    if arrived == 0:
        raise ProcessFailedError(f"no mail arrived within {_PATIENCE_SECONDS:.0f} s")
    return slots


def _arrivals(
    api: Api, campaigns: Sequence[Campaign], sink: Sink, slots: dict[Errand, int], delays: Sequence[int]
) -> tuple[list[Arrival], dict[str, int]]:
    """The arrivals whose due time is known, and what must not be: repeats, gaps, mails without a slot."""
    people = {person.email: person for person in load.enrolled(api, campaigns)}
    mails = [mail for mail in delivered.read(sink.maildir) if mail.recipient in people]
    arrivals: list[Arrival] = []
    for mail in mails:
        step, person = load.position(mail.subject), people[mail.recipient]
        slot = slots.get((person.id, step))
        if slot is None:
            continue
        due = slot if step == 1 else (person.sent_at or 0) + delays[step - 1] * _MINUTE
        arrivals.append(Arrival(step, due, slot, mail.arrived))
    distinct = len({(mail.recipient, mail.subject) for mail in mails})
    others = {
        "duplicates": delivered.repeats(mails),
        "missing": len(people) * len(delays) - distinct,
        "unseen": len(mails) - len(arrivals),
    }
    return arrivals, others


def _report(shape: Shape, arrivals: list[Arrival], others: dict[str, int], display: Display) -> int:
    for name, part in (
        ("first steps", [arrival for arrival in arrivals if arrival.step == 1]),
        ("follow-ups", [arrival for arrival in arrivals if arrival.step > 1]),
    ):
        if part:
            display.say(f"{name}: {lateness.figures(part)}")
    counts = lateness.histogram(arrival.lateness for arrival in arrivals)
    display.say(f"mails by milliseconds after the due time: {counts}")
    found = lateness.figures(arrivals)
    wrong = lateness.failures(found, others)
    for sentence in wrong:
        print(f"not kept: {sentence}", file=sys.stderr, flush=True)
    print(lateness.last_line(found, shape.campaigns * shape.lanes, others), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(guarded(main))
