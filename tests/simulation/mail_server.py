"""Mail servers, phase by phase as the SMTP adapter sees them (reliability §2.6), and what they have accepted."""

from collections.abc import Callable, Mapping

from drumbeat.application.send_ports import StopCheck
from drumbeat.domain.mail import Mail
from drumbeat.domain.sequence import Sender
from drumbeat.domain.times import SECOND
from drumbeat.domain.verdict import Accepted, Attempted, Rejected, Retry, SenderTrouble, Unknown, Withheld
from tests.simulation.faults import Fault, Faults
from tests.simulation.oracle import Oracle
from tests.simulation.scheduler import Crash, Process, Scheduler

_UNTIL_DOT = 30 * SECOND
_AFTER_DOT = 75 * SECOND
_DEADLY = {Fault.CRASH_BEFORE, Fault.CRASH_AFTER}
_TOO_SLOW = {Fault.STALLED, Fault.LATE}
_BEFORE_DOT: Mapping[Fault, Attempted] = {
    Fault.FAIL: SenderTrouble("no connection"),
    Fault.PARTIAL: SenderTrouble("535", login_refused=True),
    Fault.THROTTLE: Retry("451 later"),
    Fault.LOST: Retry("lost at RCPT"),
    Fault.REPEATED: Rejected(550, "not taken"),
    Fault.STALLED: Retry("lost at RCPT: the server is too slow"),
    Fault.LATE: Retry("lost at RCPT: the server is too slow"),
}
_ACCEPTED_ALL_THE_SAME = {None, Fault.LOST, Fault.STALLED, Fault.CRASH_AFTER}


class MailServers:
    """All senders' servers. What the adapter would tell, they tell: the verdict is fixed at the final dot."""

    def __init__(self, scheduler: Scheduler, faults: Faults, oracle: Oracle, note: Callable[[str, str], None]) -> None:
        self._scheduler, self._faults, self._oracle, self._note = scheduler, faults, oracle, note

    def send(self, sender: Sender, mail: Mail, stop: StopCheck) -> Attempted:
        """One mail, from the connection to the answer to the final dot."""
        process = self._process()
        begun = self._scheduler.now
        refusal = self._before_dot(process, self._draw("Connect", process))
        if refusal is not None:
            if isinstance(refusal, Rejected):
                self._oracle.refused(mail)
            return refusal
        asked_at = self._scheduler.now
        state = stop()
        if state is not None:
            return Withheld(state)
        if self._scheduler.now > begun + _UNTIL_DOT:
            return Retry("lost at DATA: the server is too slow")
        self._oracle.content_goes_out(process, sender, mail, asked_at)
        fault = self._draw("Dot", process)
        return self._final_dot(process, fault, sender, mail)

    def _process(self) -> Process:
        process = self._scheduler.current
        if process is None:
            raise RuntimeError("mails are sent by processes")
        return process

    def _draw(self, what: str, process: Process) -> Fault | None:
        fault = self._faults.draw(what)
        self._scheduler.sleep(self._faults.delay())
        if fault is not None:
            process.troubled_at = self._scheduler.now
            self._note(what, fault.value)
        return fault

    def _before_dot(self, process: Process, fault: Fault | None) -> Attempted | None:
        if fault in _DEADLY:
            process.dead = True
            raise Crash
        if fault in _TOO_SLOW:
            self._scheduler.sleep(_UNTIL_DOT)
        return None if fault is None else _BEFORE_DOT[fault]

    def _final_dot(self, process: Process, fault: Fault | None, sender: Sender, mail: Mail) -> Attempted:
        if fault in _ACCEPTED_ALL_THE_SAME:
            self._oracle.accepted(process, sender, mail)
        match fault:
            case Fault.CRASH_BEFORE | Fault.CRASH_AFTER:
                process.dead = True
                raise Crash
            case Fault.THROTTLE | Fault.PARTIAL:
                return Retry("451 at the dot")
            case Fault.REPEATED:
                self._oracle.refused(mail)
                return Rejected(554, "refused at the dot")
            case Fault.LATE:
                when = self._scheduler.now + 2 * _AFTER_DOT
                self._scheduler.at(when, lambda: self._oracle.accepted(process, sender, mail))
        if fault in _TOO_SLOW:
            self._scheduler.sleep(_AFTER_DOT)
        if fault is not None:
            self._oracle.fate_unknown(process, mail)
            return Unknown("lost after the final dot")
        self._scheduler.sleep(self._faults.delay())
        return Accepted()
