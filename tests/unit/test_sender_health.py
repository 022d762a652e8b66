"""A sender in trouble rests longer each time, and one whose login is refused is switched off before it is locked."""

from dataclasses import replace

from drumbeat.domain.sender_health import (
    LONGEST_REST,
    after_trouble,
    is_recovering,
    may_send,
    recovered,
    switched_on,
)
from drumbeat.domain.sequence import Sender
from drumbeat.domain.times import MINUTE
from drumbeat.domain.verdict import SenderTrouble

NOW = 1_795_251_600_000
WELL = Sender(1, 5, 1, None, "h", 25, "u", "s", "n", "f@acme.example", 10, 0)
DOWN = SenderTrouble("no connection")
REFUSED = SenderTrouble("535 wrong password", login_refused=True)


def test_rests_double_up_to_four_hours_and_never_switch_a_sender_off():
    sender, rests = WELL, []
    for _ in range(40):
        sender = after_trouble(sender, DOWN, NOW)
        rests.append((sender.resting_until or 0) - NOW)

    assert rests[:3] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE]
    assert (rests[-1], sender.disabled_at, sender.trouble) == (LONGEST_REST, None, "no connection")


def test_a_resting_sender_sends_again_when_its_rest_is_over():
    sender = after_trouble(WELL, DOWN, NOW)

    assert not may_send(sender, NOW + 5 * MINUTE - 1)
    assert may_send(sender, NOW + 5 * MINUTE)


def test_the_third_refused_login_in_a_row_switches_the_sender_off():
    sender = WELL
    for trouble in (REFUSED, DOWN, REFUSED):
        sender = after_trouble(sender, trouble, NOW)
    assert sender.disabled_at is None

    sender = after_trouble(sender, REFUSED, NOW)

    assert sender.disabled_at == NOW
    assert "535 wrong password" in (sender.disabled_reason or "")
    assert not may_send(sender, NOW + 10**10)


def test_a_mail_that_gets_through_makes_a_sender_well():
    sender = after_trouble(WELL, REFUSED, NOW)

    assert is_recovering(sender)
    assert recovered(sender) == WELL
    assert not is_recovering(WELL)


def test_recovering_does_not_switch_on_and_switching_on_forgets_the_troubles():
    off = replace(after_trouble(WELL, REFUSED, NOW), disabled_at=NOW, disabled_reason="why")

    assert recovered(off).disabled_at == NOW
    assert switched_on(off, NOW + MINUTE) == replace(WELL, forgiven_at=NOW + MINUTE)
