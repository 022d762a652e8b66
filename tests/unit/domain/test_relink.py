"""The pure core of relinking: rows applied one by one to a picture."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import OVER, Awaits, Enrollment, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.relink import Decision, decide
from drumbeat.domain.relink_row import (
    Picture,
    Refused,
    RelinkCode,
    Relinked,
    Result,
    Row,
    Turn,
)
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY

NOW = 1_795_251_600_000
TENANT = 1
SEQUENCE = Sequence(
    tenant=TENANT,
    number=7,
    name="Spring",
    status=SequenceStatus.ACTIVE,
    program=None,
    min_wait_seconds=20,
    max_wait_seconds=60,
    verify_email_mx=False,
    bounce_rate_threshold=0.1,
    steps=(Step(1, "Hello", "<p>Hello</p>", 0), Step(2, "Again", "<p>Again</p>", 60)),
    senders=(),
    created_at=NOW - DAY,
    connector=90,
)
SENDERS = frozenset({50, 51})
PEOPLE = {"jane@x.example": 801, "john@x.example": 802, "out@x.example": 803}


def key(contact: int, sequence: int = 7) -> EnrollmentKey:
    return EnrollmentKey(sequence, contact)


def enrolled(contact: int, external_id: str | None = None, **changes: Any) -> Enrollment:
    fresh = new_enrollment(TENANT, key(contact), batch_number=1, batch_tag="t", now=NOW - DAY, bound_to=50)
    return replace(fresh, lead=Lead(external_id=external_id), **changes)


def _contact(number: int, address: str) -> Contact:
    out = NOW - DAY if address.startswith("out") else None
    return Contact(TENANT, number, 0, address, None, None, None, NOW, unsubscribed_at=out, zone="Asia/Tokyo")


def picture(*enrollments: Enrollment) -> Picture:
    return Picture(
        sequence=SEQUENCE,
        enrollments={entry.key: entry for entry in enrollments},
        holders={entry.lead.external_id: entry.key for entry in enrollments if entry.lead.external_id is not None},
        people={address: _contact(number, address) for address, number in PEOPLE.items()},
        senders=SENDERS,
    )


def asked(*rows: Row) -> Mapping[int, Row]:
    return dict(enumerate(rows))


def change(contact: int, **changes: Any) -> Row:
    return Row(key(contact), changes)


def decided(seen: Picture, *rows: Row, retry_now: bool = False) -> Decision:
    return decide(seen, asked(*rows), retry_now=retry_now, now=NOW)


def results(seen: Picture, *rows: Row, retry_now: bool = False) -> list[Result]:
    groups = decided(seen, *rows, retry_now=retry_now).groups
    found = {place: result for group in groups for place, result in group.results.items()}
    return [found[place] for place in range(len(rows))]


def codes(found: list[Result]) -> list[str | None]:
    return [result.code.value if isinstance(result, Refused) else None for result in found]


def only(found: list[Result]) -> Enrollment:
    (result,) = found
    assert isinstance(result, Relinked), result
    return result.enrollment


def test_only_what_is_named_changes_and_none_clears():
    seen = picture(enrolled(1, "a", relinked_to=801))
    named = replace(seen.enrollments[key(1)], lead=Lead("a", "Ann", "https://l/in/ann", "urn:ann", "s1"))
    seen = picture(named)

    told = only(results(seen, change(1, name=None, linkedin_url="https://l/in/jo")))

    assert told.lead == Lead("a", None, "https://l/in/jo", "urn:ann", "s1")
    assert told.relinked_to == 801


@pytest.mark.parametrize("field", ["name", "linkedin_url", "profile_urn", "external_id", "session"])
def test_each_of_a_lead_s_fields_can_be_set_and_cleared(field):
    set_ = only(results(picture(enrolled(1)), change(1, **{field: "new"})))
    cleared = only(results(picture(replace(enrolled(1), lead=set_.lead)), change(1, **{field: None})))

    assert getattr(set_.lead, field) == "new"
    assert cleared.lead == Lead()


def test_an_address_leads_to_its_contact_with_its_zone_and_a_thread_of_its_own():
    told = only(results(picture(enrolled(1, thread="<first@x>", zone="UTC")), change(1, email="Jane@x.example")))

    assert (told.contact, told.relinked_to, told.zone, told.thread) == (801, 801, "Asia/Tokyo", None)


def test_no_address_means_nobody_to_mail():
    assert only(results(picture(enrolled(1)), change(1, email=None))).contact is None


def test_the_own_contact_s_address_undoes_a_relinking():
    told = only(results(picture(enrolled(801, relinked_to=802)), change(801, email="jane@x.example")))

    assert told.relinked_to is None


def test_the_same_address_again_changes_nothing():
    seen = picture(enrolled(1, relinked_to=801, thread="<first@x>"))

    assert only(results(seen, change(1, email="jane@x.example"))) == seen.enrollments[key(1)]
    assert decided(seen, change(1, email="jane@x.example")).groups[0].moves == ()


def test_whoever_unsubscribed_is_not_relinked_to():
    (refused,) = results(picture(enrolled(1)), change(1, email="out@x.example"))

    assert isinstance(refused, Refused)
    assert (refused.code, refused.field) == (RelinkCode.PATCH_FAILED, "email")


def test_another_sender_takes_over_and_none_is_the_connector():
    seen = picture(enrolled(1))

    other, none = results(seen, change(1, sender=51), change(1, sender=None))

    assert isinstance(other, Relinked)
    assert isinstance(none, Relinked)
    assert (other.enrollment.sender, other.enrollment.bound) == (51, True)
    assert (none.enrollment.sender, none.enrollment.bound) == (90, True)


def test_a_sender_that_is_not_there_is_refused():
    (refused,) = results(picture(enrolled(1)), change(1, sender=52))

    assert isinstance(refused, Refused)
    assert (refused.code, refused.field) == (RelinkCode.PATCH_FAILED, "sender")


@pytest.mark.parametrize("state", sorted(OVER))
def test_what_is_over_is_refused_with_its_state(state):
    (refused,) = results(picture(enrolled(1, state=state)), change(1, name="Jane"))

    assert isinstance(refused, Refused)
    assert refused.code is RelinkCode.TERMINAL_STATE
    assert refused.enrollment is not None
    assert refused.enrollment.state is state


@pytest.mark.parametrize("state", [EnrollmentState.HELD, EnrollmentState.PAUSED, EnrollmentState.PARKED])
def test_what_does_not_send_now_is_relinked_and_not_rescheduled(state):
    seen = picture(enrolled(1, state=state, due=NOW + DAY))

    told = only(results(seen, change(1, name="Jane"), retry_now=True))

    assert (told.lead.name, told.due, told.state) == ("Jane", NOW + DAY, state)


def test_what_is_not_there_is_not_found_even_if_it_was_once():
    seen = picture(enrolled(1, state=EnrollmentState.DELETED))

    assert codes(results(seen, change(1, name="x"), change(2, name="x"), Row(None))) == ["NOT_FOUND"] * 3


def test_another_sequence_s_enrollment_is_a_mismatch():
    elsewhere = replace(enrolled(1), key=key(1, sequence=8))

    assert codes(results(picture(elsewhere), Row(elsewhere.key, {"name": "x"}))) == ["SEQUENCE_MISMATCH"]


def test_a_row_with_a_value_that_is_none_fails_alone():
    seen = picture(enrolled(1), enrolled(2))

    found = results(seen, Row(key(1), {"name": "x"}, problem="leadEmail: is none"), change(2, name="Jane"))

    assert codes(found) == ["PATCH_FAILED", None]


def test_what_is_being_sent_waits():
    assert codes(results(picture(enrolled(1, owner="w")), change(1, name="Jane"))) == ["PATCH_FAILED"]
    assert codes(results(picture(enrolled(1, owner="w")), Row(key(1)), retry_now=True)) == ["PATCH_FAILED"]


def test_an_external_id_that_another_has_is_a_conflict():
    (refused,) = results(picture(enrolled(1, "a"), enrolled(2, "b")), change(1, external_id="b"))

    assert isinstance(refused, Refused)
    assert (refused.code, refused.external_id) == (RelinkCode.EXTERNAL_ID_CONFLICT, "b")


def test_its_own_external_id_is_no_conflict():
    assert codes(results(picture(enrolled(1, "a")), change(1, external_id="a", name="x"))) == [None]


def test_swapping_ids_fails_at_the_first_row():
    found = results(picture(enrolled(1, "a"), enrolled(2, "b")), change(1, external_id="b"), change(2, external_id="a"))

    assert codes(found) == ["LEAD_EXTERNAL_ID_CONFLICT", "LEAD_EXTERNAL_ID_CONFLICT"]


def test_an_id_that_a_row_gave_up_is_free_for_a_later_one():
    found = results(
        picture(enrolled(1, "a"), enrolled(2, "b")), change(2, external_id=None), change(1, external_id="b")
    )

    assert codes(found) == [None, None]


def test_an_id_that_a_later_row_gives_up_is_not_free_yet():
    found = results(picture(enrolled(1, "a"), enrolled(2, "b")), change(1, external_id="b"), change(2, external_id="c"))

    assert codes(found) == ["LEAD_EXTERNAL_ID_CONFLICT", None]


def test_of_two_rows_that_want_one_id_the_first_gets_it():
    found = results(picture(enrolled(1), enrolled(2)), change(1, external_id="x"), change(2, external_id="x"))

    assert codes(found) == [None, "LEAD_EXTERNAL_ID_CONFLICT"]


def test_rows_about_one_enrollment_are_applied_in_order_and_written_once():
    seen = picture(enrolled(1, "a"))

    decision = decided(seen, change(1, external_id="b"), change(1, name="Jane"), change(1, external_id="c"))

    (group,) = decision.groups
    (move,) = group.moves
    assert (move.seen.lead.external_id, move.told.lead) == ("a", Lead("c", "Jane"))
    ids = [entry.enrollment.lead.external_id for entry in group.results.values() if isinstance(entry, Relinked)]
    assert ids == ["b", "b", "c"]


def test_rows_that_share_no_id_are_groups_of_their_own():
    seen = picture(enrolled(1, "a"), enrolled(2, "b"), enrolled(3, "c"))

    groups = decided(seen, change(1, external_id="x"), change(2, external_id="a"), change(3, name="y")).groups

    assert sorted(sorted(group.results) for group in groups) == [[0, 1], [2]]


def test_a_long_chain_of_ids_is_cut_where_a_transaction_ends():
    seen = picture(*(enrolled(number, f"id{number}") for number in range(1, 101)))
    chain = [change(number, external_id=f"id{number - 1}") for number in range(1, 101)]

    decision = decided(seen, *chain)

    assert all(group.writes <= 100 for group in decision.groups)
    assert sorted([*(place for group in decision.groups for place in group.results), *decision.later]) == [*range(100)]
    assert list(decision.later) == [*range(33, 100)]


def test_due_now_under_a_new_epoch_and_what_was_asked_means_nothing():
    waiting = enrolled(1, due=NOW + DAY, awaits=Awaits.STEP, asked=3, attempts=2, put_off_since=NOW, timed=True)

    told = only(results(picture(waiting), Row(key(1)), retry_now=True))

    assert (told.due, told.awaits, told.asked, told.epoch) == (NOW, None, 4, 1)
    assert (told.attempts, told.put_off_since, told.timed) == (0, None, False)


def _with_profile(**changes: Any) -> Enrollment:
    lead = Lead(linkedin_url="https://l.example/in/a", profile_urn="urn:a")
    return replace(enrolled(1, due=NOW + DAY, **changes), lead=lead)


@pytest.mark.parametrize("changes", [{"linkedin_url": "https://l.example/in/b"}, {"profile_urn": "urn:b"}])
def test_what_the_app_does_for_one_profile_never_counts_for_another(changes: dict[str, str]):
    asked = picture(_with_profile(awaits=Awaits.STEP, asked=1))

    (refused,) = results(asked, change(1, **changes))
    told = only(results(asked, change(1, **changes), retry_now=True))

    assert isinstance(refused, Refused)
    assert refused.code is RelinkCode.PATCH_FAILED
    assert "retryNow" in refused.text
    assert (told.awaits, told.asked, told.epoch) == (None, 2, 1)


def test_another_profile_has_accepted_nothing_yet():
    accepted = picture(_with_profile(accepted_at=NOW - DAY))

    told = only(results(accepted, change(1, linkedin_url="https://l.example/in/b")))

    assert told.accepted_at is None


def test_a_profile_that_is_named_for_the_first_time_takes_nothing_back():
    asked = _with_profile(awaits=Awaits.STEP, asked=1, accepted_at=NOW - DAY)
    accepted = picture(replace(asked, lead=Lead(profile_urn="urn:a")))

    told = only(results(accepted, change(1, linkedin_url="https://l.example/in/a")))

    assert (told.awaits, told.accepted_at) == (Awaits.STEP, NOW - DAY)


def test_what_is_due_already_keeps_its_place():
    due = enrolled(1, due=NOW - 5)

    assert only(results(picture(due), Row(key(1)), retry_now=True)) == due


def test_only_rows_that_succeed_become_due():
    seen = picture(enrolled(1, "a", due=NOW + DAY), enrolled(2, "b", due=NOW + DAY))

    decision = decided(seen, change(1, external_id="b"), change(2, name="x"), retry_now=True)

    (move,) = [move for group in decision.groups for move in group.moves]
    assert (move.told.key, move.told.due) == (key(2), NOW)


def turned(enrollment: Enrollment, turn: Turn, **changes: Any) -> Result:
    (result,) = results(picture(enrollment), Row(enrollment.key, changes, turn=turn, reason="because"))
    return result


def test_pausing_resuming_and_ending_go_with_what_else_changes():
    paused = turned(enrolled(1), Turn.PAUSE, name="Jane")
    assert isinstance(paused, Relinked)
    resumed = turned(paused.enrollment, Turn.GO_ON, name="Joan")
    ended = turned(paused.enrollment, Turn.END, name="Joan")

    assert (paused.enrollment.state, paused.enrollment.lead.name) == (EnrollmentState.PAUSED, "Jane")
    assert isinstance(resumed, Relinked)
    assert (resumed.enrollment.state, resumed.enrollment.lead.name) == (EnrollmentState.ACTIVE, "Joan")
    assert isinstance(ended, Relinked)
    assert (ended.enrollment.state, ended.enrollment.exit_reason) == (EnrollmentState.FINISHED, "because")


def test_ending_again_changes_nothing():
    ended = enrolled(1, state=EnrollmentState.FINISHED, finished_at=NOW)

    assert turned(ended, Turn.END) == Relinked(ended)
    assert isinstance(turned(ended, Turn.END, name="x"), Refused)
    assert isinstance(turned(enrolled(1, state=EnrollmentState.REPLIED), Turn.END), Refused)


def test_what_is_in_doubt_does_not_simply_go_on():
    assert isinstance(turned(enrolled(1, state=EnrollmentState.PARKED), Turn.GO_ON), Refused)


def test_what_waits_outside_cannot_be_paused():
    for state in (EnrollmentState.HELD, EnrollmentState.WAITING):
        assert isinstance(turned(enrolled(1, state=state), Turn.PAUSE), Refused)


def test_a_turn_beside_a_mail_under_way_is_taken_unless_it_would_send():
    assert isinstance(turned(enrolled(1, owner="w"), Turn.PAUSE), Relinked)
    assert isinstance(turned(enrolled(1, owner="w", state=EnrollmentState.PAUSED), Turn.GO_ON), Refused)


def test_who_is_called_stays_whom_the_enrollment_mails_so_that_a_stop_of_theirs_ends_the_calls():
    seen = picture(enrolled(1, has_callee=True))

    assert codes(results(seen, change(1, email="jane@x.example"))) == ["PATCH_FAILED"]
    assert codes(results(seen, change(1, email=None))) == ["PATCH_FAILED"]


def test_whoever_is_being_called_is_not_called_a_second_time_by_a_hurry():
    being_called = enrolled(1, has_callee=True, awaits=Awaits.STEP, asked=1, due=NOW + 1)

    assert only(results(picture(being_called), change(1, name="Ada"), retry_now=True)).asked == 1


def test_a_pause_reaches_who_is_in_doubt_about_a_call():
    in_doubt = enrolled(1, has_callee=True, awaits=Awaits.STEP, state=EnrollmentState.PARKED, parked_reason="?")

    told = only(results(picture(in_doubt), Row(in_doubt.key, turn=Turn.PAUSE)))

    assert told.state is EnrollmentState.PAUSED
