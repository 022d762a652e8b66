"""Claim and settle: one conditional update each, on the enrollment itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contacts import address_digest, contact_of
from drumbeat.adapters.dynamodb.enrollment_items import changes_to, enrollment_of
from drumbeat.adapters.dynamodb.sequences import sender_of, sequence_of
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.application.send_ports import Claim, Scene
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.hint import Hint

_STATE, _OWNER = {"#state": "state"}, {"#owner": "owner"}
_CLAIMABLE = "#state = :active AND step = :step AND epoch = :epoch AND due <= :now AND attribute_not_exists(#owner)"
_SETTLED = (
    "state", "step", "due", "sender", "attempts", "sent_at", "last_sent_at", "bounced_at", "bounce_reason",
    "unsubscribed_at", "parked_at", "parked_reason", "qpk", "qsk", "spk", "ssk",
)  # fmt: skip
_PARKED = ("state", "parked_at", "parked_reason", "qpk", "qsk", "spk", "ssk")
_FACTS = ("step", "sender", "attempts", "sent_at", "last_sent_at", "bounced_at", "bounce_reason")
"""What stays true of an attempt even if the enrollment was stopped meanwhile."""


@dataclass(frozen=True, slots=True)
class AttemptStore:
    """Claims enrollments for an attempt, and settles what became of it."""

    table: Table

    def claim(self, hint: Hint, *, owner: str, now: int, lease: int) -> Claim:
        """Takes the step the hint names, if it is due and nobody's. The place in the queue stays as it is."""
        key = keys.enrollment(hint.tenant, hint.enrollment)
        values = {
            ":active": EnrollmentState.ACTIVE.value,
            ":step": hint.step,
            ":epoch": hint.epoch,
            ":now": now,
            ":owner": owner,
            ":lease": now + lease,
            ":sender": hint.sender,
        }
        expression = "SET #owner = :owner, lease = :lease, sender = :sender"
        try:
            item = self.table.update(key, expression, condition=_CLAIMABLE, names=_STATE | _OWNER, values=values)
        except ConditionFailed as refusal:
            found = None if refusal.item is None else enrollment_of(refusal.item)
            # Ours already: the claim got through, its acknowledgement did not, and the call was repeated.
            mine = found is not None and found.owner == owner
            return Claim(found, None) if mine else Claim(None, found)
        return Claim(enrollment_of(item), None)

    def scene(self, enrollment: Enrollment, sender: int) -> Scene:
        """Sequence, sender and contact, read consistently in one request."""
        tenant, key = enrollment.tenant, enrollment.key
        wanted = keys.sequence(tenant, key.sequence), keys.sender(tenant, sender), keys.contact(tenant, key.contact)
        found = self.table.get_many(wanted)
        sequence, its_sender, contact = (found.get(name) for name in wanted)
        return Scene(
            None if sequence is None else sequence_of(sequence),
            None if its_sender is None else sender_of(its_sender),
            None if contact is None else contact_of(contact),
        )

    def stop_sign(self, contact: Contact) -> EnrollmentState | None:
        """What forbids a mail to the contact at this moment: it is gone, or it or its address is unsubscribed."""
        contact_key = keys.contact(contact.tenant, contact.number)
        suppression_key = keys.suppression(contact.tenant, address_digest(contact.email))
        found = self.table.get_many([contact_key, suppression_key])
        if contact_key not in found:
            return EnrollmentState.REMOVED
        if suppression_key in found or "unsubscribed_at" in found[contact_key]:
            return EnrollmentState.UNSUBSCRIBED
        return None

    def release(self, held: Enrollment) -> None:
        """Gives the enrollment back as it was, for a later hint; what somebody else holds is left alone."""
        try:
            self.table.update(
                keys.enrollment(held.tenant, held.key),
                "REMOVE #owner, lease",
                condition="#owner = :me",
                names=_OWNER,
                values={":me": held.owner},
            )
        except ConditionFailed:
            return

    def settle(self, held: Enrollment, settled: Enrollment) -> bool:
        """Writes what became of the attempt; False if the claim was lost, and then nothing is touched.

        An enrollment that was stopped meanwhile stays stopped and keeps only the facts of the attempt. Fields that
        others write, such as `opened_at`, are never overwritten.
        """
        try:
            self._write(held, changes_to(settled, _SETTLED), only_active=True)
        except ConditionFailed as refusal:
            if refusal.item is None or refusal.item.get("owner") != held.owner:
                return False
        else:
            return True
        try:
            self._write(held, changes_to(settled, _FACTS), only_active=False)
        except ConditionFailed:
            return False
        return True

    def park(self, found: Enrollment, parked: Enrollment, now: int) -> bool:
        """Moves an enrollment whose owner let the lease run out from the queue to those that somebody decides on."""
        try:
            self._write(found, changes_to(parked, _PARKED), only_active=True, lapsed_at=now)
        except ConditionFailed:
            return False
        return True

    def _write(
        self, held: Enrollment, changes: Mapping[str, Any], *, only_active: bool, lapsed_at: int | None = None
    ) -> None:
        """Applies changes (None removes) and ends the claim, if `held` still has its owner."""
        present = {name: value for name, value in changes.items() if value is not None}
        absent = ["#owner", "lease", *(f"#{name}" for name in changes if name not in present)]
        expression = f"SET {', '.join(f'#{name} = :{name}' for name in present)} " if present else ""
        values: dict[str, Any] = {f":{name}": value for name, value in present.items()} | {":me": held.owner}
        condition = "#owner = :me"
        if only_active:
            condition += " AND #current = :active"
            values[":active"] = EnrollmentState.ACTIVE.value
        if lapsed_at is not None:
            condition += " AND lease <= :lapsed"
            values[":lapsed"] = lapsed_at
        self.table.update(
            keys.enrollment(held.tenant, held.key),
            f"{expression}REMOVE {', '.join(absent)}",
            condition=condition,
            names={f"#{name}": name for name in changes} | _OWNER | ({"#current": "state"} if only_active else {}),
            values=values,
        )
