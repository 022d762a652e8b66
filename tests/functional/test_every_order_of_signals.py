"""Whatever order the signals about a mail come in, its enrollment, its contact and its address end the same (I10)."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.application.send_ports import Settlement
from drumbeat.application.take_inbound import Arrival, InboundPorts, take_inbound
from drumbeat.application.take_provider_event import StillUnderWay, take_report
from drumbeat.bootstrap_signals import unmatched_replies
from drumbeat.domain.delivery import after
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.inbound_mail import InboundMail, MailKind
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.provider_event import Fate, ProviderEvent, SentMail
from drumbeat.domain.times import MINUTE
from drumbeat.domain.token import message_id
from drumbeat.domain.verdict import Accepted
from tests.contract.scene import everything
from tests.reporting import ADDRESS, KEY, elsewhere, sent, suppression
from tests.stage import SEQUENCE, START, TENANT, Stage

MAIL = SentMail(TENANT, KEY, 0, 0, KEY.contact, 1)
type Signal = Callable[[], object]


@pytest.fixture
def stage(aws, monkeypatch, server):
    """A worker has claimed contact 1's first mail, and has not written yet what became of it."""
    stage = sent(Stage(monkeypatch), server)
    held = replace(stage.enrollment(), step=0, sent_at=None, last_sent_at=None, owner="me", lease=START + 5 * MINUTE)
    bootstrap.table().put(enrollment_item(held))
    return stage


def signals(stage: Stage) -> dict[str, Signal]:
    """All that may happen; each is what the function that hears of it does."""
    held, sequence = stage.enrollment(), bootstrap.sequences().get(TENANT, SEQUENCE)
    inbox = bootstrap.sequences().sender(TENANT, 1)
    assert sequence is not None
    assert inbox is not None
    ports = bootstrap.provider_event_ports()
    settled = Settlement(held, after(held, Accepted("<1@acme.example>"), sequence, 1, START))
    ours = message_id(bootstrap.token_keys(), TENANT, KEY, 0, "acme.example")

    def inbound(kind: MailKind, **said: Any) -> Signal:
        mail = InboundMail(kind, f"<{kind}@corp.example>", (ours,), (), ADDRESS, "Re: Hello", START, **said)
        arrival = Arrival(mail, inbox, START, kind.value)
        return lambda: take_inbound(InboundPorts(ports, unmatched_replies()), arrival, now=START)

    def reported(fate: Fate) -> Signal:
        event = ProviderEvent("", fate, fate.value, (ADDRESS,))
        return lambda: take_report(ports, MAIL, event, now=START)

    opened = MailSignal(SignalKind.OPENED, 0, 1)
    return {
        "sent": lambda: AttemptStore(bootstrap.table()).settle([settled]),
        "opened": lambda: bootstrap.signals().note(TENANT, KEY, opened, START, also={"opened_at": START}),
        "replied": inbound(MailKind.REPLY),
        "away": inbound(MailKind.OUT_OF_OFFICE, back_on=date(2026, 12, 1)),
        "bounced": reported(Fate.BOUNCED),
        "complained": reported(Fate.COMPLAINED),
        "delivered": reported(Fate.TAKEN),
    }


def happen(order: tuple[Signal, ...]) -> None:
    """One after another; what has to wait for the worker comes again when the others are through."""
    waiting = list(order)
    while waiting:
        later = []
        for signal in waiting:
            try:
                signal()
            except StillUnderWay:
                later.append(signal)
        waiting = later


def end() -> str:
    """What is left, but for when which lane is looked at, and when would be due what is over."""
    items = [item for item in everything() if "LANE" not in item["PK"]["S"]]
    left = [item if "qpk" in item else {name: item[name] for name in item if name != "due"} for item in items]
    return json.dumps(left, sort_keys=True)


def restore(kept: list[dict[str, Any]]) -> None:
    client = bootstrap.table().client
    there = {(item["PK"]["S"], item["SK"]["S"]): item for item in everything()}
    for item in kept:
        if there.pop((item["PK"]["S"], item["SK"]["S"]), None) != item:
            client.put_item(TableName="Table", Item=item)
    for item in there.values():
        client.delete_item(TableName="Table", Key={name: item[name] for name in ("PK", "SK")})


def ends_of(stage: Stage, *names: str) -> set[str]:
    begun, named, ends = everything(), signals(stage), set()
    for order in permutations(names):
        restore(begun)
        happen(tuple(named[name] for name in order))
        ends.add(end())
    return ends


def test_every_order_of_six_signals_ends_the_same(stage):
    ends = ends_of(stage, "sent", "opened", "replied", "bounced", "complained", "away")

    assert len(ends) == 1
    told = stage.enrollment()
    assert (told.state, told.step, told.owner) == (EnrollmentState.BOUNCED, 1, None)
    assert (told.sent_at, told.opened_at, told.replied_at, told.bounced_at, told.unsubscribed_at) == (START,) * 5
    assert set(told.marks) == {"o0.1", "r0.1", "b0.1", "s0.1", "a0.1"}
    assert suppression() is not None
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("names", "state"),
    [
        (("sent", "opened", "replied", "away", "delivered"), EnrollmentState.REPLIED),
        (("sent", "opened", "replied", "complained"), EnrollmentState.REPLIED),
        (("sent", "opened", "away", "complained"), EnrollmentState.UNSUBSCRIBED),
        (("sent", "opened", "bounced", "delivered"), EnrollmentState.BOUNCED),
        (("sent", "opened", "away", "delivered"), EnrollmentState.ACTIVE),
    ],
    ids=str,
)
def test_so_do_fewer_of_them(stage, names, state):
    assert len(ends_of(stage, *names)) == 1
    assert stage.enrollment().state is state


def test_an_open_before_the_mail_is_settled_is_kept(stage):
    named = signals(stage)

    happen((named["opened"], named["sent"]))

    assert (stage.enrollment().opened_at, stage.enrollment().sent_at) == (START, START)
    assert set(stage.enrollment().marks) == {"o0.1"}
