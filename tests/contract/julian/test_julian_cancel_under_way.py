"""Contract 4.8: what cancelling does to calls that are on their way, or over."""

from tests.contract.julian.answers import Usage, accepted, read
from tests.contract.julian.floor import DECLINED, Floor
from tests.contract.julian.vendor import Office, contact


def canceled(desk: Office) -> None:
    answer = desk.cancel("account_id", "acme", reason="They moved.")
    assert (answer.status, answer.body) == (200, {"success": True}), answer


def test_what_is_set_aside_is_given_back(floor: Floor):
    desk = floor.opens(creditsPerCall=4)
    desk.schedule([contact(account_id="acme") for _ in range(3)])
    floor.work(0)
    assert read(desk.usage(), Usage).organization.held_credits == 12

    canceled(desk)
    floor.settle()

    organization = read(desk.usage(), Usage).organization
    assert (organization.held_credits, organization.spent_credits) == (0, 0)


def test_nobody_is_called_once_it_is_cancelled(floor: Floor):
    desk = floor.opens()
    desk.schedule([contact(name="Ann", account_id="acme"), contact(name="Ben")])
    floor.work(0)

    canceled(desk)
    floor.work(10)

    assert floor.called() == ["Ben"]


def test_a_call_that_was_asked_for_is_not_open_any_more_and_its_result_is_taken(floor: Floor):
    desk = floor.opens()
    batch = accepted(desk.schedule([contact(name="Ann", account_id="acme"), contact(name="Ben")])).batch_id
    floor.work()
    assert [floor.is_open(call) for call in floor.calls()] == [True, True]

    canceled(desk)

    assert [floor.is_open(floor.call_of(name)) for name in ("Ann", "Ben")] == [False, True]
    floor.ended("Ann", DECLINED)
    assert floor.lifecycles(batch) == ["cancelled", "in progress"]
    assert read(desk.usage(), Usage).organization.spent_credits == 1


def test_what_is_done_stays_done(floor: Floor):
    desk = floor.opens()
    batch = accepted(desk.schedule([contact(name=name, account_id="acme") for name in ("Ann", "Ben")])).batch_id
    floor.work()
    floor.ended("Ann", DECLINED)
    floor.fail(floor.call_of("Ben"), {"reason": "No such number.", "retry": False})

    canceled(desk)
    floor.settle()

    assert floor.lifecycles(batch) == ["done", "failed"]
