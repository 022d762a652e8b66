"""What SES reports settles doubts, ends dead and angry addresses' mail, and does so in any order and however often."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.sealing import token_keys
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.token import feedback_token
from functions.workers import take_ses_event
from tests.contract.scene import everything
from tests.faults import Crash, fault
from tests.stage import SEQUENCE, START, TENANT, Stage
from tests.world import Context

KEY = EnrollmentKey(SEQUENCE, 1)
ADDRESS = "p1@corp.example"
OTHER_SEQUENCE = 2


@pytest.fixture
def stage(aws, monkeypatch, server):
    """Contact 1 is enrolled in two sequences, contact 2 in one."""
    stage = Stage(monkeypatch)
    stage.open([server], contacts=2)
    bootstrap.numbers().take(TENANT, Kind.SEQUENCE)
    elsewhere = new_enrollment(TENANT, EnrollmentKey(OTHER_SEQUENCE, 1), batch_number=1, batch_tag="t", now=START)
    bootstrap.table().put(enrollment_item(elsewhere))
    return stage


def put(stage: Stage, **changes: Any) -> Enrollment:
    """Puts contact 1's enrollment into another state."""
    changed = replace(stage.enrollment(), **changes)
    bootstrap.table().put(enrollment_item(changed))
    return changed


def park(stage: Stage, **changes: Any) -> Enrollment:
    doubt = {"parked_at": START - MINUTE, "parked_reason": "no answer", "sender": 1}
    return put(stage, state=EnrollmentState.PARKED, **(doubt | changes))


def token(
    step: int = 0, epoch: int = 0, tenant: int = TENANT, key: EnrollmentKey = KEY, contact: int | None = None
) -> str:
    return feedback_token(bootstrap.token_keys(), tenant, key, step, epoch, contact or key.contact, 1)


def ses(kind: str, token: str, *, to: str = ADDRESS, **parts: Any) -> dict[str, Any]:
    mail = {"messageId": "0102-000000", "destination": [to], "tags": {"drumbeat": [token]}}
    return {"source": "aws.ses", "region": "us-east-1", "detail": {"eventType": kind, "mail": mail} | parts}


def bounce(token: str, kind: str = "Permanent", *, to: str = ADDRESS) -> dict[str, Any]:
    hit = [{"emailAddress": to, "diagnosticCode": "smtp; 550 5.1.1 no"}]
    return ses("Bounce", token, to=to, bounce={"bounceType": kind, "bouncedRecipients": hit})


def take(*events: Any) -> Sequence[Any]:
    """Handles the events as one batch; returns those that have to come again."""
    records = [{"messageId": str(place), "body": json.dumps(event)} for place, event in enumerate(events)]
    answer = take_ses_event.handler({"Records": records}, Context(remaining=60_000))
    return [events[int(failure["itemIdentifier"])] for failure in answer["batchItemFailures"]]


def is_suppressed(email: str = ADDRESS) -> bool:
    return bootstrap.table().get(keys.suppression(TENANT, address_digest(email))) is not None


def elsewhere() -> Enrollment:
    found = bootstrap.enrollments().get(TENANT, EnrollmentKey(OTHER_SEQUENCE, 1))
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ["Send", "Delivery"])
def test_a_parked_mail_that_ses_has_is_sent_and_its_follow_up_leaves(stage, server, kind):
    park(stage)

    assert take(ses(kind, token())) == []

    told = stage.enrollment()
    assert (told.state, told.step, told.sent_at) == (EnrollmentState.ACTIVE, 1, START - MINUTE)
    assert told.thread == "<0102-000000@email.amazonses.com>"
    assert list(bootstrap.parked().all(TENANT)) == []
    stage.run(minutes=20)
    assert stage.enrollment().state is EnrollmentState.FINISHED
    assert sum(b"Again" in mail for mail in server.taken) == 2


def test_a_parked_mail_that_bounced_is_bounced_and_its_address_suppressed(stage):
    park(stage)

    take(bounce(token()))

    told = stage.enrollment()
    assert (told.state, told.bounced_at) == (EnrollmentState.BOUNCED, START)
    assert told.bounce_reason == "Permanent: smtp; 550 5.1.1 no"
    assert is_suppressed()
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == START
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED


def test_a_sent_mail_that_bounces_is_followed_by_nothing(stage, server):
    stage.run(minutes=3)
    sent = len(server.taken)

    take(bounce(token()))
    stage.run(minutes=30)

    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert len(server.taken) == sent + 1  # contact 2's
    assert stage.enrollment(2).state is EnrollmentState.FINISHED


def test_a_reject_ends_the_enrollment_and_says_nothing_about_the_address(stage):
    park(stage)

    take(ses("Reject", token(), reject={"reason": "Bad content"}))

    told = stage.enrollment()
    assert (told.state, told.bounce_reason) == (EnrollmentState.BOUNCED, "refused by SES: Bad content")
    assert not is_suppressed()
    assert elsewhere().state is EnrollmentState.ACTIVE


def test_a_complaint_unsubscribes_from_everything(stage):
    stage.run(minutes=3)

    take(ses("Complaint", token(), complaint={"complaintFeedbackType": "abuse"}))

    assert (stage.enrollment().state, elsewhere().state) == (EnrollmentState.UNSUBSCRIBED,) * 2
    assert stage.enrollment().unsubscribed_at == stage.now
    assert is_suppressed()


def test_a_mail_that_is_late_changes_nothing(stage):
    park(stage)
    before = everything()

    assert take(ses("DeliveryDelay", token(), deliveryDelay={})) == []
    assert everything() == before


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_bounce_that_may_pass_is_noted_and_ends_nothing(stage, kind):
    park(stage)

    assert take(bounce(token(), kind)) == []

    told = stage.enrollment()
    assert (told.state, told.step, told.bounced_at) == (EnrollmentState.ACTIVE, 1, None)
    assert set(told.marks) == {"t0.1"}
    assert not is_suppressed()
    assert elsewhere().state is EnrollmentState.ACTIVE


def soft(times: range, *, days: int = 1, kind: str = "Transient") -> list[dict[str, Any]]:
    """Reports of mails that came back, one from each of these runs through the sequence."""
    return [bounce(token(key=replace(KEY, run=run)), kind) for run in times]


def test_a_fifth_mail_within_30_days_that_comes_back_suppresses_the_address(stage):
    take(*soft(range(4)), *soft(range(4)))
    assert not is_suppressed()

    take(*soft(range(4, 5)))

    assert is_suppressed()
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == START
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED


def test_mails_that_came_back_more_than_30_days_apart_do_not_add_up(stage):
    take(*soft(range(4)))
    stage.now += 30 * DAY

    take(*soft(range(4, 8)))

    assert not is_suppressed()


def test_one_mail_that_comes_back_forty_six_times_is_one(stage):
    take(*soft(range(1)) * 46)

    assert not is_suppressed()


def test_bounces_of_which_nobody_knows_what_they_say_suppress_nobody(stage):
    take(*soft(range(9), kind="Undetermined"))

    assert not is_suppressed()


def test_mails_to_an_address_that_the_contact_has_no_more_do_not_count_for_its_new_one(stage):
    contact = bootstrap.contacts().get(TENANT, 1)
    bootstrap.contacts().update(contact, replace(contact, email="new@corp.example"))

    take(*soft(range(9)))

    assert not is_suppressed("new@corp.example")


def test_the_bounce_of_an_address_that_the_contact_has_no_more_suppresses_neither(stage):
    contact = bootstrap.contacts().get(TENANT, 1)
    bootstrap.contacts().update(contact, replace(contact, email="new@corp.example"))

    take(bounce(token()))

    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert not is_suppressed()
    assert not is_suppressed("new@corp.example")
    assert elsewhere().state is EnrollmentState.ACTIVE


RELINKED = {"relinked_to": 2, "step": 1, "sender": 1, "sent_at": START, "last_sent_at": START, "due": START + HOUR}
"""Contact 1's enrollment, which mails contact 2."""


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_a_report_about_a_mail_to_somebody_relinked_is_about_that_one(stage, kind):
    put(stage, **RELINKED)
    theirs = token(contact=2)

    take(bounce(theirs, to="p2@corp.example") if kind == "Bounce" else ses(kind, theirs, complaint={}))

    ended = EnrollmentState.BOUNCED if kind == "Bounce" else EnrollmentState.UNSUBSCRIBED
    assert (stage.enrollment().state, stage.enrollment(2).state) == (ended, EnrollmentState.UNSUBSCRIBED)
    assert is_suppressed("p2@corp.example")
    assert not is_suppressed()
    assert elsewhere().state is EnrollmentState.ACTIVE


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_a_late_report_about_whom_an_enrollment_mailed_before_does_not_end_it(stage, kind):
    put(stage, **RELINKED)

    take(bounce(token()) if kind == "Bounce" else ses(kind, token(), complaint={}))

    assert (stage.enrollment().state, stage.enrollment(2).state) == (EnrollmentState.ACTIVE,) * 2
    assert is_suppressed()
    assert not is_suppressed("p2@corp.example")
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED


def forged() -> str:
    return feedback_token(token_keys("x" * 64), TENANT, KEY, 0, 0, KEY.contact, 1)


@pytest.mark.parametrize(
    "event",
    [
        lambda: bounce(forged()),
        lambda: bounce("sample"),
        lambda: bounce(""),
        lambda: bounce(token(tenant=99)),
        lambda: bounce(token(key=EnrollmentKey(SEQUENCE, 77))),
        lambda: ses("Send", token(epoch=5)),
        lambda: ses("Send", token(step=1)),
        lambda: ses("Complaint", forged()),
        lambda: ses("Open", token()),
        lambda: {"detail": "nothing"},
        lambda: {},
    ],
)
def test_what_is_forged_foreign_or_malformed_changes_nothing_and_breaks_nothing(stage, event):
    park(stage)
    before = everything()

    assert take(event()) == []
    assert everything() == before


def test_a_bounce_whose_address_is_another_contact_s_does_not_touch_that_one(stage):
    """Only the token says whose mail it was: whoever can word an event must not be able to name addresses."""
    take(bounce(token(), to="p2@corp.example"))

    assert not is_suppressed("p2@corp.example")
    assert stage.enrollment(2).state is EnrollmentState.ACTIVE


@pytest.mark.parametrize("kind", ["Send", "Delivery", "Bounce", "Complaint", "Reject"])
def test_a_report_that_overtakes_the_worker_comes_again_and_finds_the_mail_settled(stage, kind):
    """The worker may have died: its claim is found lapsed and parked, and then the report decides."""
    under_way = put(stage, owner="me", lease=START + 5 * MINUTE, sender=1)
    report = ses(kind, token(), bounce={"bounceType": "Permanent"})
    before = everything()

    assert take(report, ses("Send", token(key=EnrollmentKey(SEQUENCE, 2)))) == [report]
    assert [item for item in everything() if item not in before] != []  # the other one got through
    assert stage.enrollment() == under_way

    park(stage, owner=None, lease=None)
    assert take(report) == []
    assert stage.enrollment().step == 1
    assert stage.enrollment().state is not EnrollmentState.PARKED


STARTS = {
    "parked": {"state": EnrollmentState.PARKED, "parked_at": START - MINUTE, "parked_reason": "no answer", "sender": 1},
    "waiting": {"step": 1, "sender": 1, "sent_at": START - HOUR, "last_sent_at": START - HOUR, "due": START + HOUR},
    "finished": {"state": EnrollmentState.FINISHED, "step": 2, "sender": 1, "sent_at": START - HOUR},
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_every_order_with_repeats_ends_in_the_same_table(stage, start):
    reports = [
        ses("Send", token()),
        ses("Delivery", token()),
        bounce(token()),
        ses("Complaint", token(), complaint={}),
    ]
    empty = everything()
    ends = set()
    for place, order in enumerate(permutations(reports)):
        _restore(empty)
        put(stage, **start)
        repeats = [order[place % 4], order[-1], order[0]]
        assert take(*order, *repeats) == []
        ends.add(json.dumps(_without_looks(everything()), sort_keys=True))

    assert len(ends) == 1
    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert stage.enrollment().unsubscribed_at == START
    assert is_suppressed()


def _restore(kept: list[dict[str, Any]]) -> None:
    """Makes the table what it was."""
    client = bootstrap.table().client
    for item in everything():
        client.delete_item(TableName="Table", Key={name: item[name] for name in ("PK", "SK")})
    for item in kept:
        client.put_item(TableName="Table", Item=item)


def _without_looks(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A lane that was woken once more only looks once more."""
    return [item for item in items if "LANE" not in item["PK"]["S"]]


CALLS = {"Send": 4, "Bounce": 11, "Complaint": 10}
EACH_CALL = [(kind, call) for kind, most in CALLS.items() for call in range(1, most + 1)]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("kind", "call"), [(kind, call) for kind, most in CALLS.items() for call in range(1, most + 1)]
)
def test_a_report_that_dies_is_finished_when_it_comes_again(stage, kind, call, after):
    park(stage)
    report = bounce(token()) if kind == "Bounce" else ses(kind, token(), complaint={})
    with fault(call, after=after), pytest.raises(Crash):
        take(report)

    assert take(report) == []
    ended = {"Send": EnrollmentState.ACTIVE, "Bounce": EnrollmentState.BOUNCED}
    assert stage.enrollment().state is ended.get(kind, EnrollmentState.UNSUBSCRIBED)
    assert stage.enrollment().step == 1
    assert is_suppressed() == (kind != "Send")
    assert elsewhere().state is (EnrollmentState.ACTIVE if kind == "Send" else EnrollmentState.UNSUBSCRIBED)


@pytest.mark.parametrize("kind", CALLS)
def test_these_are_all_calls_of_a_report(stage, kind):
    park(stage)
    bootstrap.token_keys()
    with fault(0, after=False) as counted:
        take(bounce(token()) if kind == "Bounce" else ses(kind, token(), complaint={}))

    assert len(counted.calls) == CALLS[kind], counted.calls


def test_the_two_reports_of_nearly_every_mail_cost_one_read_each(stage):
    put(stage, step=1, sender=1, sent_at=START, last_sent_at=START)
    bootstrap.token_keys()
    with fault(0, after=False) as counted:
        take(ses("Send", token()), ses("Delivery", token()))

    assert counted.calls == ["GetItem", "GetItem"]


def relink(stage: Stage) -> None:
    """Contact 7 is mailed in place of contact 1 from now on."""
    other = replace(bootstrap.contacts().get(TENANT, 1), number=7, email="new@corp.example")
    bootstrap.contacts().add([other])
    put(stage, step=1, relinked_to=7)


@pytest.mark.parametrize("report", [bounce, lambda *_: complaint_of_old()], ids=["bounce", "complaint"])
def test_what_is_reported_about_whom_was_mailed_before_a_relink_does_not_end_it(stage, report):
    relink(stage)

    assert take(report(token())) == []

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED
    assert (is_suppressed(), is_suppressed("new@corp.example")) == (True, False)


def test_what_is_reported_about_whom_is_mailed_since_a_relink_ends_all_mail_to_that_one(stage):
    relink(stage)

    assert take(bounce(token(contact=7), to="new@corp.example")) == []

    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert elsewhere().state is EnrollmentState.ACTIVE
    assert (is_suppressed(), is_suppressed("new@corp.example")) == (False, True)


def complaint_of_old() -> dict[str, Any]:
    return ses("Complaint", token(), complaint={"complainedRecipients": [{"emailAddress": ADDRESS}]})
