"""The open pixel was loaded."""

from drumbeat.application.send_ports import Signals
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.sealing import TokenKeys
from drumbeat.domain.token import opened_by


def record_open(signals: Signals, keys: TokenKeys, token: str, *, now: int) -> bool:
    """Notes the first load of a mail's pixel; returns False for a token that is not ours."""
    opened = opened_by(keys, token)
    if opened is None:
        return False
    signal = MailSignal(SignalKind.OPENED, opened.step, opened.sender)
    signals.note(opened.tenant, opened.enrollment, signal, now, also={"opened_at": now})
    return True
