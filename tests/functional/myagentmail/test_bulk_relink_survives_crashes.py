"""Bulk-relink and enrolment die, or lose an answer, at any request; then the same call comes again."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from drumbeat.adapters import aws
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import DAY, HOUR
from drumbeat.entrypoints import clock
from tests.cadences import (
    EMAIL,
    MISSING,
    Client,
    cadence,
    codes,
    ended,
    enrol,
    enrolled,
    good,
    inbox,
    listed,
    new_client,
    patch,
    relink,
    suppressed,
)
from tests.contract.myagentmail import check_relinked
from tests.contract.scene import empty_stack
from tests.faults import MODES, Crash, fault
from tests.functional.myagentmail.disturbed import answer_lost
from tests.functional.myagentmail.lead_locks import LeadLocks

NOW = 1_795_251_600_000
TWO_SEQUENCES = (1, 2)


@pytest.fixture(scope="module")
def store():
    with empty_stack() as made:
        yield made


@pytest.fixture(scope="module")
def locks(store):
    return LeadLocks(store)


@pytest.fixture(autouse=True)
def time(monkeypatch):
    now = [NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@dataclass
class Office:
    """A cadence with leads, and rows of every kind about them. Every office is like the others."""

    client: Client
    cadence_id: str
    names: dict[str, str]
    updates: list[dict[str, Any]]

    def relink(self):
        return relink(self.client, self.cadence_id, *self.updates, retry_now=True)

    def told(self, body: Any) -> Any:
        """A body with names instead of ids, so that it can be compared with another office's."""
        text = json.dumps(body)
        for name, spelled in self.names.items():
            text = text.replace(spelled, name)
        return json.loads(text)

    def picture(self) -> Any:
        """All enrollments of the cadence, by their names."""
        rows = self.told(list(listed(self.client, self.cadence_id)))
        return {row["id"]: row for row in rows}


@pytest.fixture
def opened(time, locks):
    def make() -> Office:
        locks.forget()
        time[0] = NOW
        client = new_client()
        inboxes = [inbox(client), inbox(client)]
        mine, other = (cadence(client, steps=[EMAIL | {"delayDays": 3}]) for _ in range(2))
        lead = {"inboxId": inboxes[0]}
        ids = {
            name: enrolled(client, mine, name, **lead, leadEmail=f"{name}@lead.example")["id"]
            for name in ("ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal", "ivy")
        }
        ids["elsewhere"] = enrolled(client, other, "elsewhere", **lead)["id"]
        ended(client, ids["gus"], state=EnrollmentState.REPLIED, replied_at=NOW)
        good(patch(client, ids["hal"], state="paused"))
        suppressed(client, "out@lead.example")
        changes = [
            ("ann", {"leadName": "Ann"}),
            ("bob", {"leadEmail": "new@lead.example", "leadProfileUrn": "urn:li:bob"}),
            ("cid", {"leadExternalId": "cid-2", "leadEmail": "another@lead.example"}),
            ("dan", {"leadExternalId": "cid"}),
            ("eve", {"leadExternalId": None, "inboxId": inboxes[1]}),
            ("fay", {"leadExternalId": "ann"}),
            ("fay", {"leadEmail": "ann@lead.example", "leadExternalId": "eve"}),
            ("ann", {"leadEmail": None}),
            ("gus", {"leadName": "Gus"}),
            ("elsewhere", {"leadName": "x"}),
            ("hal", {"leadName": "Hal", "leadExternalId": "hal-2"}),
            ("ivy", {"leadEmail": "out@lead.example"}),
        ]
        updates = [{"enrollmentId": ids[name]} | change for name, change in changes]
        names = ids | {"inbox 1": inboxes[0], "inbox 2": inboxes[1], "cadence": mine, "other": other}
        time[0] += DAY
        return Office(client, mine, names, [*updates, {"enrollmentId": MISSING}])

    return make


EXPECTED = [
    None, None, None, None, None, "LEAD_EXTERNAL_ID_CONFLICT", None, None, "ENROLLMENT_TERMINAL_STATE",
    "CADENCE_MISMATCH", None, "PATCH_FAILED", "NOT_FOUND",
]  # fmt: skip


@contextmanager
def watched(locks, office):
    """After every request to AWS, locks and enrollments agree."""
    tenant, found = office.client.tenant, []

    def look(**_):
        found.extend(locks.disagreements(tenant, TWO_SEQUENCES))

    events = aws.client("dynamodb").meta.events
    events.register_first("after-call.*.*", look)
    try:
        yield
    finally:
        events.unregister("after-call.*.*", look)
    look()
    assert found == []


@dataclass(frozen=True)
class Undisturbed:
    """What the call comes to where nothing goes wrong: what it answers, and answers again, and the cadence after it.

    A row of an enrollment that a later row changes again shows that change when the call is said again.
    """

    first: Any
    second: Any
    picture: Any

    def is_told_by(self, body: Any) -> bool:
        """Whether every row answers as one of the undisturbed calls does."""
        rows = zip(body["results"], self.first["results"], self.second["results"], strict=True)
        return all(row in (first, second) for row, first, second in rows)


@pytest.fixture
def undisturbed(opened):
    office = opened()
    first = check_relinked(good(office.relink()))
    picture = office.picture()
    second = check_relinked(good(office.relink()))
    assert codes(first["results"]) == codes(second["results"]) == EXPECTED
    assert office.picture() == picture
    return Undisturbed(office.told(first), office.told(second), picture)


def calls_of(office) -> int:
    with fault(0, after=False) as counted:
        office.relink()
    return len(counted.calls)


@MODES
def test_a_relink_that_died_at_any_request_is_done_by_the_same_call(opened, locks, undisturbed, after):
    many = calls_of(opened())
    assert many >= 6
    for k in range(1, many + 1):
        office = opened()
        with watched(locks, office), fault(k, after=after), pytest.raises(Crash):
            office.relink()

        with watched(locks, office):
            again = office.relink()

        assert undisturbed.is_told_by(office.told(check_relinked(good(again)))), k
        assert office.picture() == undisturbed.picture, k


def test_a_lost_answer_that_the_sdk_asks_for_again_changes_nothing(opened, locks, store, undisturbed):
    with answer_lost(store, 0, sdk_asks_again=True) as asked:
        opened().relink()
    for k in range(1, len(asked) + 1):
        office = opened()
        with watched(locks, office), answer_lost(store, k, sdk_asks_again=True):
            answer = office.relink()

        assert office.told(check_relinked(good(answer))) == undisturbed.first, k
        assert office.picture() == undisturbed.picture, k


def test_a_lost_answer_is_a_failure_that_the_same_call_repairs(opened, locks, store, undisturbed):
    with answer_lost(store, 0, sdk_asks_again=False) as asked:
        opened().relink()
    for k in range(1, len(asked) + 1):
        office = opened()
        with watched(locks, office), answer_lost(store, k, sdk_asks_again=False):
            disturbed = office.relink()
        assert disturbed.status in (200, 500, 503), (k, disturbed)

        with watched(locks, office):
            again = office.relink()

        assert undisturbed.is_told_by(office.told(check_relinked(good(again)))), k
        assert office.picture() == undisturbed.picture, k


def test_the_same_call_again_differs_only_where_a_later_row_changed_what_an_earlier_one_shows(undisturbed):
    pairs = zip(undisturbed.first["results"], undisturbed.second["results"], strict=True)
    different = [(first, second) for first, second in pairs if first != second]

    ((first, second),) = different
    assert first["enrollmentId"] == "ann"
    assert (first["enrollment"]["leadEmail"], second["enrollment"]["leadEmail"]) == ("ann@lead.example", None)


def test_a_conflict_that_the_call_itself_dissolved_is_honestly_gone_the_second_time(opened):
    """Rows are applied one by one: what the first row was refused, the second has set free."""
    office = opened()
    ann, bob = office.names["ann"], office.names["bob"]
    office.updates = [{"enrollmentId": ann, "leadExternalId": "bob"}, {"enrollmentId": bob, "leadExternalId": "x"}]

    first, second = (codes(good(office.relink())["results"]) for _ in range(2))

    assert first == ["LEAD_EXTERNAL_ID_CONFLICT", None]
    assert second == [None, None]


# Enrolments

LEADS = [
    {"leadExternalId": "new", "leadEmail": "new@lead.example", "leadName": "New"},
    {"leadExternalId": "new", "context": {"a": 1}},
    {"leadExternalId": "new", "leadEmail": "out@other.example", "leadName": "Known to the account"},
]


@pytest.fixture
def known(opened):
    """An office whose account knows somebody who is in no cadence."""

    def make() -> tuple[Office, str]:
        office = opened()
        rows = [{"email": "out@other.example"}]
        made = office.client.others("create_contact_import", {"contact_import": {"name": "x", "contacts": rows}})
        assert made.status == 201
        return office, office.names["inbox 1"]

    return make


@MODES
@pytest.mark.parametrize("lead", LEADS, ids=["new address", "no address", "known address"])
def test_an_enrolment_that_died_at_any_request_is_made_once(known, locks, lead, after, time):
    def ask(office, inbox_id):
        return enrol(office.client, office.cadence_id, **lead, inboxId=inbox_id)

    office, inbox_id = known()
    with fault(0, after=after) as counted:
        expected = good(ask(office, inbox_id))["enrollment"]
    assert len(counted.calls) >= 4
    for k in range(1, len(counted.calls) + 1):
        office, inbox_id = known()
        with watched(locks, office), fault(k, after=after), pytest.raises(Crash):
            ask(office, inbox_id)
        made_before = any(row["leadExternalId"] == "new" for row in listed(office.client, office.cadence_id))

        time[0] += HOUR
        with watched(locks, office):
            again = good(ask(office, inbox_id))

        assert again["created"] is not made_before, k
        there = [row for row in listed(office.client, office.cadence_id) if row["leadExternalId"] == "new"]
        assert there == [again["enrollment"]], k
        same = {name: expected[name] for name in lead}
        assert {name: again["enrollment"][name] for name in lead} == same, k
