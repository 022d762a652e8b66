"""One step of one enrollment: claim it, send its mail, settle what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from drumbeat.application.send_ports import Attempts, Clock, Mailer, Scene
from drumbeat.domain.contact import Contact
from drumbeat.domain.delivery import LEASE, WORKER_DIED, after, parked
from drumbeat.domain.email import domain_of
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.hint import Hint
from drumbeat.domain.mail import Mail, Marks, compose
from drumbeat.domain.sequence import Sender, SequenceStatus
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.token import TokenKeys, message_id, open_token, unsubscribe_token
from drumbeat.domain.verdict import Retry, Verdict, Withheld


class Outcome(StrEnum):
    """What became of a hint."""

    STALE = "stale"  # nothing to do: settled, stopped, not due yet, or somebody else is at it
    PARKED = "parked"  # its last owner died: nobody knows whether the mail has left
    RELEASED = "released"  # the sequence or the sender may not send now: it stays in the queue
    STOPPED = "stopped"  # the contact is gone or unsubscribed, or there is no such step
    ATTEMPTED = "attempted"  # a verdict was reached and settled
    OVERTAKEN = "overtaken"  # a verdict was reached after somebody else had taken the enrollment over


@dataclass(frozen=True, slots=True)
class Report:
    """What to tell about a hint: ids are the caller's, addresses nobody's."""

    outcome: Outcome
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class SendPorts:
    """What sending touches, and where the links in mails lead."""

    attempts: Attempts
    mailer: Mailer
    keys: TokenKeys
    tracking_url: str


def send_step(ports: SendPorts, hint: Hint, *, owner: str, clock: Clock) -> Report:
    """Sends the step that the hint names, at most once whoever else was hinted.

    `owner` must be new for every call. A stop that was committed before the claim is always seen. When this raises, no
    mail has left, or the enrollment will be parked.
    """
    claimed_at = clock()
    if not hint.is_good(claimed_at):
        return Report(Outcome.STALE)
    claim = ports.attempts.claim(hint, owner=owner, now=claimed_at, lease=LEASE)
    held = claim.held
    if held is None:
        return _reap(ports, claim.found, claimed_at)
    try:
        scene = ports.attempts.scene(held, hint.sender)
        verdict = _verdict(ports, held, scene, claimed_at, clock)
    except Exception:
        # Whoever raises here has sent nothing: once the mail may have left, there is a verdict.
        ports.attempts.release(held)
        raise
    if verdict is None or scene.sequence is None:
        ports.attempts.release(held)
        return Report(Outcome.RELEASED)
    settled = after(held, verdict, scene.sequence, hint.sender, clock())
    if not ports.attempts.settle(held, settled):
        return Report(Outcome.OVERTAKEN, verdict)
    return Report(Outcome.STOPPED if isinstance(verdict, Withheld) else Outcome.ATTEMPTED, verdict)


def _reap(ports: SendPorts, found: Enrollment | None, now: int) -> Report:
    """A claim whose lease ran out is never taken over: it is parked for somebody to find out."""
    lapsed = found is not None and found.owner is not None and (found.lease or 0) <= now
    if found is not None and lapsed and ports.attempts.park(found, parked(found, WORKER_DIED, now), now):
        return Report(Outcome.PARKED)
    return Report(Outcome.STALE)


def _verdict(ports: SendPorts, held: Enrollment, scene: Scene, claimed_at: int, clock: Clock) -> Verdict | None:
    """What became of the attempt; None if nothing may be sent now, which is not the contact's doing."""
    sequence, sender, contact = scene.sequence, scene.sender, scene.contact
    if sequence is None or sender is None or not _may_send(sequence, sender):
        return None
    if contact is None:
        return Withheld(EnrollmentState.REMOVED)
    stop = _stop(held, sequence, contact)
    if stop is not None:
        return Withheld(stop)
    try:
        mail = _compose(ports, held, sequence, sender, contact, clock())
    except ValueError as trouble:
        return Retry(f"the mail can't be composed: {trouble}", sender_at_fault=True)
    if clock() > claimed_at + LEASE // 2:
        return None  # too late to begin: the claim might lapse on the way
    return ports.mailer.send(sender, mail, lambda: ports.attempts.stop_sign(contact))


def _may_send(sequence: Cadence, sender: Sender) -> bool:
    return sequence.status is SequenceStatus.ACTIVE and sender.disabled_at is None


def _stop(held: Enrollment, sequence: Cadence, contact: Contact) -> EnrollmentState | None:
    if contact.unsubscribed_at is not None:
        return EnrollmentState.UNSUBSCRIBED
    return EnrollmentState.FINISHED if held.step >= len(sequence.steps) else None


def _compose(ports: SendPorts, held: Enrollment, sequence: Cadence, sender: Sender, contact: Contact, now: int) -> Mail:
    tenant, key, step = held.tenant, held.key, held.step
    marks = Marks(
        message_id=message_id(ports.keys, tenant, key, step, domain_of(sender.from_email)),
        pixel_url=f"{ports.tracking_url}/t/o/{open_token(ports.keys, tenant, key, step)}",
        unsubscribe_url=f"{ports.tracking_url}/t/u/{unsubscribe_token(ports.keys, tenant, key.contact)}",
    )
    return compose(sender, contact, sequence.steps[step], marks, now)
