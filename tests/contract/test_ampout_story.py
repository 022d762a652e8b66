"""AmpOut's contract as a client lives it, from the first call to the last mail: by methods, paths and mails only."""

import importlib
import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest

from drumbeat.config import settings
from tests.cadences import Client, routed
from tests.contract.ampout import SIBLING_REASON
from tests.scripted_smtp import ScriptedServer
from tests.stage import Stage
from tests.world import CREDENTIAL, NOON, Context, api_event, new_tenant

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MINUTE, DAY = 60_000, 86_400_000
STEPS = [
    {"position": 1, "subject": "Hi {{first_name}}", "body_html": "<p>{{first_name}} of {{company}}</p>"},
    {"position": 2, "subject": "Again", "body_html": "<p>x</p>", "delay_minutes": 4320},
]


class Account:
    """A client of AmpOut; whatever is no success stops the test."""

    def __init__(self):
        self._client = Client(new_tenant().key, prefix="")

    def __call__(self, method, path, body=None, *, wanted=200, **query):
        headers = {"Authorization": f"Bearer {self._client.key}", "Content-Type": "application/json"}
        answer = self._client(method, path, body, query=query or None, headers=headers)
        assert answer.status == wanted, answer
        return answer.body

    def imported(self, count, start=0):
        rows = [{"email": f"p{place}@corp.example", "first_name": f"P{place}"} for place in range(start, start + count)]
        body = {"contact_import": {"name": "list", "contacts": rows}}
        return self("POST", "/contact_imports", body, wanted=201)["id"]

    def campaign(self, server, **changes):
        wanted = {
            "name": "Spring",
            "min_wait_seconds": 0,
            "max_wait_seconds": 0,
            "smtp_credentials": [CREDENTIAL | {"smtp_port": server.port}],
            "sequence_steps": STEPS,
        }
        return self("POST", "/campaigns", {"campaign": wanted | changes}, wanted=201)["id"]

    def enrolled(self, campaign, count):
        made = self.imported(count)
        self("POST", f"/campaigns/{campaign}/enroll", {"contact_import_id": made})
        return made


@pytest.fixture
def stage(aws, monkeypatch):
    return Stage(monkeypatch, now=NOON)


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def account(stage):
    return Account()


def mails(server):
    return [message_from_bytes(mail, policy=policy.default) for mail in server.taken]


def visit(method, url, body=None):
    """What a recipient's browser does with a link of ours."""
    path = urlsplit(url.removeprefix(settings().tracking_url)).path
    headers = {"User-Agent": BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
    module, parameters = routed(method, path)
    event = api_event(method, path=parameters, raw=body, headers=headers)
    return importlib.import_module(module).handler(event, Context())["statusCode"]


def test_the_bulk_enrol_of_the_source_document(account, server):
    campaign, made = account.campaign(server), account.imported(27)

    answer = account("POST", f"/campaigns/{campaign}/enroll", {"contact_import_id": made, "batch_size": 50})
    again = account("POST", f"/campaigns/{campaign}/enroll", {"contact_import_id": made, "batch_size": 50})

    assert answer == {"enrolled": 27, "batches": 1, "batch_size": 50, "skipped": []}
    assert again["enrolled"] == 0


def test_contacts_of_a_sibling_campaign_are_skipped_and_named(account, server):
    outreach = account("POST", "/outreaches", {"outreach": {"name": "O", "unique_contacts": True}}, wanted=201)["id"]
    first, second = (account.campaign(server, outreach_id=outreach) for _ in range(2))
    made = account.enrolled(first, 2)

    answer = account("POST", f"/campaigns/{second}/enroll", {"contact_import_id": made})

    assert (answer["enrolled"], len(answer["skipped"])) == (0, 2)
    assert {row["reason"] for row in answer["skipped"]} == {SIBLING_REASON}
    skips = account("GET", f"/campaigns/{second}/skips", kind="cross_campaign_duplicate")
    assert {row["kind"] for row in skips} == {"cross_campaign_duplicate"}


def test_priority_goes_first_within_its_batch_and_batch_zero_before_the_others(account, stage, server):
    campaign = account.campaign(server)
    made = account.imported(4)
    one, two, three, four = account("GET", f"/contact_imports/{made}/contacts")
    for contact, extra in ((one, {"batch_number": 1}), (two, {"batch_number": 1, "priority": True}), (three, {})):
        body = {"contact_id": contact["id"]} | extra
        account("POST", f"/campaigns/{campaign}/enroll_contact", body)

    account("POST", f"/campaigns/{campaign}/dispatch")
    stage.run(minutes=5)

    assert [mail["To"] for mail in mails(server)] == [three["email"], two["email"], one["email"]]
    assert four["email"] not in repr(mails(server))


def test_sent_opened_and_the_filters(account, stage, server):
    campaign = account.campaign(server)
    account.enrolled(campaign, 2)
    before = account("GET", f"/campaigns/{campaign}")
    status = account("POST", f"/campaigns/{campaign}/dispatch")["status"]
    stage.run(minutes=3)
    stage.now += 60 * MINUTE

    html = mails(server)[0].get_body(("html",)).get_content()
    assert visit("GET", re.search(r'<img src="([^"]+)"', html)[1]) == 200

    assert (before["totals"]["pending"], status) == (2, "active")
    opened = account("GET", f"/campaigns/{campaign}/enrollments", status="opened", batch_number="1")
    sent = account("GET", f"/campaigns/{campaign}/enrollments", status="sent")
    assert (len(opened), len(sent)) == (1, 1)
    assert opened[0]["opened_at"] > opened[0]["sent_at"]
    totals = account("GET", f"/campaigns/{campaign}")["totals"]
    assert (totals["pending"], totals["sent"], totals["opened"]) == (0, 1, 1)


def test_a_synchronous_error_bounces_and_nothing_follows(account, stage):
    with ScriptedServer({"rcpt": "550 5.1.1 no such user"}) as server:
        campaign = account.campaign(server)
        account.enrolled(campaign, 1)
        account("POST", f"/campaigns/{campaign}/dispatch")
        stage.run(minutes=3)
        stage.now += 4 * DAY
        stage.run(minutes=3)

    (row,) = account("GET", f"/campaigns/{campaign}/enrollments", status="bounced")
    assert "550" in row["bounce_reason"]
    assert server.commands.count("DATA") == 0


def test_who_unsubscribes_by_one_click_gets_no_follow_up_and_keeps_its_status(account, stage, server):
    campaign = account.campaign(server)
    made = account.enrolled(campaign, 1)
    account("POST", f"/campaigns/{campaign}/dispatch")
    stage.run(minutes=3)
    (mail,) = mails(server)

    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert visit("POST", mail["List-Unsubscribe"].strip("<>"), "List-Unsubscribe=One-Click") == 200
    stage.now += 4 * DAY
    stage.run(minutes=3)

    assert len(server.taken) == 1
    (contact,) = account("GET", f"/contact_imports/{made}/contacts")
    assert contact["unsubscribed_at"] is not None
    (row,) = account("GET", f"/campaigns/{campaign}/enrollments")
    assert row["status"] == "sent"


def test_follow_ups_leave_three_days_later_and_do_not_count_for_the_day_s_limit(account, stage, server):
    credential = CREDENTIAL | {"smtp_port": server.port, "daily_limit": 2}
    campaign = account.campaign(server, smtp_credentials=[credential])
    account.enrolled(campaign, 4)
    account("POST", f"/campaigns/{campaign}/dispatch")

    stage.run(minutes=30)
    today = len(server.taken)
    stage.now += 3 * DAY
    stage.run(minutes=30)

    subjects = [mail["Subject"] for mail in mails(server)]
    assert today == 2
    assert (subjects.count("Again"), len(subjects)) == (2, 6)


def test_a_pause_holds_everything_back_and_resume_lets_it_go_on(account, stage, server):
    campaign = account.campaign(server)
    account.enrolled(campaign, 1)
    account("POST", f"/campaigns/{campaign}/dispatch")
    assert account("POST", f"/campaigns/{campaign}/pause")["status"] == "paused"
    stage.run(minutes=5)
    held = len(server.taken)

    account("POST", f"/campaigns/{campaign}/resume")
    stage.run(minutes=5)

    assert (held, len(server.taken)) == (0, 1)


def test_a_contact_that_is_deleted_takes_its_enrollments_with_it(account, stage, server):
    campaign = account.campaign(server)
    made = account.enrolled(campaign, 2)
    contact = account("GET", f"/contact_imports/{made}/contacts")[0]

    account("DELETE", f"/contacts/{contact['id']}", wanted=204)
    account("POST", f"/campaigns/{campaign}/dispatch")
    stage.run(minutes=5)

    assert [mail["To"] for mail in mails(server)] == ["p1@corp.example"]
    header = account("GET", f"/contact_imports/{made}")
    assert (header["record_count"], header["contact_count"]) == (2, 1)


def test_what_another_account_has_is_not_there(account, server):
    campaign = account.campaign(server)
    stranger = Account()

    for method, path in (("GET", ""), ("POST", "/dispatch"), ("POST", "/pause"), ("GET", "/enrollments")):
        assert stranger(method, f"/campaigns/{campaign}{path}", wanted=404)["code"] == "campaign_not_found"
