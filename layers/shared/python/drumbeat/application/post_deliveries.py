"""The posts of one round: those of different receivers side by side, one that does not answer holds up its own only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.delivery_ports import Address, Complete, DeliveryName, EndedCall, Poster, Sign
from drumbeat.domain.webhook import Answered, Posted, Unreached
from drumbeat.domain.webhook_delivery import Delivery, attempted

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime, Vault
    from drumbeat.application.send_ports import Clock
    from drumbeat.domain.notice import Receiver

_SEALED = Unreached("the secret could not be opened")


@dataclass(frozen=True, slots=True)
class PostPorts:
    """What posting touches."""

    vault: Vault
    poster: Poster


class Letter(NamedTuple):
    """A delivery that is to be posted: as it is `kept`, None if it is not yet, as it is, and all that is posted."""

    kept: Delivery | None
    delivery: Delivery
    body: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """What is to be posted to one receiver, one after the other."""

    receiver: Receiver
    address: Address
    letters: Sequence[Letter]


class Tried(NamedTuple):
    """What became of a letter: the delivery as an attempt left it, None if there was no attempt."""

    receiver: Receiver
    letter: Letter
    after: Delivery | None
    trouble: Exception | None = None


type SideBySide = Callable[[Sequence[Iterator[Tried]]], Iterable[Sequence[Tried]]]
"""Runs jobs side by side."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """How things are posted: `clock` tells when, `sign` what proves it."""

    ports: PostPorts
    sign: Sign
    clock: Clock
    out_of_time: OutOfTime

    def post_all(self, desk: Desk) -> Iterator[Tried]:
        """Posts to one receiver. One that did not answer is not tried again in this round."""
        try:
            secrets = self._secrets(desk)
        except Exception as trouble:
            # Nothing can be signed, whatever the vault says; the other receivers are not to blame.
            for letter in desk.letters:
                yield self._told(desk, letter, _SEALED, self.clock(), trouble)
            return
        silent = False
        for letter in desk.letters:
            if silent or self.out_of_time():
                yield Tried(desk.receiver, letter, None)
                continue
            began = self.clock()
            headers = self.sign(letter.delivery, letter.body, secrets, began)
            posted = self.ports.poster.post(desk.address.url, letter.body, headers)
            silent = not isinstance(posted, Answered)
            yield self._told(desk, letter, posted, began)

    def _secrets(self, desk: Desk) -> list[str]:
        tenant, number, _ = desk.receiver
        return [self.ports.vault.open(sealed, tenant=tenant, sender=number) for sealed in desk.address.sealed_secrets]

    def _told(self, desk: Desk, letter: Letter, posted: Posted, began: int, trouble: Exception | None = None) -> Tried:
        after = attempted(letter.delivery, posted, began=began, now=self.clock())
        return Tried(desk.receiver, letter, after, trouble)


def letters_of(
    deliveries: Iterable[tuple[Delivery | None, Delivery]],
    calls: Mapping[DeliveryName, EndedCall],
    complete: Complete,
) -> list[Letter]:
    """What is to be posted; nothing for a delivery about a call that is not kept any more."""
    found = []
    for kept, delivery in deliveries:
        call = calls.get(DeliveryName(delivery.receiver, delivery.event))
        if delivery.call is None:
            found.append(Letter(kept, delivery, (delivery.body or "").encode()))
        elif call is not None:
            found.append(Letter(kept, delivery, complete(delivery.body or "", call).encode()))
    return found
