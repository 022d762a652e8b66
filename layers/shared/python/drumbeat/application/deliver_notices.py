"""Notices are posted to the connectors they are for; what is not taken comes again later."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from drumbeat.application.ports import OutOfTime, Vault
from drumbeat.application.publish_events import Listeners, Place
from drumbeat.domain.notice import Notice
from drumbeat.domain.sequence import Sender
from drumbeat.domain.webhook import Answered, Posted

type Sign = Callable[[str, bytes, str], Mapping[str, str]]
"""The headers of a post: from its id, its body and the secret that its receiver knows too."""


class Poster(Protocol):
    """Posts to tenants' own servers."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted: ...


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """What delivering touches."""

    listeners: Listeners
    vault: Vault
    poster: Poster


class Outcome(StrEnum):
    """What became of a notice."""

    TAKEN = "taken"
    UNWANTED = "unwanted"  # nobody listens there any more: it is dropped
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
    sign: Sign,
    out_of_time: OutOfTime,
    side_by_side: SideBySide,
) -> dict[Notice, Delivered]:
    """Posts the notices, those of different connectors side by side: one that does not answer holds up its own only.

    Where a connector listens is read now, under the notice's own tenant. Raises what that read raises: nothing has been
    posted then.
    """
    groups: dict[Place, list[Notice]] = {}
    for notice in dict.fromkeys(notices):
        groups.setdefault((notice.tenant, notice.connector), []).append(notice)
    there = ports.listeners.connectors(groups)
    done = {
        notice: Delivered(Outcome.UNWANTED) for place, group in groups.items() if place not in there for notice in group
    }
    jobs = [
        _post_all(ports, there[place], group, sign, out_of_time) for place, group in groups.items() if place in there
    ]
    for told in side_by_side(jobs):
        done |= dict(told)
    return done


def _post_all(
    ports: DeliverPorts, connector: Sender, notices: Sequence[Notice], sign: Sign, out_of_time: OutOfTime
) -> Iterator[Told]:
    try:
        secret = ports.vault.open(connector.sealed_password, tenant=connector.tenant, sender=connector.number)
    except Exception as trouble:
        # Nothing can be signed, whatever the vault says, and the other connectors are not to blame.
        yield from (Told(notice, Delivered(Outcome.NOT_TRIED, trouble)) for notice in notices)
        return
    silent = False
    for notice in notices:
        if silent or out_of_time():
            yield Told(notice, Delivered(Outcome.NOT_TRIED, NotTaken("not tried")))
            continue
        body = notice.body.encode()
        delivered = _judged(ports.poster.post(connector.host, body, sign(notice.event, body, secret)))
        silent = delivered.outcome is Outcome.UNREACHED
        yield Told(notice, delivered)


def _judged(posted: Posted) -> Delivered:
    if not isinstance(posted, Answered):
        return Delivered(Outcome.UNREACHED, NotTaken(posted.reason))
    if posted.is_taken:
        return Delivered(Outcome.TAKEN)
    return Delivered(Outcome.REFUSED, NotTaken(f"status {posted.status}"))
