"""Contract 4.6, end to end: calls that were made are what credits are spent on."""

from drumbeat.domain.times import DAY, HOUR
from tests.contract.julian.answers import Usage, accepted, read, refused
from tests.contract.julian.floor import BUSY, DECLINED, REACHED, Floor
from tests.contract.julian.vendor import Office, contact


def usage(desk: Office, query: str = "") -> Usage:
    return read(desk.usage(query), Usage)


def spent(desk: Office) -> dict[str, tuple[int, int]]:
    """Credits and calls by agent, in the month that is running and, which is the same, day by day."""
    told, days = usage(desk), usage(desk, "?startDate=2026-11-01&endDate=2026-11-21")
    assert told.agents == days.agents
    assert sum(agent.spent_credits for agent in days.agents) == days.organization.spent_credits
    assert told.organization.spent_credits == days.organization.spent_credits
    return {agent.agent_name: (agent.spent_credits, agent.transaction_count) for agent in told.agents}


def test_a_call_that_was_made_is_paid_whatever_it_came_to_and_one_that_was_not_is_not(floor: Floor):
    desk = floor.opens(creditsPerCall=3)
    desk.allocate(100)
    rows = [contact(name=name, account_id=name) for name in ("Ann", "Ben", "Cho")]
    accepted(desk.schedule(rows))
    assert (usage(desk).organization.held_credits, spent(desk)) == (9, {})
    floor.work()
    desk.cancel("account_id", "Cho")

    floor.ended("Ann", REACHED)
    floor.ended("Ben", DECLINED)

    assert spent(desk) == {"Renewals": (6, 2)}
    told = usage(desk).organization
    assert (told.allocated_credits, told.spent_credits, told.remaining_credits) == (100, 6, 94)
    assert (told.percentage_used, told.held_credits) == (6, 0)


def test_every_call_is_paid_also_one_that_is_made_again(floor: Floor):
    desk = floor.opens(creditsPerCall=2, retries={"Busy": {"times": 1, "delaySeconds": 600}})
    accepted(desk.schedule([contact()]))
    floor.work()

    floor.ended("John Doe", BUSY)
    floor.work(15)
    floor.ended("John Doe", REACHED)

    assert spent(desk) == {"Renewals": (4, 2)}
    assert usage(desk).organization.held_credits == 0


def test_a_result_that_is_told_twice_is_paid_once(floor: Floor):
    desk = floor.opens()
    accepted(desk.schedule([contact()]))
    floor.work()
    call = floor.call_of("John Doe")

    for _ in range(3):
        floor.tell(call, DECLINED)

    assert spent(desk) == {"Renewals": (1, 1)}


def test_agents_are_told_apart(floor: Floor):
    desk = floor.opens()
    second = desk.hire(name="Second", creditsPerCall=5, dialler={"url": floor.dialler.url("/calls")})
    accepted(desk.schedule([contact(name="Ann")]))
    accepted(second.schedule([contact(name="Ben")]))
    floor.work()
    for name in ("Ann", "Ben"):
        floor.ended(name, DECLINED)

    assert spent(desk) == {"Renewals": (1, 1), "Second": (5, 1)}
    assert {agent.agent_id for agent in usage(desk).agents} == {desk.agent, second.agent}


def test_what_is_set_aside_can_not_be_promised_again(floor: Floor):
    desk = floor.opens()
    desk.allocate(2)
    accepted(desk.schedule([contact(), contact()]))

    assert refused(desk.schedule([contact()]), 402, "INSUFFICIENT_CREDITS")["available"] == 0


def test_a_chain_that_is_over_gives_back_what_its_others_had_set_aside(floor: Floor):
    desk = floor.opens()
    desk.allocate(3)
    rows = [contact(name=name, account_id="acme") for name in ("Ann", "Ben", "Cho")]
    accepted(desk.schedule(rows, groupByField="account_id"))
    floor.work()

    floor.ended("Ann", REACHED)

    assert (usage(desk).organization.held_credits, spent(desk)) == (0, {"Renewals": (1, 1)})
    assert accepted(desk.schedule([contact(), contact()])).accepted == 2


def test_a_call_is_spent_on_the_day_of_its_result(floor: Floor):
    desk = floor.opens()
    accepted(desk.schedule([contact()]))
    floor.work()
    floor.stage.now += 16 * HOUR
    floor.ended("John Doe", DECLINED)

    by_day = [usage(desk, f"?startDate={day}&endDate={day}") for day in ("2026-11-21", "2026-11-22")]

    assert [told.organization.spent_credits for told in by_day] == [0, 1]


def test_a_new_month_begins_with_all_that_is_allocated(floor: Floor):
    desk = floor.opens()
    desk.allocate(1)
    accepted(desk.schedule([contact()]))
    floor.work()
    floor.ended("John Doe", DECLINED)
    refused(desk.schedule([contact()]), 402, "INSUFFICIENT_CREDITS")

    floor.stage.now += 10 * DAY

    assert accepted(desk.schedule([contact()])).accepted == 1
    assert usage(desk).organization.spent_credits == 0
    assert usage(desk, "?month=2026-11").organization.spent_credits == 1
