"""A mark says which signal it stands for, and nothing else does."""

import pytest

from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of, signal_of, with_implied


def test_a_mark_and_its_signal_say_the_same():
    for kind in SignalKind:
        for step, sender in ((0, 0), (49, 10**15)):
            signal = MailSignal(kind, step, sender)
            assert signal_of(mark_of(signal)) == signal
    assert mark_of(MailSignal(SignalKind.OPENED, 0, 17)) == "o0.17"


@pytest.mark.parametrize("text", ["", "o", "o0", "o0.", "o.1", "z0.1", "O0.1", "o0.1 ", "o-1.1", "oo0.1"])
def test_what_is_no_mark_is_refused(text):
    with pytest.raises(ValueError, match=r"mark|SignalKind"):
        signal_of(text)


def test_only_a_human_click_means_that_the_mail_was_opened():
    for kind in SignalKind:
        implied = with_implied(MailSignal(kind, 2, 3))[1:]
        assert implied == ((MailSignal(SignalKind.OPENED, 2, 3),) if kind is SignalKind.CLICKED else ())
