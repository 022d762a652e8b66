"""The daily cap of a sequence whose enrollments are bound to shared senders: lanes of several crews draw from it."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.enrollment import Awaits, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.sequence import Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR, SECOND, utc_day
from tests.scripted_web import ScriptedWebServer
from tests.stage import START, TENANT, person

ANN, BEN, APP = 5, 6, 9
MAIL = Step(1, "Hello", "<p>Hi</p>", 0)
INVITE = Step(1, "", "", 0, kind=StepKind.LINKEDIN_CONNECT)


@pytest.fixture
def play(stage, server):
    """Enrolls six people in each of some capped sequences, bound to two senders by turns."""

    def begin(*caps: int | None, steps=(MAIL,), senders=(ANN, BEN), people=6):
        table, seal = bootstrap.table(), bootstrap.vault().seal
        for number in senders:
            password = seal("hunter2", tenant=TENANT, sender=number)
            login = "127.0.0.1", server.port, "bob", password, "Bob", f"bob{number}@acme.example"
            table.put(sender_item(Sender(TENANT, number, None, None, *login, 1_000, 0)))
        for sequence, cap in enumerate(caps, 1):
            cadence = Sequence(
                TENANT, sequence, "n", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, steps, (), 0, daily_cap=cap
            )
            table.put(sequence_item(replace(cadence, mailboxes=senders, connector=APP)))
            bootstrap.contacts().add([person(contact) for contact in range(1, people + 1)])
            for contact in range(1, people + 1):
                key, bound_to = EnrollmentKey(sequence, contact), senders[contact % len(senders)]
                made = new_enrollment(
                    TENANT, key, batch_number=1, batch_tag="t", now=START - HOUR + contact, bound_to=bound_to
                )
                table.put(enrollment_item(replace(made, lead=Lead(linkedin_url="https://www.linkedin.com/in/jane/"))))
            bootstrap.lanes().wake(TENANT, senders, stage.now, serves=sequence)

    return begin


def change(number: int, **fields: object) -> None:
    found = bootstrap.sequences().get(TENANT, number)
    assert found is not None
    revision = 1 if found.schedule is None else found.schedule.revision + 1
    bootstrap.table().put(sequence_item(replace(found, schedule=Schedule(revision=revision), **fields)))
    bootstrap.lanes().wake(TENANT, [ANN, BEN], 0)


def done(sequence: int) -> int:
    found = (bootstrap.enrollments().get(TENANT, EnrollmentKey(sequence, contact)) for contact in range(1, 7))
    return sum(entry.step for entry in found)


def drawn(sequence: int, at: int) -> int:
    item = bootstrap.table().get(keys.allowance(TENANT, sequence, utc_day(at)))
    return 0 if item is None else item["drawn"]


def test_both_lanes_draw_from_one_allowance_a_day(stage, server, play):
    play(4)

    stage.run(minutes=20)
    assert (len(server.taken), drawn(1, stage.now)) == (4, 4)

    stage.now = (START // DAY + 1) * DAY
    stage.run(minutes=20)
    assert (len(server.taken), drawn(1, stage.now)) == (6, 2)


def test_two_capped_sequences_on_two_shared_lanes_each_keep_theirs_and_hold_up_nobody_else(stage, play):
    play(1, 3, None)

    stage.run(minutes=20)

    assert [done(sequence) for sequence in (1, 2, 3)] == [1, 3, 6]


def test_a_cap_may_change_during_the_day(stage, play):
    play(4)
    stage.run(minutes=10)
    assert done(1) == 4

    for cap, expected in ((2, 4), (5, 5), (3, 5), (None, 6)):
        change(1, daily_cap=cap)
        stage.run(minutes=10)
        assert done(1) == expected


def test_a_cap_that_is_set_counts_what_has_left_on_that_day(stage, play):
    play(None)
    change(1, steps=(MAIL, replace(MAIL, position=2, delay_minutes=30)))
    stage.run(minutes=5)
    assert done(1) == 6

    change(1, daily_cap=8)
    stage.run(minutes=60)

    assert (done(1), drawn(1, stage.now)) == (8, 8)


def test_a_place_that_was_given_back_goes_to_whichever_lane_has_somebody_waiting(stage, server, play):
    play(3)
    stage.tick()
    lost = [message for message in stage.queue if f'"sender": {ANN}' in message.body]
    assert lost
    stage.queue = [message for message in stage.queue if message not in lost]
    for contact in (2, 4, 6):  # everybody of Ann's is taken out meanwhile
        waits = bootstrap.enrollments().get(TENANT, EnrollmentKey(1, contact))
        assert waits is not None
        bootstrap.table().put(enrollment_item(replace(waits, state=EnrollmentState.FINISHED)))

    stage.run(minutes=20)

    assert len(server.taken) == 3


def test_what_two_lanes_of_a_look_draw_costs_a_transaction_each(stage, play):
    play(100, 100)

    stage.tick()

    of_table = {name: count for name, count in aws.ledger.requests.items() if name.startswith("dynamodb")}
    assert of_table == {"dynamodb.Query": 13, "dynamodb.BatchGetItem": 5, "dynamodb.TransactWriteItems": 2}


def test_invitations_count_for_the_cap_on_the_lane_of_the_tenant_s_app(stage, play):
    with ScriptedWebServer([b"HTTP/1.1 204 Fine\r\n\r\n"]) as app:
        play(2, steps=(INVITE,), senders=(APP,))
        secret = bootstrap.vault().seal("whsec_1", tenant=TENANT, sender=APP)
        connector = Sender(TENANT, APP, None, None, app.url(), 0, "", secret, "", "", 0, 0, kind=SenderKind.CONNECTOR)
        bootstrap.table().put(sender_item(connector))

        stage.run(minutes=20)

        assert (len(app.asked), drawn(1, stage.now)) == (2, 2)
        waits = bootstrap.enrollments().get(TENANT, EnrollmentKey(1, 1))
        assert waits is not None
        assert waits.awaits is Awaits.STEP
        stage.now = (START // DAY + 1) * DAY - SECOND
        stage.run(minutes=20)
        assert len(app.asked) == 4
