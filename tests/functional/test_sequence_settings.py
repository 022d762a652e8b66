"""Sequences on their own: made without steps, given more of them and other settings, deleted when nobody is in them."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.rulesets import delete_ruleset, ruleset_of
from drumbeat.application.sequence_settings import (
    append_step,
    change_sequence,
    change_step,
    create_bare_sequence,
    delete_sequence,
)
from drumbeat.application.sequences import activate_sequence, deactivate_sequence, get_sequence
from drumbeat.domain.enrollment import EnrollmentState, new_enrollment
from drumbeat.domain.errors import NotFound, StillInUse, UnknownLink, ValidationFailed
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.ruleset import Ruleset
from drumbeat.domain.sequence import SequenceStatus, Step, step_number
from drumbeat.domain.times import MINUTE
from drumbeat.domain.user import User

NOW = 1_795_251_600_000
HELLO = Step(0, "Hello", "<p>Hi</p>", 0)


@pytest.fixture
def ports(aws):
    return bootstrap.settings_ports()


def _made(ports, **settings):
    return create_bare_sequence(
        ports, tenant=1, name="Spring", wanted=lambda bare: replace(bare, **settings), intent=None, now=NOW
    )


def _stored(number=1):
    return get_sequence(bootstrap.sequences(), tenant=1, number=number)


def _append(ports, step=HELLO, intent=None):
    anywhere = {"check_index": lambda index: None}
    return append_step(ports, tenant=1, number=1, step=step, intent=intent, now=NOW + 1, **anywhere)


def _delete():
    stores = bootstrap.sequences(), bootstrap.enrollments(), bootstrap.lanes()
    delete_sequence(*stores, tenant=1, number=1, now=NOW)


def _enroll(**changes):
    enrollment = new_enrollment(1, EnrollmentKey(1, 7), batch_number=1, batch_tag="t", now=NOW)
    bootstrap.table().put(enrollment_item(replace(enrollment, **changes)))


def test_a_sequence_is_made_without_steps_and_kept_as_asked(ports):
    made = _made(ports, tags=("a", "b"), max_active=5, fields={"shareType": "shared"})

    assert made == _stored()
    assert (made.status, made.steps, made.tags) == (SequenceStatus.PENDING, (), ("a", "b"))


def test_a_sequence_made_twice_under_one_intent_is_one(ports):
    ask = {"tenant": 1, "name": "Spring", "wanted": lambda bare: bare, "intent": "i" * 64, "now": NOW}

    assert create_bare_sequence(ports, **ask) == create_bare_sequence(ports, **ask)


@pytest.mark.parametrize("relation", [{"owner": 9}, {"ruleset": 9}])
def test_an_owner_or_ruleset_that_is_nobody_is_refused(ports, relation):
    with pytest.raises(UnknownLink):
        _made(ports, **relation)
    _made(ports)
    with pytest.raises(UnknownLink):
        change_sequence(ports, tenant=1, number=1, wanted=lambda seen: replace(seen, **relation), now=NOW)


def test_an_owner_and_a_ruleset_that_exist_are_kept(ports):
    bootstrap.users().create(User(1, 3, "ann@acme.example", None, None, NOW, NOW), intent=None, now=NOW)
    bootstrap.rulesets().create(Ruleset(1, 4, "Strict", NOW), intent=None, now=NOW)

    made = _made(ports, owner=3, ruleset=4)

    assert (made.owner, made.ruleset) == (3, 4)


def test_a_change_of_settings_leaves_what_others_change_meanwhile(ports):
    _made(ports)

    def wanted(seen):
        if seen.revision == 0:
            _append(ports)
        return replace(seen, name="Summer")

    change_sequence(ports, tenant=1, number=1, wanted=wanted, now=NOW + 2)

    found = _stored()
    assert (found.name, len(found.steps), found.revision, found.updated_at) == ("Summer", 1, 2, NOW + 2)


def test_steps_come_one_behind_the_other(ports):
    _made(ports)

    _append(ports)
    placed = _append(ports, replace(HELLO, subject="Again", delay_minutes=5))

    assert placed.index == 1
    assert [(step.position, step.subject) for step in placed.sequence.steps] == [(1, "Hello"), (2, "Again")]


def test_a_step_appended_twice_under_one_intent_is_one(ports):
    _made(ports)

    again = [_append(ports, intent="i" * 64).index for _ in range(2)]

    assert again == [0, 0]
    assert len(_stored().steps) == 1


def test_of_two_steps_appended_at_once_none_is_lost(ports, monkeypatch):
    made = _made(ports)
    _append(ports)

    refused = bootstrap.sequences().append_step(made, HELLO, intent=None, now=NOW)

    assert refused is None
    assert len(_stored().steps) == 1


def test_a_step_is_changed_in_its_place(ports):
    _made(ports)
    _append(ports)
    _append(ports)

    change_step(ports, tenant=1, number=step_number(1, 0), change=lambda step: replace(step, subject="Hi"), now=NOW)

    assert [step.subject for step in _stored().steps] == ["Hi", "Hello"]


def test_a_step_that_is_not_there_is_not_changed(ports):
    _made(ports)

    with pytest.raises(NotFound):
        change_step(ports, tenant=1, number=step_number(1, 0), change=lambda step: step, now=NOW)


def test_a_sequence_holds_no_more_steps_than_fit(ports):
    _made(ports, steps=tuple(replace(HELLO, position=place) for place in range(1, 51)))
    with pytest.raises(ValidationFailed):
        _append(ports)

    change_sequence(ports, tenant=1, number=1, wanted=lambda seen: replace(seen, steps=()), now=NOW)
    for _ in range(3):
        _append(ports, replace(HELLO, body_html="x" * 100_000))
    with pytest.raises(ValidationFailed):
        _append(ports)


def test_a_sequence_without_steps_does_not_start(ports):
    _made(ports)

    with pytest.raises(ValidationFailed):
        activate_sequence(bootstrap.sequences(), bootstrap.lanes(), tenant=1, number=1, now=NOW)

    assert _stored().status is SequenceStatus.PENDING


def test_activating_wakes_whoever_may_send_and_deactivating_stops(ports):
    _made(ports, steps=(replace(HELLO, position=1),), senders=(3,), mailboxes=(5,))

    active = activate_sequence(bootstrap.sequences(), bootstrap.lanes(), tenant=1, number=1, now=NOW + MINUTE)
    awake = [name.sender for name in bootstrap.lanes().awake(NOW + MINUTE)]
    stopped = deactivate_sequence(bootstrap.sequences(), tenant=1, number=1, now=NOW + 2 * MINUTE)

    assert (active.status, active.enabled_at) == (SequenceStatus.ACTIVE, NOW + MINUTE)
    assert awake == [3, 5]
    assert (stopped.status, stopped.enabled_at) == (SequenceStatus.PAUSED, NOW + MINUTE)


def test_activating_again_and_deactivating_again_change_nothing(ports):
    _made(ports, steps=(replace(HELLO, position=1),))
    sequences, lanes = bootstrap.sequences(), bootstrap.lanes()

    untouched = deactivate_sequence(sequences, tenant=1, number=1, now=NOW)
    first = activate_sequence(sequences, lanes, tenant=1, number=1, now=NOW + 1)
    second = activate_sequence(sequences, lanes, tenant=1, number=1, now=NOW + 2)

    assert untouched.status is SequenceStatus.PENDING
    assert first == second


def test_a_sequence_that_nobody_is_in_is_deleted_with_its_senders(ports):
    _made(ports)

    _delete()

    with pytest.raises(NotFound):
        _stored()


@pytest.mark.parametrize("state", [EnrollmentState.FINISHED, EnrollmentState.BOUNCED, EnrollmentState.UNSUBSCRIBED])
def test_who_is_through_does_not_keep_a_sequence(ports, state):
    _made(ports)
    _enroll(state=state)

    _delete()

    with pytest.raises(NotFound):
        _stored()


@pytest.mark.parametrize(
    "waiting",
    [
        {"state": EnrollmentState.ACTIVE},
        {"state": EnrollmentState.PARKED},
        {"state": EnrollmentState.UNSUBSCRIBED, "owner": "worker"},
    ],
)
def test_a_sequence_that_somebody_is_in_stays(ports, waiting):
    _made(ports)
    _enroll(**waiting)

    with pytest.raises(StillInUse):
        _delete()

    assert _stored().name == "Spring"


def test_a_ruleset_that_a_sequence_goes_by_stays(ports):
    bootstrap.rulesets().create(Ruleset(1, 4, "Strict", NOW), intent=None, now=NOW)
    made = _made(ports, ruleset=4)
    with pytest.raises(StillInUse):
        delete_ruleset(bootstrap.rulesets(), bootstrap.sequence_records(), tenant=1, number=4)

    change_sequence(ports, tenant=1, number=made.number, wanted=lambda seen: replace(seen, ruleset=None), now=NOW)
    delete_ruleset(bootstrap.rulesets(), bootstrap.sequence_records(), tenant=1, number=4)

    assert bootstrap.rulesets().get(1, 4) is None


def test_a_sequence_whose_ruleset_is_gone_takes_nobody(ports):
    made = _made(ports)

    assert ruleset_of(bootstrap.rulesets(), made) is None
    with pytest.raises(NotFound):
        ruleset_of(bootstrap.rulesets(), replace(made, ruleset=4))
