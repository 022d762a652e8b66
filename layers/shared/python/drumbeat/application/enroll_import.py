"""Enrolling an import as a batch: its pages are the chunks, one after the other, as their rows' places go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.application.batch_actions import Page
from drumbeat.application.enroll_rows import EnrollPorts, enroll_page, wake_lanes
from drumbeat.domain.batch import DONE, NO_SUCH_TARGET, Batch, Chunk, Outcome, Target, TargetKind, failures_by_code
from drumbeat.domain.enroll_call import EnrollCall, Skip, SkipKind

if TYPE_CHECKING:
    from drumbeat.application.ports import ContactImports, Contacts
    from drumbeat.domain.contact import Contact

IMPORT_ENROLL = "import.enroll"
_TEXTS = {
    SkipKind.MX_INVALID: "The address's domain takes no mail.",
    SkipKind.TAKEN_BY_SIBLING: "The contact is enrolled in another sequence of this program.",
    SkipKind.ALREADY_ENROLLED: "The contact is enrolled already.",
    SkipKind.ENROLLED_BEFORE: "An earlier call over this import enrolled the contact.",
    SkipKind.UNSUBSCRIBED: "The contact has unsubscribed.",
    SkipKind.NO_EMAIL: "The contact has no address.",
}

_ENROLLED_BEFORE = SkipKind.ENROLLED_BEFORE.upper()


def _outcome(kind: SkipKind) -> Outcome:
    return Outcome(kind.upper(), _TEXTS[kind])


def outcomes_of_page(page: Sequence[Contact], skips: Sequence[Skip]) -> tuple[Outcome, ...]:
    """What became of each contact of a page."""
    skipped = {skip.contact: _outcome(skip.kind) for skip in skips}
    return tuple(skipped.get(contact.number, DONE) for contact in page)


def batch_of_call(call: EnrollCall, pages: Sequence[Chunk]) -> Batch:
    """The batch that goes on with a call after these pages."""
    codes = failures_by_code([outcome for page in pages for outcome in page.outcomes])
    rows = sum(len(page.targets) for page in pages)
    return Batch(
        tenant=call.tenant,
        number=call.number,
        action=IMPORT_ENROLL,
        params={
            "sequence": call.sequence,
            "contact_import": call.contact_import,
            "batch_size": call.batch_size,
            "given_away": call.placed - call.enrolled - codes.get(_ENROLLED_BEFORE, 0),
        },
        target=Target(TargetKind.IMPORT),
        tag=call.tag,
        created_at=call.created_at,
        updated_at=call.created_at,
        stops=False,
        after=call.after,
        total=rows,
        processed=rows,
        failures=sum(codes.values()),
        failures_by_code=codes,
        chunks=len(pages),
        chunks_settled=len(pages),
    )


def _call_of_batch(batch: Batch, targets: Sequence[int]) -> EnrollCall:
    """The call that this batch goes on with, as it stands before these rows.

    `given_away` are places in batches that went to rows which somebody else enrolled that very moment.
    """
    enrolled = batch.processed - batch.failures
    before = batch.failures_by_code.get(_ENROLLED_BEFORE, 0)
    return EnrollCall(
        tenant=batch.tenant,
        number=batch.number,
        tag=batch.tag,
        sequence=batch.params["sequence"],
        contact_import=batch.params["contact_import"],
        batch_size=batch.params["batch_size"],
        created_at=batch.created_at,
        after=targets[0] - 1,
        last=targets[-1],
        enrolled=enrolled,
        placed=enrolled + before + batch.params["given_away"],
    )


@dataclass(frozen=True, slots=True)
class ImportEnrolling:
    """The action: enrols contacts of an import in a sequence."""

    ports: EnrollPorts

    def run(self, batch: Batch, targets: Sequence[int], now: int) -> list[Outcome]:
        """Enrols each contact that can be, once; where sequence or import are gone, nobody."""
        call = _call_of_batch(batch, targets)
        sequence = self.ports.sequences.get(batch.tenant, call.sequence)
        if sequence is None or self.ports.contact_imports.get(batch.tenant, call.contact_import) is None:
            return [NO_SUCH_TARGET] * len(targets)
        there = self.ports.contacts.get_some(batch.tenant, targets)
        page = [there[number] for number in targets if number in there]
        if not page:
            return [NO_SUCH_TARGET] * len(targets)
        wake_lanes(self.ports, sequence, now)
        _, skips = enroll_page(self.ports, sequence, call, page, now)
        outcomes = dict(zip((contact.number for contact in page), outcomes_of_page(page, skips), strict=True))
        return [outcomes.get(number, NO_SUCH_TARGET) for number in targets]


@dataclass(frozen=True, slots=True)
class ImportPool:
    """The contacts of the import that a batch names."""

    contact_imports: ContactImports
    contacts: Contacts

    def look(self, batch: Batch, numbers: Sequence[int]) -> Mapping[int, bool]:
        """Those among the contacts that exist; an import sets no conditions."""
        return dict.fromkeys(self.contacts.get_some(batch.tenant, numbers), True)

    def pages(self, batch: Batch, *, after: int) -> Iterator[Page]:
        """The import's contacts, page by page as they are kept; none if the import is gone."""
        header = self.contact_imports.get(batch.tenant, batch.params["contact_import"])
        if header is None:
            return
        for page in self.contacts.pages_of_import(header, after=after):
            numbers = [contact.number for contact in page]
            yield Page(numbers, numbers[-1])
