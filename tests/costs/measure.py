"""What a contact, a mail, an event and a reaction take: the same campaigns, one thing at a time and in full batches."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from functions.timers import dispatch_due, let_in, poll_mailboxes, sweep, wake_deliveries
from tests.contract.scene import empty_stack
from tests.costs.campaigns import Campaigns, Load
from tests.costs.tally import Tally, invoked
from tests.scripted_smtp import ScriptedServer
from tests.scripted_web import ScriptedWebServer
from tests.stage import Stage
from tests.world import Context, new_tenant

type Counts = dict[str, dict[str, dict[str, float]]]

LOADS = {
    "alone": Load(campaigns=1, senders=3, contacts=12, rows=1, messages=1, records=1),
    "together": Load(campaigns=3, senders=10, contacts=20, rows=1000, messages=10, records=100),
}
_SEED = 8
_LONG = 75
"""Minutes after which all mails have left, follow-ups included."""
_TIMERS: Mapping[str, Callable[..., Any]] = {
    "dispatch_due": dispatch_due.handler,
    "let_in": let_in.handler,
    "poll_mailboxes": poll_mailboxes.handler,
    "sweep": sweep.handler,
    "wake_deliveries": wake_deliveries.handler,
}


def measured_counts() -> Counts:
    """Of each load what each kind of work takes for one contact, mail or reaction; `idle` is a run of each timer."""
    return {name: _worked(load) for name, load in LOADS.items()} | {"idle": _idle()}


def _worked(load: Load) -> dict[str, dict[str, float]]:
    with ExitStack() as stack:
        store = stack.enter_context(empty_stack())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        chance = Random(_SEED)  # noqa: S311 - the pace of mails, not a secret
        patch.setattr(dispatch_due, "random", SimpleNamespace(Random=lambda: chance))
        stage = Stage(patch)
        mail, app = stack.enter_context(ScriptedServer()), stack.enter_context(ScriptedWebServer())
        work = Campaigns(store, stage, new_tenant(), load, mail.port, app.url())
        work.enroll_a_list("warm")
        work.forget()
        work.enroll_a_list("list")
        work.begin()
        work.send(_LONG)
        sent = 2 * load.campaigns * load.contacts
        assert len(mail.taken) == sent
        work.units["dispatch"] = sent
        work.tell("send", sent)
        work.tallies["send"].update(mails=sent, mail_bytes=sum(map(len, mail.taken)))
        work.react(mail.taken)
        counted = {part: _of_one(tally, work.units[part]) for part, tally in work.tallies.items()}
        return {part: counts for part, counts in counted.items() if counts}


def _idle() -> dict[str, dict[str, float]]:
    with empty_stack():
        tallies = {name: Tally() for name in _TIMERS}
        for name, handler in _TIMERS.items():
            invoked(tallies[name], lambda handler=handler: handler({}, Context(remaining=55_000)))
        return {name: _of_one(tally, 1) for name, tally in tallies.items()}


def _of_one(tally: Tally, units: int) -> dict[str, float]:
    return {name: round(number / units, 4) for name, number in sorted(tally.items()) if number}
