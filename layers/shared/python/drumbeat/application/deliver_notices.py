"""Notices are posted to the connectors they are for; what is not taken comes again later."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple, Protocol

from drumbeat.application.ports import OutOfTime, Vault
from drumbeat.application.publish_events import Listeners, Place
from drumbeat.domain.call_result import NotedCall
from drumbeat.domain.callee import Callee
from drumbeat.domain.notice import Notice
from drumbeat.domain.sequence import Sender
from drumbeat.domain.webhook import Answered, Posted

type Sign = Callable[[Notice, bytes, str], Mapping[str, str]]
"""The headers of a post: from the notice, its whole body, and the secret that its receiver knows too."""


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call that is over: who was called, and what it came to."""

    callee: Callee
    noted: NotedCall


type Complete = Callable[[Notice, EndedCall], str]
"""The whole body of a notice about a call."""


class EndedCalls(Protocol):
    """Knows what calls came to."""

    def of(self, notices: Collection[Notice]) -> Mapping[Notice, EndedCall]:
        """The call of each notice that is about one which is still kept."""
        ...


class Poster(Protocol):
    """Posts to tenants' own servers."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted: ...


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """What delivering touches."""

    listeners: Listeners
    calls: EndedCalls
    vault: Vault
    poster: Poster


class Outcome(StrEnum):
    """What became of a notice."""

    TAKEN = "taken"
    UNWANTED = "unwanted"  # nobody listens there any more, or what it tells of has been erased: it is dropped
    REFUSED = "refused"  # the server answered, and not that it has it
    UNREACHED = "unreached"  # no answer
    NOT_TRIED = "not_tried"  # its server did not answer the one before, or time was up


class NotTaken(Exception):
    """A notice has to come again; the text says why, and nothing that the server said."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What to tell about a notice: `trouble` is why it has to come again."""

    outcome: Outcome
    trouble: Exception | None = None
    aside: Exception | None = None


class Told(NamedTuple):
    """A notice, and what became of it."""

    notice: Notice
    delivered: Delivered


type SideBySide = Callable[[Sequence[Iterator[Told]]], Iterable[Sequence[Told]]]
"""Runs jobs side by side."""


def deliver_notices(
    ports: DeliverPorts,
    notices: Iterable[Notice],
    *,
    complete: Complete,
    sign: Sign,
    out_of_time: OutOfTime,
    side_by_side: SideBySide,
) -> dict[Notice, Delivered]:
    """Posts the notices, those of different connectors side by side: one that does not answer holds up its own only.

    Where a connector listens, and what a call came to, is read now, under the notice's own tenant. Raises what these
    reads raise: nothing has been posted then.
    """
    groups: dict[Place, list[Notice]] = {}
    for notice in dict.fromkeys(notices):
        groups.setdefault((notice.tenant, notice.connector), []).append(notice)
    there = ports.listeners.connectors(groups)
    letters = _letters(ports.calls, [notice for place in there for notice in groups[place]], complete)
    done = {
        notice: Delivered(Outcome.UNWANTED) for group in groups.values() for notice in group if notice not in letters
    }
    post = partial(_post_all, ports, sign=sign, out_of_time=out_of_time)
    jobs = [
        post(connector, [letters[notice] for notice in groups[place] if notice in letters])
        for place, connector in there.items()
    ]
    for told in side_by_side(jobs):
        done |= dict(told)
    return done


class _Letter(NamedTuple):
    """A notice with all that is posted of it."""

    notice: Notice
    body: bytes


def _letters(calls: EndedCalls, notices: Sequence[Notice], complete: Complete) -> dict[Notice, _Letter]:
    """What is to be posted; nothing for a notice about a call that is not kept any more."""
    about_calls = [notice for notice in notices if notice.call is not None]
    ended = calls.of(about_calls) if about_calls else {}
    bodies = {notice: notice.body for notice in notices if notice.call is None}
    bodies |= {notice: complete(notice, call) for notice, call in ended.items()}
    return {notice: _Letter(notice, body.encode()) for notice, body in bodies.items()}


def _post_all(
    ports: DeliverPorts, connector: Sender, letters: Sequence[_Letter], *, sign: Sign, out_of_time: OutOfTime
) -> Iterator[Told]:
    try:
        secret = ports.vault.open(connector.sealed_password, tenant=connector.tenant, sender=connector.number)
    except Exception as trouble:
        # Nothing can be signed, whatever the vault says, and the other connectors are not to blame.
        yield from (Told(letter.notice, Delivered(Outcome.NOT_TRIED, trouble)) for letter in letters)
        return
    silent = False
    for notice, body in letters:
        if silent or out_of_time():
            yield Told(notice, Delivered(Outcome.NOT_TRIED, NotTaken("not tried")))
            continue
        delivered = _judged(ports.poster.post(connector.host, body, sign(notice, body, secret)))
        silent = delivered.outcome is Outcome.UNREACHED
        yield Told(notice, delivered)


def _judged(posted: Posted) -> Delivered:
    if not isinstance(posted, Answered):
        return Delivered(Outcome.UNREACHED, NotTaken(posted.reason))
    if posted.is_taken:
        return Delivered(Outcome.TAKEN)
    return Delivered(Outcome.REFUSED, NotTaken(f"status {posted.status}"))
