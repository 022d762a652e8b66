"""Seeded bugs of steps that are no mails: what the protocol with tenants' apps can get wrong."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from drumbeat.adapters.dynamodb import answers
from drumbeat.adapters.dynamodb.sends import AttemptStore, Settlement
from drumbeat.application import deliver, send_step
from drumbeat.domain import connector_answer, delivery, lane, plan, step_move, waiting
from drumbeat.domain.delivery import after
from drumbeat.domain.hint import Counts
from drumbeat.domain.sequence import next_turn
from drumbeat.domain.verdict import Asked, Retry, Unasked, Unknown, Waits
from tests.simulation.bugs import Bug, Patch


def _moves(wrong: Any) -> list[Patch]:
    """A move taken for another one."""
    right = step_move.next_move
    return [patch.object(deliver, "next_move", lambda at: wrong(at, right(at)))]


def _silence_is_no(at: Any, move: Any) -> Any:
    return Waits(None, at.now, None) if isinstance(move, Unknown) else move


def _silence_is_yes(at: Any, move: Any) -> Any:
    return step_move.Passed() if isinstance(move, Unknown) else move


def _too_slow_is_no() -> list[Patch]:
    """What the app may have heard of counts as not asked."""
    right = deliver._answer

    def wrong(*args: Any) -> Any:
        answer = right(*args)
        return Retry(answer.reason) if isinstance(answer, Unknown) else answer

    return [patch.object(deliver, "_answer", wrong)]


def _dead_are_freed() -> list[Patch]:
    """A worker died over a request: it is made again."""

    def wrong(self: AttemptStore, found: Any, _abandoned: Any, _now: int) -> bool:
        free = replace(found, owner=None, lease=None, awaits=None)
        return self.settle([Settlement(found, free)])[0]

    return [patch.object(AttemptStore, "abandon", wrong)]


def _kept_open() -> list[Patch]:
    """A worker that was overtaken by the answer writes all the same that it waits for it."""
    right = AttemptStore.settle

    def wrong(self: AttemptStore, settlements: Any) -> Any:
        found = self.table.get_many([_key(held) for held, _ in settlements])
        owners = {key: item.get("owner") for key, item in found.items()}
        return right(self, [Settlement(replace(held, owner=owners.get(_key(held))), it) for held, it in settlements])

    return [patch.object(AttemptStore, "settle", wrong), patch.object(answers, "_FREE", {})]


def _key(held: Any) -> Any:
    return answers.keys.enrollment(held.tenant, held.key)


def _late_counts() -> list[Patch]:
    right = connector_answer._is_open

    def wrong(found: Any, request: Any, awaited: Any, _now: int) -> bool:
        return bool(right(found, request, awaited, found.due))

    return [patch.object(connector_answer, "_is_open", wrong)]


def _any_number() -> list[Patch]:
    """An answer to a request that was made anew since counts."""
    right = connector_answer._is_open

    def wrong(found: Any, request: Any, awaited: Any, now: int) -> bool:
        return bool(right(found, request._replace(asked=found.asked, step=found.step), awaited, now))

    return [patch.object(connector_answer, "_is_open", wrong)]


def _drafts_are_sent_unwritten() -> list[Patch]:
    return [patch.object(step_move, "_wants_draft", lambda *_: False)]


def _waits_forgotten() -> list[Patch]:
    """The step after a wait is lost with it."""

    def wrong(steps: Any, index: int) -> tuple[int, int]:
        turn, minutes = next_turn(steps, index)
        return (min(turn + 1, len(steps) - 1), minutes) if turn > index else (turn, minutes)

    return [patch.object(delivery, "next_turn", wrong)]


def _asked_counts_as_refused() -> list[Patch]:
    def wrong(enrollment: Any, verdict: Any, *rest: Any) -> Any:
        taken = Unasked("lost") if isinstance(verdict, Asked) else verdict
        return after(enrollment, taken, *rest)

    return [patch.object(send_step, "after", wrong)]


def _patient_forever() -> list[Patch]:
    """An app that always puts off is never given up."""
    return [patch.object(delivery, "GIVE_UP_AFTER", 1 << 60)]


def _mails_are_counted_only() -> list[Patch]:
    right = waiting.counts_of

    def wrong(sequence: Any, row: Any) -> Counts:
        return Counts.MAIL if right(sequence, row) is Counts.MAIL else Counts.NOTHING

    return [patch.object(plan, "counts_of", wrong), patch.object(deliver, "counts_for", lambda _: Counts.NOTHING)]


def _asked_gives_its_place_back() -> list[Patch]:
    right = lane._left_on

    def wrong(enrollment: Any, entry: Any) -> int | None:
        return right(enrollment if enrollment is None else replace(enrollment, awaits=None), entry)

    return [patch.object(lane, "_left_on", wrong)]


CADENCE_BUGS: Mapping[str, Bug] = {
    "a silent app is asked again": lambda: _moves(_silence_is_no),
    "silence counts as done": lambda: _moves(_silence_is_yes),
    "what the app may have heard of counts as not asked": _too_slow_is_no,
    "what the app took counts as refused": _asked_counts_as_refused,
    "a dead worker's request is made again": _dead_are_freed,
    "requests are not announced": lambda: [patch.object(AttemptStore, "announce", lambda *_: True)],
    "no look for stops before a request": lambda: [patch.object(deliver, "_stop", lambda *_: None)],
    "workers write over answers": _kept_open,
    "late answers count": _late_counts,
    "answers to old requests count": _any_number,
    "drafts are sent unwritten": _drafts_are_sent_unwritten,
    "a wait takes the next step with it": _waits_forgotten,
    "an app that is always busy is asked for ever": _patient_forever,
    "steps of the app's count for no cap": _mails_are_counted_only,
    "a step that the app was asked for gives its place back": _asked_gives_its_place_back,
    "hints count for anything": lambda: [patch.object(deliver, "counts_for", lambda _: Counts.NOTHING)],
}
