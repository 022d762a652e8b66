"""Random enrolments, patches, relinks, stops and races on two cadences, held against dictionaries after every step."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import DAY
from drumbeat.entrypoints import clock
from tests.cadences import (
    EMAIL,
    SESSION,
    cadence,
    ended,
    inbox,
    new_client,
    patch,
    suppressed,
)
from tests.contract.scene import empty_stack
from tests.functional.myagentmail.lead_locks import LeadLocks
from tests.functional.myagentmail.parties import alone, at_once, difference, enrolling, relinking, taking_away
from tests.functional.myagentmail.relink_model import RUNNING, Model

NOW = 1_795_251_600_000
EXTERNAL_IDS = ("x1", "x2", "x3")
STAYING = ("a@lead.example", "b@lead.example")
GOING = ("c@lead.example", "d@lead.example")
NAMES = ("Jane Doe", "John Smith")
SESSIONS = (SESSION, "5e551050-0000-4000-8000-000000000002")
WHICH = st.integers(0, 5)
CADENCES = st.sampled_from([0, 0, 0, 1])


def or_null(*values):
    return st.none() | st.sampled_from(values)


IDS = st.fixed_dictionaries({"leadExternalId": or_null(*EXTERNAL_IDS)})
CHANGES = IDS | st.fixed_dictionaries(
    {},
    optional={
        "leadExternalId": or_null(*EXTERNAL_IDS),
        "leadEmail": or_null(*STAYING, *GOING),
        "leadName": or_null(*NAMES),
        "leadProfileUrn": or_null("urn:li:1"),
        "inboxId": or_null(0, 1),
        "sessionId": or_null(*SESSIONS),
    },
)
ROWS = st.lists(st.tuples(WHICH, CHANGES), min_size=1, max_size=6)
MOVES = st.lists(st.tuples(WHICH, IDS), min_size=2, max_size=5)
NEW = st.fixed_dictionaries(
    {"leadExternalId": st.sampled_from(EXTERNAL_IDS)},
    optional={"leadEmail": st.sampled_from(STAYING + GOING), "leadName": st.sampled_from(NAMES)},
)
# Two calls that may meet: an enrolment, the deletion of one, or a relink of one enrollment: rows that share nothing run
# side by side, so what two calls do to them need not come one after the other.
ONE = st.tuples(WHICH, st.lists(CHANGES, min_size=1, max_size=2))
RELINKS = ONE.map(lambda one: [(one[0], fields) for fields in one[1]])
CALL = st.tuples(CADENCES, NEW | RELINKS | RELINKS | WHICH)
ORDER = st.lists(st.booleans(), max_size=24)


class Relinking(RuleBasedStateMachine):
    """One tenant. Time stands still, so nothing is sent: only calls change anything."""

    locks: LeadLocks

    @initialize()
    def open(self):
        self.locks.forget()
        self.client = new_client()
        self.inboxes = [inbox(self.client), inbox(self.client)]
        steps = [EMAIL | {"delayDays": 1}]
        self.cadences = [cadence(self.client, steps=steps) for _ in range(2)]
        self.model = Model(NOW, first_due=NOW + DAY)
        for external_id in EXTERNAL_IDS:
            self.enrol(0, {"leadExternalId": external_id})

    @property
    def names(self):
        return list(self.model.leads)

    def asked(self, fields):
        """The fields with an inbox where a place stands for one."""
        place = fields.get("inboxId")
        return fields if place is None else fields | {"inboxId": self.inboxes[place]}

    def rows(self, rows):
        return [(self.names[which % len(self.names)], self.asked(fields)) for which, fields in rows]

    @rule(place=CADENCES, fields=NEW)
    def enrol(self, place, fields):
        alone(self.model, self.party(place, fields))

    @precondition(lambda self: self.model.leads)
    @rule(place=CADENCES, rows=ROWS, retry=st.booleans())
    def relink(self, place, rows, retry):
        alone(self.model, relinking(self.client, self.cadences[place], self.rows(rows), retry=retry))

    @precondition(lambda self: self.model.leads)
    @rule(place=CADENCES, rows=MOVES)
    def move_ids(self, place, rows):
        alone(self.model, relinking(self.client, self.cadences[place], self.rows(rows)))

    @precondition(lambda self: self.model.leads)
    @rule(which=WHICH, fields=CHANGES, retry=st.booleans())
    def patch(self, which, fields, retry):
        ((name, asked),) = self.rows([(which, fields)])
        self.holds(self.model.patch(name, asked, retry, patch(self.client, name, retry_now=retry, **asked)))

    @precondition(lambda self: self.many_run)
    @rule(which=WHICH, state=st.sampled_from(["active", "paused", "unenrolled"]))
    def set_state(self, which, state):
        name = self.names[which % len(self.names)]
        self.holds(self.model.set_state(name, state, patch(self.client, name, state=state)))

    @property
    def many_run(self):
        return sum(lead.state in RUNNING for lead in self.model.leads.values()) > 2

    @precondition(lambda self: self.many_run)
    @rule(which=WHICH)
    def reply(self, which):
        name = self.names[which % len(self.names)]
        if self.model.leads[name].state in RUNNING:
            ended(self.client, name, state=EnrollmentState.REPLIED, replied_at=NOW)
            self.model.leads[name].state = "replied"

    @rule(email=st.sampled_from(GOING))
    def opt_out(self, email):
        suppressed(self.client, email)
        self.model.opt_out(email)

    @precondition(lambda self: self.model.leads)
    @rule(which=WHICH)
    def delete_contact(self, which):
        name = self.names[which % len(self.names)]
        email = self.model.shown(name)["leadEmail"]
        if email not in GOING:
            return
        call = self.client.others
        found = call("list_prospects", group="outreach", query={"filter[emails]": email}).body["data"]
        (number,) = [person["id"] for person in found]
        assert call("delete_prospect", group="outreach", id=str(number)).status == 204
        self.model.delete(name)

    @precondition(lambda self: self.many_run)
    @rule(which=WHICH)
    def take_away(self, which):
        alone(self.model, self.party(0, which))

    @precondition(lambda self: self.model.leads)
    @rule(first=CALL, second=CALL, order=ORDER)
    def race(self, first, second, order):
        parties = [self.party(*first), self.party(*second)]
        self.model = at_once(self.client, self.cadences, self.model, parties, order)

    def party(self, place, what):
        """The call that is drawn: an enrolment, a deletion or a relink."""
        if isinstance(what, dict):
            return enrolling(self.client, self.cadences[place], what | {"inboxId": self.inboxes[0]})
        if isinstance(what, int):
            return taking_away(self.client, self.names[what % len(self.names)])
        return relinking(self.client, self.cadences[place], self.rows(what))

    def holds(self, complaint):
        assert complaint is None, complaint

    @invariant()
    def locks_and_enrollments_agree(self):
        numbers = range(1, 3)
        assert self.locks.disagreements(self.client.tenant, numbers) == []

    @invariant()
    def what_is_shown_is_what_was_done(self):
        self.holds(difference(self.client, self.cadences, self.model))

    @invariant()
    def nobody_who_opted_out_can_be_mailed(self):
        tenant = self.client.tenant
        for sequence in (1, 2):
            for one in bootstrap.enrollments().of_sequence(tenant, sequence):
                if one.state is not EnrollmentState.ACTIVE or not one.contact:
                    continue
                contact = bootstrap.contacts().get(tenant, one.contact)
                assert contact is None or contact.email not in self.model.opted_out


@pytest.fixture(scope="module")
def locks():
    with empty_stack() as store:
        yield LeadLocks(store)


def test_random_calls_and_races_keep_locks_enrollments_and_answers_in_line(locks, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    Relinking.locks = locks

    run_state_machine_as_test(
        Relinking,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
