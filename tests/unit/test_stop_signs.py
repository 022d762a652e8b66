"""A look for stops serves every mail of the next second, and nobody's later mail is left out of the next look."""

from dataclasses import dataclass, field
from typing import Any

from drumbeat.application.deliver import SIGN_GOOD_FOR, StopSigns
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import EnrollmentState


@dataclass
class Store:
    """Remembers what was looked for; whoever is in `stopped` must not be mailed."""

    stopped: set[int] = field(default_factory=set)
    looks: list[list[int]] = field(default_factory=list)

    def stop_signs(self, contacts: list[Contact]) -> dict[tuple[int, int], EnrollmentState]:
        self.looks.append([contact.number for contact in contacts])
        stopped = [contact for contact in contacts if contact.number in self.stopped]
        return {(contact.tenant, contact.number): EnrollmentState.UNSUBSCRIBED for contact in stopped}


@dataclass
class Clock:
    now: int = 1_000_000

    def __call__(self) -> int:
        return self.now


def person(number: int) -> Contact:
    return Contact(1, number, 1, f"p{number}@corp.example", None, None, None, 0)


def signs_for(store: Any, clock: Clock, *numbers: int) -> StopSigns:
    return StopSigns(store, [person(number) for number in numbers], clock)


def test_one_look_serves_a_second_and_then_another_one_is_taken():
    store, clock = Store(), Clock()
    signs = signs_for(store, clock, 1, 2)

    for _ in range(3):
        signs.of(person(1))
        signs.of(person(2))
        clock.now += SIGN_GOOD_FOR // 2
    signs.of(person(1))

    assert store.looks == [[1, 2], [1, 2]]


def test_a_stop_is_seen_once_the_look_is_a_second_old():
    store, clock = Store(), Clock()
    signs = signs_for(store, clock, 1)
    assert signs.of(person(1)) is None
    store.stopped.add(1)

    clock.now += SIGN_GOOD_FOR + 1

    assert signs.of(person(1)) is EnrollmentState.UNSUBSCRIBED


def test_who_is_decided_is_not_looked_for_again():
    store, clock = Store(), Clock()
    signs = signs_for(store, clock, 1, 2)

    signs.is_decided(person(1))
    signs.of(person(2))

    assert store.looks == [[2]]


def test_the_second_mail_of_a_contact_is_looked_for_when_the_first_is_decided():
    """Enrolled in two sequences, both claimed at once; it unsubscribes between the two mails."""
    store, clock = Store(), Clock()
    signs = signs_for(store, clock, 1, 1)
    assert signs.of(person(1)) is None
    signs.is_decided(person(1))
    store.stopped.add(1)

    clock.now += SIGN_GOOD_FOR + 1

    assert signs.of(person(1)) is EnrollmentState.UNSUBSCRIBED


def test_a_clock_that_went_back_trusts_no_look_of_before():
    store, clock = Store(), Clock()
    signs = signs_for(store, clock, 1)
    signs.of(person(1))

    clock.now -= 1
    signs.of(person(1))

    assert store.looks == [[1], [1]]
