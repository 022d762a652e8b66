"""Signals from recipients: every write is conditional on being news, so repeats and disorder change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest, contact_of
from drumbeat.adapters.dynamodb.enrollment_items import marks_of
from drumbeat.adapters.dynamodb.records import unchanged_since
from drumbeat.adapters.dynamodb.sequence_items import sequence_of
from drumbeat.adapters.dynamodb.suppression_items import suppress_write
from drumbeat.adapters.dynamodb.table import PRESENT, ConditionFailed, Table, TransactionRefused
from drumbeat.domain.enrollment import STOPPABLE, Enrollment, EnrollmentState
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.mail_signal import MailSignal, mark_of, with_implied
from drumbeat.domain.suppression import SuppressionReason

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.sequence import Sequence as Cadence

_TRIES = 5
_NOTHING_ELSE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SignalStore:
    """Notes what recipients do with mails, and unsubscribes."""

    table: Table

    def note(
        self, tenant: int, key: EnrollmentKey, signal: MailSignal, at: int, *, also: Mapping[str, int] = _NOTHING_ELSE
    ) -> bool:
        """Notes the signal with what follows from it; False if it is no news, or its enrollment is gone.

        `also` are instants of the enrollment by their names, written where there is none yet.
        """
        mark, *implied = marks_of({mark_of(each): at for each in with_implied(signal)})
        others = dict.fromkeys(implied, at) | dict(also)
        alias = {name: f"n{place}" for place, name in enumerate(others)}
        sets = ["#mark = :at", *(f"#{short} = if_not_exists(#{short}, :{short})" for short in alias.values())]
        try:
            self.table.update(
                keys.enrollment(tenant, key),
                f"SET {', '.join(sets)}",
                condition=f"{PRESENT} AND attribute_not_exists(#mark)",
                names={"#mark": mark} | {f"#{short}": name for name, short in alias.items()},
                values={":at": at} | {f":{alias[name]}": value for name, value in others.items()},
            )
        except ConditionFailed:
            return False
        return True

    def suppress(
        self,
        tenant: int,
        contact: int,
        now: int,
        *,
        reason: SuppressionReason = SuppressionReason.UNSUBSCRIBE,
        source: str | None = None,
    ) -> None:
        """Marks contact and addresses in one transaction; the first time stays. A contact that is gone is let be."""
        key = keys.contact(tenant, contact)
        for _ in range(_TRIES):
            item = self.table.get(key)
            if item is None:
                return
            found = contact_of(item)
            writes = [self._unsubscribed(found, now)]
            for address in found.addresses:
                place, expression, values = suppress_write(tenant, address, reason, now, source)
                writes.append(self.table.update_write(place, expression, values=values))
            try:
                self.table.transact(writes)
            except TransactionRefused:
                continue  # the contact changed meanwhile, or went: look again
            return
        raise StoreBusy("The contact keeps changing. Try again.")

    def _unsubscribed(self, contact: Contact, now: int) -> dict[str, Any]:
        """Marks the contact as it was read; one that is marked already only has to be the same still."""
        key = keys.contact(contact.tenant, contact.number)
        same, seen = unchanged_since(contact.revision)
        if contact.unsubscribed_at is not None and not contact.opt_out_revocable:
            return self.table.check_write(key, condition=same, values=seen)
        return self.table.update_write(
            key,
            "SET unsubscribed_at = if_not_exists(unsubscribed_at, :now), updated_at = :now "
            "REMOVE opt_out_revocable ADD revision :one",
            condition=same,
            values=seen | {":now": now, ":one": 1},
        )

    def suppress_address(
        self,
        tenant: int,
        email: str,
        now: int,
        *,
        reason: SuppressionReason = SuppressionReason.MANUAL,
        source: str | None = None,
    ) -> int | None:
        """Marks the address, the first time stays; returns the number of the contact that has it."""
        place, expression, values = suppress_write(tenant, email, reason, now, source)
        self.table.update(place, expression, condition="", values=values)
        lock = self.table.get(keys.email_lock(tenant, address_digest(email)))
        return None if lock is None else int(lock["contact"])

    def sequences_of(self, enrollments: Sequence[Enrollment]) -> dict[tuple[int, int], Cadence]:
        """Their sequences that exist, by tenant and number."""
        found = self.table.get_many([keys.sequence(entry.tenant, entry.key.sequence) for entry in enrollments])
        return {(item["tenant"], item["number"]): sequence_of(item) for item in found.values()}

    def take_out(
        self, enrollment: Enrollment, state: EnrollmentState, now: int, *, signal: MailSignal | None = None
    ) -> bool:
        """Stops what is active, paused or held; False if it was none of them. A send under way settles beside it.

        `signal` is noted with it: which mail made it end. With one, also what has finished by itself ends that way.
        """
        ending = STOPPABLE if signal is None else STOPPABLE | {EnrollmentState.FINISHED}
        written = {"unsubscribed_at": now} if state is EnrollmentState.UNSUBSCRIBED else {}
        written |= marks_of({} if signal is None else {mark_of(signal): now})
        stoppable = {f":from{place}": found.value for place, found in enumerate(sorted(ending))}
        names = {f"#n{place}": name for place, name in enumerate(written)}
        sets = "".join(f", {name} = :now" for name in names)
        try:
            self.table.update(
                keys.enrollment(enrollment.tenant, enrollment.key),
                f"SET #state = :state{sets} REMOVE qpk, qsk, paused_at, paused_reason",
                condition=f"#state IN ({', '.join(stoppable)})",
                names={"#state": "state"} | names,
                values=stoppable | {":state": state.value} | ({":now": now} if written else {}),
            )
        except ConditionFailed:
            return False
        return True
