"""What cadences, leads and relinks come to, as plain dictionaries: what the API's answers are held against."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.world import Answer

type Fields = Mapping[str, Any]

RUNNING = ("active", "paused")
IDENTITY = ("leadName", "leadLinkedinUrl", "leadProfileUrn", "leadExternalId", "inboxId", "sessionId")
SHOWN = (*IDENTITY, "leadEmail", "state", "cadenceId")


@dataclass
class Lead:
    """One enrollment. `contact` is whom it mails, `home` whom it was made for; both are names of contacts."""

    cadence: str
    fields: dict[str, Any]
    home: str
    contact: str | None
    state: str = "active"
    due: int | None = None


@dataclass
class Model:
    """All enrollments of a tenant. A contact is named by its address and how often that was given away before.

    Calls that meet show what they did themselves; what the other one does at that moment they may show or not.
    """

    now: int
    first_due: int
    leads: dict[str, Lead] = field(default_factory=dict)
    opted_out: set[str] = field(default_factory=set)
    deletions: Counter[str] = field(default_factory=Counter)
    meeting: bool = False

    def copy(self) -> "Model":
        return deepcopy(self)

    def shown(self, name: str) -> dict[str, Any]:
        """What the API shows of an enrollment, as far as this model goes."""
        lead = self.leads[name]
        due = {} if lead.due is None or lead.state != "active" else {"due": lead.due}
        told = {"leadEmail": self._address(lead.contact), "state": lead.state, "cadenceId": lead.cadence}
        return lead.fields | told | due

    def named(self, cadence: str, external_id: str | None) -> str | None:
        """The enrollment that has an external id."""
        if external_id is None:
            return None
        of_cadence = {name: lead for name, lead in self.leads.items() if lead.cadence == cadence}
        return next((n for n, lead in of_cadence.items() if lead.fields["leadExternalId"] == external_id), None)

    # Calls: each takes the answer that the API gave and says what is wrong with it, None if nothing is.

    def enrol(self, cadence: str, asked: Fields, answer: Answer) -> str | None:
        email = asked.get("leadEmail")
        there = {self.named(cadence, asked["leadExternalId"])} - {None}
        if not there and email is not None:
            if email in self.opted_out:
                return None if answer.status in (409, 422, 400) else f"{answer.status} for who opted out"
            there = self._mailed(cadence, self._contact(email))
        if answer.status != 200:
            return f"{answer.status} {answer.body}"
        name = answer.body["enrollment"]["id"]
        if answer.body["created"] is not (not there):
            return f"created is {answer.body['created']} where {there} was there"
        if there:
            return None if name in there else f"{name} instead of one of {there}"
        contact = name if email is None else self._contact(email)
        fields = {each: asked.get(each) for each in IDENTITY}
        self.leads[name] = Lead(cadence, fields, contact, contact if email else None, due=self.first_due)
        return self._differs(name, answer.body["enrollment"])

    def relink(self, cadence: str, rows: Sequence[tuple[str, Fields]], retry: bool, answer: Answer) -> str | None:
        if answer.status != 200:
            return f"{answer.status} {answer.body}"
        results = answer.body["results"]
        if [row["enrollmentId"] for row in results] != [name for name, _ in rows]:
            return "other ids than asked"
        for (name, asked), result in zip(rows, results, strict=True):
            code = self._row(cadence, name, asked, retry)
            told = None if result["ok"] else result["code"]
            if told != code:
                return f"{name}: {told} instead of {code}"
            if code is None and (wrong := self._differs(name, result["enrollment"], asked)):
                return wrong
        return None

    def patch(self, name: str, asked: Fields, retry: bool, answer: Answer) -> str | None:
        lead = self.leads.get(name)
        code = self._row("" if lead is None else lead.cadence, name, asked, retry)
        if code is None:
            return self._differs(name, answer.body["enrollment"], asked) if answer.status == 200 else f"{answer.status}"
        # What a row calls PATCH_FAILED has a code of its own here.
        told = code if code != "PATCH_FAILED" else answer.body.get("code")
        refused = answer.status in (404, 409, 422) and answer.body.get("code") == told
        return None if refused else f"{answer} instead of {code}"

    def set_state(self, name: str, state: str, answer: Answer) -> str | None:
        lead = self.leads[name]
        if lead.state == state == "unenrolled":
            return self._differs(name, answer.body["enrollment"]) if answer.status == 200 else f"{answer.status}"
        if lead.state not in RUNNING:
            return None if answer.status == 409 else f"{answer.status} for one that is {lead.state}"
        lead.due = lead.due if lead.state == state else None
        lead.state = state
        return self._differs(name, answer.body["enrollment"]) if answer.status == 200 else f"{answer.status}"

    def take_away(self, name: str, answer: Answer) -> str | None:
        """The enrollment is deleted, and its external id is free."""
        there = self.leads.pop(name, None)
        return None if answer.status == (404 if there is None else 204) else f"{answer.status} for {there}"

    def opt_out(self, email: str) -> None:
        self.opted_out.add(email)
        self._stop(self._contact(email), "unsubscribed")

    def delete(self, name: str) -> None:
        """Its contact is deleted, with the enrollments that were made for it and are about it; the address is free.

        Who was relinked to it has nobody to mail, which ends it when its step is due.
        """
        contact = self.leads[name].contact
        assert contact is not None
        self.leads = {n: lead for n, lead in self.leads.items() if (lead.home, lead.contact) != (contact, contact)}
        self.deletions[contact.partition("#")[0]] += 1

    # What they come to

    def _row(self, cadence: str, name: str, asked: Fields, retry: bool) -> str | None:
        lead = self.leads.get(name)
        if lead is None:
            return "NOT_FOUND"
        if lead.cadence != cadence:
            return "CADENCE_MISMATCH"
        if lead.state not in RUNNING:
            return "ENROLLMENT_TERMINAL_STATE"
        if asked.get("leadEmail") in self.opted_out:
            return "PATCH_FAILED"
        if self.named(cadence, asked.get("leadExternalId")) not in (None, name):
            return "LEAD_EXTERNAL_ID_CONFLICT"
        lead.fields |= {each: value for each, value in asked.items() if each in IDENTITY}
        if "leadEmail" in asked:
            email = asked["leadEmail"]
            lead.contact = None if email is None else self._contact(email)
        if retry and lead.state == "active":
            lead.due = self.now
        return None

    def _contact(self, email: str) -> str:
        return f"{email}#{self.deletions[email]}"

    def _address(self, contact: str | None) -> str | None:
        email, _, number = (contact or "").partition("#")
        return email if number and int(number) == self.deletions[email] else None

    def _mailed(self, cadence: str, contact: str) -> set[str]:
        """The enrollments of a cadence, not over, that mail a contact."""
        running = {name: lead for name, lead in self.leads.items() if lead.state in RUNNING}
        return {name for name, lead in running.items() if (lead.cadence, lead.contact) == (cadence, contact)}

    def _stop(self, contact: str, state: str) -> None:
        for lead in self.leads.values():
            if lead.contact == contact and lead.state in RUNNING:
                lead.state = state

    def _differs(self, name: str, enrollment: Fields, asked: Fields | None = None) -> str | None:
        wanted = self.shown(name)
        wanted.pop("due", None)
        if self.meeting and asked is not None:
            wanted = {each: wanted[each] for each in asked}
        wrong = {each: (enrollment[each], value) for each, value in wanted.items() if enrollment[each] != value}
        return f"{name}: {wrong}" if wrong else None
