"""One click ends all mail of a tenant to a contact, at once, for good, and from everywhere."""

from dataclasses import replace
from email import message_from_bytes

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws as our_aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.times import MINUTE, SECOND
from drumbeat.domain.token import open_token, unsubscribe_token
from functions.tracking import unsubscribe
from tests.faults import Crash, fault
from tests.stage import SEQUENCE, TENANT, Stage
from tests.world import Context, api_event

CALLS = 7
SECOND_SEQUENCE = 2
MULTIPART = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.fixture
def stage(aws, monkeypatch, server):
    stage = Stage(monkeypatch)
    stage.open([server], contacts=2)
    return stage


def click(token: str, body: str | None = "List-Unsubscribe=One-Click"):
    return unsubscribe.handler(api_event("POST", path={"token": token}, raw=body), Context())


def our_token(contact: int = 1) -> str:
    return unsubscribe_token(bootstrap.token_keys(), TENANT, contact)


def in_another_sequence(stage) -> None:
    """The same contacts, in a second sequence with a sender of its own."""
    table, sequences, other = bootstrap.table(), bootstrap.sequences(), SECOND_SEQUENCE
    sealed = bootstrap.vault().seal("hunter2", tenant=TENANT, sender=other)
    sender = replace(sequences.sender(TENANT, 1), number=other, sequence=other, sealed_password=sealed)
    table.put(sequence_item(replace(sequences.get(TENANT, SEQUENCE), number=other, senders=(other,))))
    table.put(sender_item(sender))
    bootstrap.numbers().take(TENANT, Kind.SEQUENCE)
    for contact in (1, 2):
        table.put(enrollment_item(replace(stage.enrollment(contact), key=EnrollmentKey(other, contact))))
    stage.wake([other])


def is_suppressed(email: str) -> bool:
    return bootstrap.table().get(keys.suppression(TENANT, address_digest(email))) is not None


@pytest.mark.parametrize("body", ["List-Unsubscribe=One-Click", MULTIPART, "", "\x00", "{", "x" * 100_000, None])
def test_whatever_the_body_says_the_token_is_enough(stage, server, body):
    answer = click(our_token(), body)

    assert answer["statusCode"] == 200
    assert not {name.lower() for name in answer["headers"]} & {"location", "set-cookie", "www-authenticate"}
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == stage.now
    assert is_suppressed("p1@corp.example")
    enrollment = stage.enrollment()
    assert (enrollment.state, enrollment.unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, stage.now)
    stage.run(minutes=20)
    assert len(server.taken) == 2
    assert stage.enrollment(2).state is EnrollmentState.FINISHED


def test_the_form_may_come_in_base64_with_cookies_and_foreign_origins(stage):
    event = api_event("POST", path={"token": our_token()}, raw="TGlzdC1VbnN1YnNjcmliZT1PbmUtQ2xpY2s=")
    event |= {"isBase64Encoded": True, "headers": {"Cookie": "a=b", "Origin": "https://mail.example", "Accept": "x/y"}}

    assert unsubscribe.handler(event, Context())["statusCode"] == 200
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_nothing_of_any_sequence_leaves_once_it_was_answered(stage, server):
    in_another_sequence(stage)
    stage.run(minutes=1)
    left = len(server.taken)
    stage.now = stage.enrollment().due
    hints = stage.hinted()

    assert click(our_token())["statusCode"] == 200
    stage.work(hints)
    stage.run(minutes=60)

    assert left == 4
    assert [mail["To"] for mail in map(message_from_bytes, server.taken[left:])] == ["p2@corp.example"] * 2
    ended = [bootstrap.enrollments().get(TENANT, EnrollmentKey(number, 1)) for number in (SEQUENCE, SECOND_SEQUENCE)]
    assert {enrollment.state for enrollment in ended} == {EnrollmentState.UNSUBSCRIBED}


def test_what_it_ends_says_which_mail_was_the_last(stage):
    stage.run(minutes=1)
    stage.now += MINUTE
    click(our_token())
    click(our_token())

    seen = stage.enrollment()
    assert seen.marks == {"u0.1": seen.unsubscribed_at}
    assert stage.enrollment(2).marks == {}


def test_who_never_got_a_mail_has_none_that_was_the_last(stage):
    click(our_token())

    assert (stage.enrollment().state, stage.enrollment().marks) == (EnrollmentState.UNSUBSCRIBED, {})


def test_who_had_come_to_the_end_unsubscribes_of_the_last_mail(stage):
    stage.run(minutes=20)
    assert stage.enrollment().state is EnrollmentState.FINISHED
    first = stage.now
    click(our_token())
    stage.now += MINUTE
    click(our_token())

    seen = stage.enrollment()
    assert (seen.state, seen.unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, first)
    assert seen.marks == {"u1.1": first}


@pytest.mark.parametrize("state", [EnrollmentState.REPLIED, EnrollmentState.BOUNCED, EnrollmentState.PARKED])
def test_what_ended_otherwise_stays_so_and_is_told_of_it(stage, state):
    stage.run(minutes=1)
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(), state=state)))
    click(our_token())

    seen = stage.enrollment()
    assert (seen.state, seen.unsubscribed_at, seen.marks) == (state, stage.now, {"u0.1": stage.now})


def test_it_asks_to_come_again_while_the_store_is_down(stage):
    def fail(**_):
        raise TimeoutError

    token = our_token()
    our_aws.client("dynamodb").meta.events.register("before-call.*.*", fail)

    answer = click(token)
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "60")


def test_a_second_click_changes_nothing(stage):
    first = stage.now
    click(our_token())
    stage.now += MINUTE

    assert click(our_token())["statusCode"] == 200
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == first
    assert stage.enrollment().unsubscribed_at == first


def test_a_follow_up_that_is_on_its_way_does_not_leave(stage, server):
    stage.run(minutes=5)
    assert len(server.taken) == 2
    stage.now = stage.enrollment().due
    stage.tick()
    stage.now += 10 * SECOND
    messages = stage.due()

    click(our_token())
    stage.work(messages)

    assert len(server.taken) == 3
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_the_address_stays_suppressed_when_the_contact_comes_back(stage):
    click(our_token())
    bootstrap.contacts().remove([bootstrap.contacts().get(TENANT, 1)])

    bootstrap.contacts().add([Contact(TENANT, 50, 2, "P1@corp.example", None, None, None, stage.now)])

    assert bootstrap.contacts().get(TENANT, 50).unsubscribed_at is not None


def test_a_contact_that_is_gone_gets_the_same_answer(stage):
    bootstrap.contacts().remove([bootstrap.contacts().get(TENANT, 1)])

    assert click(our_token())["statusCode"] == 200
    assert bootstrap.contacts().get(TENANT, 1) is None


@pytest.mark.parametrize("token", ["", "sample-token"])
def test_a_token_that_is_not_ours_is_not_found(stage, token):
    assert click(token)["statusCode"] == 404


def test_an_open_token_does_not_unsubscribe(stage):
    answer = click(open_token(bootstrap.token_keys(), TENANT, stage.enrollment().key, 0, 1))

    assert answer["statusCode"] == 404
    assert stage.enrollment().state is EnrollmentState.ACTIVE


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_click_that_dies_is_finished_by_the_next_one(stage, server, call, after):
    token = our_token()
    with fault(call, after=after), pytest.raises(Crash):
        click(token)

    assert click(token)["statusCode"] == 200
    stage.run(minutes=20)
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED
    assert is_suppressed("p1@corp.example")
    assert len(server.taken) == 2


def test_these_are_all_calls_of_a_click(stage):
    token = our_token()
    with fault(0, after=False) as counted:
        click(token)

    found = ["GetItem", "BatchGetItem", "Query"]
    assert counted.calls == ["GetItem", "TransactWriteItems", *found, "BatchGetItem", "UpdateItem"]
    assert len(counted.calls) == CALLS
