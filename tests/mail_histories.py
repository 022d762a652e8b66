"""Random lives of enrollments, written to the table as workers and recipients write them, and a recount of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.counts import Counts
from drumbeat.domain.delivery import bounced, sent
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, utc_day

START = 1_795_910_400_000  # 2026-11-29T00:00Z: a month ends meanwhile
STEPS = tuple(Step(place, "Hello", "<p>Hi</p>", 0) for place in range(1, 5))
TENANTS, SEQUENCES, CONTACTS, SENDERS = (1, 2), (1, 2), (1, 2, 3), (11, 12)
ALSO = {
    SignalKind.OPENED: ("opened_at",),
    SignalKind.CLICKED: ("opened_at",),
    SignalKind.REPLIED: ("replied_at", "last_reply_at"),
    SignalKind.BOUNCED: ("bounced_at",),
    SignalKind.UNSUBSCRIBED: ("unsubscribed_at",),
}
"""What is noted with a signal on its enrollment."""
AS = {
    SignalKind.OPENED: "opened",
    SignalKind.MACHINE_OPENED: "machine_opened",
    SignalKind.CLICKED: "clicked",
    SignalKind.MACHINE_CLICKED: "machine_clicked",
    SignalKind.REPLIED: "replied",
    SignalKind.OUT_OF_OFFICE: "out_of_office",
    SignalKind.BOUNCED: "returned",
    SignalKind.SOFT_BOUNCED: "soft_bounced",
    SignalKind.COMPLAINED: "complained",
}


class Mail(NamedTuple):
    """Whose mail, of which step, from whom."""

    tenant: int
    key: EnrollmentKey
    step: int
    sender: int


def sequence(tenant: int, number: int) -> Sequence:
    return Sequence(tenant, number, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, STEPS, SENDERS, START)


def enroll(mail: Mail) -> None:
    """Whoever the mail is for is enrolled."""
    fresh = new_enrollment(mail.tenant, mail.key, batch_number=1, batch_tag="t", now=START)
    bootstrap.table().put(enrollment_item(fresh))


def send(mail: Mail, at: int) -> None:
    """The mail leaves; its step is whichever comes next."""
    seen = bootstrap.enrollments().get(mail.tenant, mail.key)
    assert seen is not None
    done = sent(replace(seen, sender=mail.sender), sequence(mail.tenant, mail.key.sequence), at)
    bootstrap.table().put(enrollment_item(done))


def noted(mail: Mail, kind: SignalKind, at: int) -> bool:
    """Notes a signal about a mail, as whoever learns of it does."""
    signal = MailSignal(kind, mail.step, mail.sender)
    also = dict.fromkeys(ALSO.get(kind, ()), at)
    return bootstrap.signals().note(mail.tenant, mail.key, signal, at, also=also)


@dataclass
class History:
    """What was done: `facts` says when each thing was first done to each mail."""

    seed: int
    facts: dict[tuple[str, Mail], int] = field(default_factory=dict)
    unsubscribed: set[tuple[int, EnrollmentKey]] = field(default_factory=set)
    now: int = START

    def __post_init__(self) -> None:
        self._rng = Random(self.seed)  # noqa: S311 - cases, not secrets
        for tenant, number, contact in self._places():
            enroll(Mail(tenant, EnrollmentKey(number, contact), 0, 0))

    def _places(self) -> Iterator[tuple[int, int, int]]:
        yield from ((tenant, number, contact) for tenant in TENANTS for number in SEQUENCES for contact in CONTACTS)

    def live(self, actions: int) -> None:
        """So many things happen, one after the other."""
        places = list(self._places())
        for _ in range(actions):
            self.now += self._rng.randrange(1, DAY // 6)
            tenant, number, contact = self._rng.choice(places)
            seen = bootstrap.enrollments().get(tenant, EnrollmentKey(number, contact))
            assert seen is not None
            self._rng.choices((self._send, self._signal, self._refuse), weights=(4, 8, 1))[0](seen)

    def _send(self, seen: Enrollment) -> None:
        if seen.state is not EnrollmentState.ACTIVE:
            return
        mail = Mail(seen.tenant, seen.key, seen.step, self._rng.choice(SENDERS))
        send(mail, self.now)
        self._fact("sent", mail)

    def _signal(self, seen: Enrollment) -> None:
        """About any mail of it, also one that has left and is not known to have."""
        mail = Mail(seen.tenant, seen.key, self._rng.randrange(seen.step + 1), self._rng.choice(SENDERS))
        kind = self._rng.choice(list(SignalKind))
        at = self.now - self._rng.randrange(HOUR)
        noted(mail, kind, at)
        if kind is SignalKind.CLICKED:
            self._fact("opened", mail, at)
        if kind is not SignalKind.UNSUBSCRIBED:
            self._fact(AS[kind], mail, at)
        elif (seen.tenant, seen.key) not in self.unsubscribed:
            self.unsubscribed.add((seen.tenant, seen.key))
            self._fact("unsubscribed", mail, at)

    def _refuse(self, seen: Enrollment) -> None:
        if seen.state is not EnrollmentState.ACTIVE or seen.bounced_at is not None:
            return
        sender = self._rng.choice(SENDERS)
        bootstrap.table().put(enrollment_item(bounced(replace(seen, sender=sender), "550 no", self.now)))
        self._fact("rejected", Mail(seen.tenant, seen.key, seen.step, sender))

    def _fact(self, name: str, mail: Mail, at: int | None = None) -> None:
        self.facts.setdefault((name, mail), self.now if at is None else at)

    def recount(self, tenant: int, number: int) -> dict[tuple[int, int, int], Counts]:
        """What was done to the mails of a sequence, by day, step and sender."""
        counted: dict[tuple[int, int, int], Counter[str]] = {}
        for name, mail, at in self._of(tenant):
            if mail.key.sequence == number:
                counted.setdefault((utc_day(at), mail.step, mail.sender), Counter())[name] += 1
        return {place: Counts(**counts) for place, counts in counted.items()}

    def recount_of_sender(self, tenant: int, sender: int) -> dict[int, Counts]:
        """What was done to all mails that a sender sent, by day."""
        counted: dict[int, Counter[str]] = {}
        for name, mail, at in self._of(tenant):
            if mail.sender == sender:
                counted.setdefault(utc_day(at), Counter())[name] += 1
        return {day: Counts(**counts) for day, counts in counted.items()}

    def sent_in_months(self, tenant: int) -> dict[str, int]:
        """How many mails were sent in each month."""
        months = (datetime.fromtimestamp(at / 1000, UTC) for name, _, at in self._of(tenant) if name == "sent")
        return dict(Counter(f"{month:%Y-%m}" for month in months))

    def _of(self, tenant: int) -> Iterator[tuple[str, Mail, int]]:
        yield from ((name, mail, at) for (name, mail), at in self.facts.items() if mail.tenant == tenant)

    def total(self, name: str) -> int:
        """How many mails this was done to."""
        return sum(fact == name for fact, _ in self.facts)
