"""A crash or a lost answer at every AWS call of scheduling: every accepted row once, its hold once, groups in order."""

import json
from collections import Counter, defaultdict

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.application.batch_sweep import sweep_batches
from drumbeat.domain.batch import BatchState
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from functions.workers import run_batch_chunk
from tests.batch_queue import record, waiting, works_until_it_dies
from tests.contract.scene import everything
from tests.faults import MODES, Crash, fault
from tests.functional.julian.calling import Desk, row, worked
from tests.world import Context

pytestmark = pytest.mark.usefixtures("aws")
ROWS = 120
GROUPS = 7
ADDRESSES = 40


def contacts(turn, many=ROWS):
    """Rows with variables, in groups; half of them have addresses, some of which are somebody's already."""
    return [
        row(n, account=f"{turn}-{n % GROUPS}", owner="ann")
        | ({"toEmailAddress": f"p{n % ADDRESSES}@x.example"} if n % 2 else {})
        for n in range(many)
    ]


def swept():
    """The sweeper comes by, and everything on the queue is done."""
    sweep_batches(bootstrap.batches(), bootstrap.batch_queue(), out_of_time=lambda: False, now=clock.now() + HOUR)
    worked()


def check_all_made(desk, since, *, rows=ROWS, say):
    """Every row that was accepted since is one enrollment, and of every group the first one alone is called."""
    made = [one for one in desk.made() if one.key not in since]
    assert Counter(one.lead.name for one in made) == Counter(f"Jane {n}" for n in range(rows)), say
    assert len({one.batch_tag for one in made}) == rows, say
    groups = defaultdict(list)
    for one in sorted(made, key=lambda one: int(one.lead.name.split()[1])):
        groups[one.group].append(one.state)
    first = [EnrollmentState.ACTIVE] + [EnrollmentState.WAITING] * rows
    assert all(states == first[: len(states)] for states in groups.values()), say
    assert desk.held() == len(desk.made()), say


@MODES
def test_every_row_is_made_once_wherever_the_worker_dies(after):
    desk = Desk(price=1)
    desk.schedule(contacts("calm"), groupByField="account")
    calls = works_until_it_dies(0, after=after)
    assert calls >= 30
    for k in range(1, calls + 1):
        desk = Desk()
        batch = desk.schedule(contacts(f"t{k}"), groupByField="account").body["batchId"]

        works_until_it_dies(k, after=after)
        worked()

        check_all_made(desk, set(), say=k)
        told = desk.progress(batch)
        assert (told["status"], told["scheduled"], told["rejected"]) == ("finished", ROWS, []), k


@MODES
@pytest.mark.parametrize("keyed", [True, False], ids=["with_a_key", "without_a_key"])
def test_what_was_taken_is_taken_once_wherever_the_first_attempt_dies(after, keyed):
    """The second attempt has another payload: it counts only if nothing came of the first one."""
    calm = Desk()
    with fault(0, after=after) as counted:
        assert calm.schedule([*contacts("calm", 3), {}], key="k" if keyed else None).status == 202
    assert 8 <= len(counted.calls) <= 12
    for k in range(1, len(counted.calls) + 1):
        desk = Desk()
        desk.caller.context.remaining = -1  # the dead attempt's lock has run out by the time the client tries again
        with fault(k, after=after), pytest.raises(Crash):
            desk.schedule([*contacts("first", 3), {}], key="k" if keyed else None)
        swept()
        if not keyed:
            assert len(desk.made()) == desk.held(), k
            assert len(desk.made()) in {0, 3}, k
            continue

        again = desk.schedule(contacts("second", 2), key="k")
        worked()

        body, names = again.body, [one.lead.name for one in desk.made()]
        told = body["total"], body["accepted"], [rejected["index"] for rejected in body["rejected"]]
        assert again.status == 202, (k, again)
        assert (told, len(names)) in [((4, 3, [3]), 3), ((2, 2, []), 2)], k
        assert desk.held() == len(names) == len(set(names)), k
        assert desk.schedule([{}], key="k").body == body, k
        assert desk.progress(body["batchId"])["scheduled"] == len(names), k


def test_a_message_that_was_lost_with_the_first_attempt_is_found_by_the_sweeper():
    desk = Desk()
    with fault(0, after=False) as counted:
        desk.schedule(contacts("calm", 3))
    waiting()
    place = counted.calls.index("SendMessageBatch") + 1
    desk = Desk()
    with fault(place, after=False), pytest.raises(Crash):
        desk.schedule(contacts("lost", 3))
    assert waiting() == []

    swept()

    assert len(desk.made()) == 3


@MODES
def test_a_single_call_is_scheduled_once_wherever_the_first_attempt_dies(after):
    calm = Desk()
    contact = row(0, account="a", toEmailAddress="jane@x.example", groupByField="account")
    with fault(0, after=after) as counted:
        assert calm.schedule_one(contact, key="k").status == 200
    for k in range(1, len(counted.calls) + 1):
        desk = Desk()
        desk.caller.context.remaining = -1
        with fault(k, after=after), pytest.raises(Crash):
            desk.schedule_one(contact, key="k")

        is_made = bool(desk.made())
        again = desk.schedule_one({"name": "Nobody"}, key="k") if is_made else desk.schedule_one(contact, key="k")

        assert again.status == 200, (k, again)
        (made,) = desk.made()
        assert (made.state, made.hold, desk.held()) == (EnrollmentState.ACTIVE, 1, 1), k
        told = again.body["sequence"]
        assert (told["name"], told["toEmailAddress"]) == ("Jane 0", "jane@x.example"), k


# --- Two at once ---------------------------------------------------------------------------------------------------


def meanwhile(operation, place, act):
    """Does something else right before the place-th call of this operation; what that does is not counted."""
    seen = []

    def hook(model, **_):
        if model.name == operation:
            seen.append(model.name)
            if len(seen) == place:
                client.meta.events.unregister("before-call.dynamodb.*", hook)
                act()

    client = aws.client("dynamodb")
    client.meta.events.register("before-call.dynamodb.*", hook)


def test_the_second_of_two_at_once_is_told_that_the_first_is_running():
    desk, told = Desk(), []
    meanwhile("TransactWriteItems", 1, lambda: told.append(desk.schedule(contacts("second", 2), key="k")))

    first = desk.schedule(contacts("first", 3), key="k")

    assert [(answer.status, answer.body["error"]) for answer in told] == [(409, "IDEMPOTENCY_KEY_IN_USE")]
    assert "Retry-After" in told[0].headers
    assert desk.schedule(contacts("third", 1), key="k").body == first.body
    worked()
    assert len(desk.made()) == desk.held() == 3


def test_while_the_lock_of_a_dead_attempt_holds_its_key_is_in_use():
    desk = Desk()
    with fault(6, after=True), pytest.raises(Crash):
        desk.schedule(contacts("first", 3), key="k")

    assert desk.schedule(contacts("second", 3), key="k").status == 409


@pytest.mark.parametrize("place", range(1, 9))
def test_two_workers_with_one_chunk_make_every_row_once(place):
    desk = Desk()
    desk.schedule(contacts("both"), groupByField="account")
    (message,) = waiting()
    meanwhile("TransactWriteItems", place, lambda: desk.hand(message))

    run_batch_chunk.handler({"Records": [record(json.dumps(message))]}, Context(remaining=119_000))
    worked()

    check_all_made(desk, set(), say=place)


@pytest.mark.parametrize(("mine", "theirs"), [(1, 5), (3, 3), (5, 1), (2, 3), (4, 1)])
def test_of_two_calls_at_once_the_credits_cover_both_or_one(mine, theirs):
    desk, told = Desk(), []
    bootstrap.credit_ledger().allocate(desk.tenant, 5)
    meanwhile("TransactWriteItems", 1, lambda: told.append(desk.schedule(contacts("theirs", theirs))))

    first = desk.schedule(contacts("mine", mine))

    assert (first.status, told[0].status) == ((202 if mine + theirs <= 5 else 402), 202)
    worked()
    assert len(desk.made()) == desk.held() <= 5


def test_a_person_who_is_deleted_before_the_chunk_is_settled_is_not_made_again():
    desk = Desk()
    desk.schedule(contacts("gone", 3))
    with fault(0, after=False) as counted:
        (message,) = waiting()
        desk.hand(message)
    settling = len(counted.calls) - counted.calls[::-1].index("TransactWriteItems")
    worked()
    desk = Desk()
    desk.schedule(contacts("gone", 3))
    works_until_it_dies(settling, after=False)
    gone = desk.made()[0]
    bootstrap.enrollments().remove([gone], programs={})

    worked()

    assert sorted(one.lead.name for one in desk.made()) == ["Jane 1", "Jane 2"]


def test_nothing_is_left_of_a_call_that_died_before_it_was_taken():
    desk = Desk()
    desk.stored()
    with fault(0, after=False) as counted:
        desk.schedule(contacts("calm", 3))
    place = counted.calls.index("TransactWriteItems") + 1
    waiting()
    before = [item for item in everything() if "#COUNTER" not in item.get("PK", {}).get("S", "")]
    with fault(place, after=False), pytest.raises(Crash):
        desk.schedule(contacts("dead", 3))

    assert [item for item in everything() if "#COUNTER" not in item.get("PK", {}).get("S", "")] == before
    assert bootstrap.batches().get(desk.tenant, 2) is None
    assert bootstrap.batches().get(desk.tenant, 1).state is BatchState.RUNNING
