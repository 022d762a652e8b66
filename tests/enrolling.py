"""A tenant with people, shared senders, sequences and rulesets, and the calls that bring one into the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.application.add_to_sequence import add_to_sequence
from drumbeat.domain.batch import Outcome
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset
from drumbeat.domain.sequence import Sender, SequenceStatus, Step
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import MINUTE

NOW = 1_795_251_600_000
_TENANTS = count(5_000)
_STEPS = (Step(1, "Hello", "<p>Hi</p>", 0), Step(2, "Again", "<p>Hi</p>", 10))


@dataclass
class Office:
    """One tenant. Whatever a method makes has the next number of its kind."""

    tenant: int = field(default_factory=lambda: next(_TENANTS))

    def sequence(self, ruleset: Ruleset | None = None, **fields: Any) -> Cadence:
        """An active sequence of two steps without senders of its own."""
        number = bootstrap.numbers().take(self.tenant, Kind.SEQUENCE)
        fields = {"status": SequenceStatus.ACTIVE, "program": None, "steps": _STEPS, "senders": ()} | fields
        made = Cadence(
            tenant=self.tenant,
            number=number,
            name=f"Sequence {number}",
            min_wait_seconds=0,
            max_wait_seconds=0,
            verify_email_mx=False,
            bounce_rate_threshold=8.0,
            created_at=NOW,
            ruleset=None if ruleset is None else ruleset.number,
            **fields,
        )
        bootstrap.table().put(sequence_item(made))
        return made

    def sender(self) -> Sender:
        """A sender that belongs to no sequence."""
        number = bootstrap.numbers().take(self.tenant, Kind.SENDER)
        made = Sender(
            tenant=self.tenant,
            number=number,
            sequence=None,
            label=None,
            host="mail.example",
            port=587,
            username="ann",
            sealed_password="sealed",
            from_name="Ann",
            from_email=f"ann{number}@acme.example",
            daily_limit=100,
            created_at=NOW,
        )
        bootstrap.table().put(sender_item(made))
        return made

    def ruleset(
        self,
        exclusivity: Exclusivity = Exclusivity.NONE,
        duplicates: Duplicates = Duplicates.DISALLOW,
        touched_interval: int = 0,
    ) -> Ruleset:
        number = bootstrap.numbers().take(self.tenant, Kind.RULESET)
        made = Ruleset(self.tenant, number, "Rules", NOW, duplicates, exclusivity, touched_interval)
        bootstrap.rulesets().create(made, intent=None, now=NOW)
        return made

    def people(self, many: int, **fields: Any) -> list[int]:
        """The numbers of new contacts."""
        first = bootstrap.numbers().take(self.tenant, Kind.CONTACT, many)
        numbers = list(range(first, first + many))
        template = Contact(self.tenant, 0, 0, None, None, None, None, NOW)
        made = [
            replace(template, **{"number": number, "email": f"p{number}@corp.example"} | fields) for number in numbers
        ]
        assert bootstrap.contacts().add(made) == set(numbers)
        return numbers

    def add(
        self,
        sequence: Cadence,
        contacts: Sequence[int],
        *,
        tag: str = "b1",
        now: int = NOW,
        sender: Sender | None = None,
    ) -> list[Outcome]:
        """Adds them as a chunk of a batch does."""
        current = bootstrap.sequences().get(self.tenant, sequence.number)
        assert current is not None
        ruleset = None
        if current.ruleset is not None:
            ruleset = bootstrap.rulesets().get(self.tenant, current.ruleset)
        return add_to_sequence(
            bootstrap.add_ports(),
            tenant=self.tenant,
            sequence=current,
            ruleset=ruleset,
            sender=sender or self.sender(),
            contacts=contacts,
            tag=tag,
            now=now,
        )

    def enrollment(self, sequence: Cadence, contact: int, run: int = 0) -> Enrollment | None:
        return bootstrap.enrollments().get(self.tenant, EnrollmentKey(sequence.number, contact, run))

    def there(self, sequence: Cadence, contact: int, run: int = 0) -> Enrollment:
        """The enrollment, which is there."""
        found = self.enrollment(sequence, contact, run)
        assert found is not None
        return found

    def put(self, enrollment: Enrollment, **fields: Any) -> Enrollment:
        """Writes an enrollment as it may be found one day."""
        changed = replace(enrollment, **fields)
        bootstrap.table().put(enrollment_item(changed))
        return changed

    def change(self, sequence: Cadence, **fields: Any) -> None:
        """Changes a sequence as its tenant would."""
        current = bootstrap.sequences().get(self.tenant, sequence.number)
        assert current is not None
        bootstrap.table().put(sequence_item(replace(current, **fields)))


LATER = NOW + 5 * MINUTE
