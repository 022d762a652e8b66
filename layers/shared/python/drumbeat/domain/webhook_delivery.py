"""Deliveries: an event on its way to one receiver, attempt after attempt (Standard Webhooks; reliability F-71)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.domain.digest import digest
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from drumbeat.domain.webhook import Answered, Posted

if TYPE_CHECKING:
    from drumbeat.domain.notice import CallName, Notice, Receiver

PAUSES = (5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Milliseconds between one attempt and the next: ten attempts within 75 hours and 35 minutes."""
MOST_ATTEMPTS = len(PAUSES) + 1
LONGEST_PAUSE = DAY
"""A receiver may ask for more patience than the schedule has (`Retry-After`), but not for more than this."""
KEPT_FOR = 30 * DAY
LONGEST_DELAY = 15 * MINUTE
"""Shorter pauses are a message's own delay; for longer ones a timer looks."""
PATIENCE = 5 * MINUTE
"""How long after something should have happened somebody looks whether it has: a message may be lost."""
_JITTER = 0.1
_MOST_NOTED = 30
"""Attempts that are kept of a delivery: three replays' worth."""


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"  # the next attempt is made at `due`
    PARKED = "parked"  # nobody posts to its receiver at the moment; that uses up no attempts
    DELIVERED = "delivered"
    FAILED = "failed"  # it is given up


@dataclass(frozen=True, slots=True)
class Attempt:
    """One post: when, the status of the answer if there was one, and what was wrong if anything was."""

    at: int
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event and its receiver. `tries` counts the attempts since it was begun, or begun again by a replay (`again`).

    The body is kept as long as it may have to be posted again. `due` is when it was or is to be posted next.
    """

    receiver: Receiver
    event: str
    kind: str
    created_at: int
    state: DeliveryState = DeliveryState.WAITING
    due: int = 0
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()
    body: str | None = None
    call: CallName | None = None
    again: int = 0
    revision: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it may still be posted."""
        return self.state in (DeliveryState.WAITING, DeliveryState.PARKED)

    @property
    def last_status(self) -> int | None:
        """What the last answer was, if there was one."""
        return self.attempts[-1].status if self.attempts else None


def begun(notice: Notice, now: int) -> Delivery:
    """The delivery of what is to be posted at once."""
    return Delivery(
        receiver=notice.receiver,
        event=notice.event,
        kind=notice.kind,
        created_at=now,
        due=now,
        body=notice.body,
        call=notice.call,
        again=notice.again,
    )


def begun_again(delivery: Delivery, notice: Notice, now: int) -> Delivery:
    """The delivery that a replay asks for once more, with all attempts before it."""
    fresh = begun(notice, now)
    return replace(fresh, created_at=delivery.created_at, attempts=delivery.attempts, revision=delivery.revision)


def attempted(delivery: Delivery, posted: Posted, *, began: int, now: int) -> Delivery:
    """The delivery after an attempt that is over `now`; one that was the last of the schedule has failed."""
    noted = _noted(delivery, posted, began)
    if isinstance(posted, Answered) and posted.is_taken:
        return replace(noted, state=DeliveryState.DELIVERED)
    if noted.tries >= MOST_ATTEMPTS:
        return replace(noted, state=DeliveryState.FAILED)
    return replace(noted, state=DeliveryState.WAITING, due=now + _pause(noted, posted, now))


def _noted(delivery: Delivery, posted: Posted, at: int) -> Delivery:
    if isinstance(posted, Answered):
        attempt = Attempt(at, posted.status, None if posted.is_taken else f"status {posted.status}")
    else:
        attempt = Attempt(at, None, posted.reason)
    attempts = (*delivery.attempts, attempt)[-_MOST_NOTED:]
    return replace(delivery, attempts=attempts, tries=delivery.tries + 1)


def _pause(noted: Delivery, posted: Posted, now: int) -> int:
    """Milliseconds until the next attempt: by schedule, spread by up to a tenth, or as the receiver asks if longer."""
    pause = PAUSES[noted.tries - 1]
    jittered = pause + int(pause * _JITTER * spread(noted))
    asked = asked_for(posted.retry_after, now) if isinstance(posted, Answered) else 0
    return max(jittered, min(asked, LONGEST_PAUSE))


def spread(delivery: Delivery) -> float:
    """Between 0 and 1, the same for the same attempt of the same delivery: many that failed together part ways."""
    receiver = delivery.receiver
    mark = digest(f"{receiver.tenant}/{receiver.number}/{delivery.event}/{delivery.tries}")
    return int(mark[:8], 16) / 0x1_0000_0000


def asked_for(retry_after: str | None, now: int) -> int:
    """The milliseconds that a `Retry-After` asks for, by seconds or date (RFC 9110 §10.2.3); 0 for anything else."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9]) * SECOND
    try:
        return max(int(parsedate_to_datetime(text).timestamp() * SECOND) - now, 0)
    except (ValueError, OverflowError):
        return 0


def wakes_at(delivery: Delivery, now: int) -> int:
    """When a timer is to look at a delivery that waits: it is due, or the message that was sent for it must be lost."""
    return delivery.due if delivery.due - now > LONGEST_DELAY else delivery.due + PATIENCE


def parked(delivery: Delivery) -> Delivery:
    """The delivery whose receiver is not posted to at the moment; when it is again, its schedule goes on."""
    return replace(delivery, state=DeliveryState.PARKED)


def parked_afresh(delivery: Delivery) -> Delivery:
    """The delivery whose receiver is disabled on its account; once it is enabled, the schedule begins anew."""
    return replace(parked(delivery), tries=0)


def put_off(delivery: Delivery, now: int) -> Delivery:
    """The delivery that was not tried, as its receiver did not answer the one before it."""
    return replace(delivery, state=DeliveryState.WAITING, due=now + PAUSES[0])


def given_up(delivery: Delivery) -> Delivery:
    """The delivery that is not posted any more, unless a replay asks for it."""
    return replace(delivery, state=DeliveryState.FAILED)
