"""GET /drumbeat/v1/analytics"""

import pytest

from drumbeat.adapters import aws
from drumbeat.domain.event import EventKind
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import DAY
from drumbeat.entrypoints import clock
from tests.contract.scene import MISSING, everything, tenant_of
from tests.logged_events import event, log
from tests.world import Caller, campaign, new_tenant

NOW = 1_795_251_600_000  # 2026-11-21T09:00Z
NAMES = {
    "sent", "opened", "machineOpened", "clicked", "machineClicked", "replied", "outOfOffice", "returned", "rejected",
    "softBounced", "complained", "unsubscribed", "delivered", "bounced",
}  # fmt: skip
HAPPENED = [
    (EventKind.STEP_FIRED, 2, 0, 1), (EventKind.STEP_FIRED, 1, 0, 2), (EventKind.STEP_FIRED, 0, 1, 1),
    (EventKind.OPENED, 1, 0, 1), (EventKind.OPENED, 0, 1, 1), (EventKind.MACHINE_OPENED, 0, 0, 2),
    (EventKind.RETURNED, 0, 1, 1), (EventKind.BOUNCED, 0, 2, 2), (EventKind.COMPLETED, 0, 1, 1),
    (EventKind.REPLIED, 40, 0, 1),
]  # fmt: skip
"""Which kind, how many days ago, about which step, of which of two senders."""


class Shop:
    """A campaign with two senders, and what became of its mails."""

    def __init__(self) -> None:
        self.caller = new_tenant()
        self.tenant = tenant_of(self.caller)
        made = campaign()
        made["campaign"]["smtp_credentials"] *= 2
        self.campaign = self.caller("create_campaign", made).body["id"]
        log(*(
            event(self.tenant, kind, NOW - days * DAY, step=step, sender=sender, contact=place + 1)
            for place, (kind, days, step, sender) in enumerate(HAPPENED)
        ))  # fmt: skip

    def ask(self, caller: Caller | None = None, **query: str):
        spelled = {name.rstrip("_"): value for name, value in query.items()}
        return (caller or self.caller)("get_analytics", group="drumbeat", query=spelled)

    def rows(self, **query: str) -> list[dict[str, object]]:
        """What was counted, without what was not."""
        answer = self.ask(**query)
        assert answer.status == 200, answer.body
        return [{name: value for name, value in row.items() if value != 0} for row in answer.body["rows"]]

    def sender(self, number: int) -> str:
        return resource_uuid(Kind.SENDER, self.tenant, number)


@pytest.fixture
def shop(stack, monkeypatch) -> Shop:
    """What happened is known; time stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Shop()


def test_a_campaign_s_total_of_the_last_thirty_days(shop):
    answer = shop.ask(campaignId=shop.campaign)

    assert (answer.body["from"], answer.body["to"]) == ("2026-10-23", "2026-11-21")
    (row,) = answer.body["rows"]
    assert row.keys() == NAMES
    assert {name: value for name, value in row.items() if value} == {
        "sent": 3, "opened": 2, "machineOpened": 1, "returned": 1, "rejected": 1, "delivered": 2, "bounced": 2,
    }  # fmt: skip


def test_days_steps_and_senders_are_told_apart_as_asked_for(shop):
    assert shop.rows(campaignId=shop.campaign, by="day") == [
        {"day": "2026-11-19", "sent": 1, "delivered": 1},
        {"day": "2026-11-20", "sent": 1, "opened": 1, "delivered": 1},
        {"day": "2026-11-21", "sent": 1, "opened": 1, "machineOpened": 1, "returned": 1, "rejected": 1, "bounced": 2},
    ]
    assert [(row["step"], row.get("sent")) for row in shop.rows(campaignId=shop.campaign, by="step")] == [
        (1, 2),
        (2, 1),
        (3, None),
    ]
    assert [(row["senderId"], row["sent"]) for row in shop.rows(campaignId=shop.campaign, by="sender")] == [
        (shop.sender(1), 2),
        (shop.sender(2), 1),
    ]
    both = shop.rows(campaignId=shop.campaign, by="sender,step", from_="2026-11-21")
    assert [(row["step"], row["senderId"]) for row in both] == [
        (1, shop.sender(2)),
        (2, shop.sender(1)),
        (3, shop.sender(2)),
    ]


def test_a_sender_s_mails_by_day(shop):
    assert shop.rows(senderId=shop.sender(2)) == [
        {"sent": 1, "machineOpened": 1, "rejected": 1, "delivered": 1, "bounced": 1}
    ]
    assert [row["day"] for row in shop.rows(senderId=shop.sender(2), by="day")] == ["2026-11-20", "2026-11-21"]


def test_any_days_may_be_asked_for(shop):
    assert shop.rows(campaignId=shop.campaign, from_="2026-10-12", to="2026-10-12") == [{"replied": 1}]
    assert shop.rows(campaignId=shop.campaign, from_="2026-01-01", to="2026-01-02") == [{}]
    assert shop.rows(campaignId=shop.campaign, from_="2026-01-01", to="2026-01-02", by="day") == []


@pytest.mark.parametrize(
    "query",
    [
        {}, {"by": "hour"}, {"by": "total,day"}, {"by": ","}, {"from_": "2026-11-22"}, {"from_": "2025-11-01"},
        {"from_": "x"}, {"to": "2026-13-01"}, {"to": "0001-01-01"},
    ],
    ids=str,
)  # fmt: skip
def test_a_question_that_is_none_is_refused(shop, query):
    about = {"campaignId": shop.campaign} if query else {}
    assert shop.ask(**about, **query).body["code"] == "validation_failed"


def test_a_sender_s_steps_and_both_at_once_are_refused(shop):
    assert shop.ask(senderId=shop.sender(1), by="step").body["code"] == "validation_failed"
    assert shop.ask(senderId=shop.sender(1), campaignId=shop.campaign).body["code"] == "validation_failed"


def test_what_is_not_there_or_another_tenant_s_is_not_found(shop):
    for query in ({"campaignId": MISSING}, {"senderId": MISSING}, {"campaignId": "x"}, {"senderId": shop.sender(99)}):
        assert shop.ask(**query).status == 404
    assert shop.ask(new_tenant(), campaignId=shop.campaign).status == 404
    assert shop.ask(new_tenant(), senderId=shop.sender(1)).status == 404


def test_looking_costs_a_read_and_a_query_and_changes_nothing(shop):
    before = everything()
    shop.ask(campaignId=shop.campaign, by="day")

    assert aws.ledger.requests == {"dynamodb.GetItem": 1, "dynamodb.Query": 1}
    assert everything() == before


def test_a_key_without_the_scope_is_refused(shop):
    key = shop.caller("create_api_key", {"scopes": ["contacts:read"]}).body["plaintext"]

    assert shop.ask(Caller(key), campaignId=shop.campaign).body["code"] == "scope_missing"
