"""A link of a mail leads where it led before it went through us, and nowhere else, whatever else happens."""

from email import message_from_bytes
from html.parser import HTMLParser

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws as our_aws
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sealing import Purpose, seal
from drumbeat.domain.sequence import Step
from drumbeat.domain.times import MINUTE
from drumbeat.domain.token import click_token, open_token
from functions.tracking import click
from tests.stage import SEQUENCE, TENANT, Stage
from tests.world import Context, api_event, forget_everything

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SCANNER = "Mozilla/5.0 (compatible; Proofpoint URL Defense)"
URL = "https://acme.example/pricing?plan=a&seats=5%2F6;x=%26#top"
SENT = bytes.fromhex("00000001 00000001 000000000001 0000 0000 00000001")


@pytest.fixture
def stage(aws, monkeypatch, server):
    stage = Stage(monkeypatch)
    stage.open([server])
    return stage


def follow(token: str, user_agent: str = BROWSER, method: str = "GET"):
    event = api_event(method, path={"token": token}, headers={"User-Agent": user_agent})
    return click.handler(event, Context())


def our_token(url: str = URL, contact: int = 1) -> str:
    return click_token(bootstrap.token_keys(), TENANT, EnrollmentKey(SEQUENCE, contact), 0, 1, url)


def sealed(address: bytes) -> str:
    """What nobody but us can make: it is refused all the same."""
    return seal(bootstrap.token_keys(), Purpose.CLICK, SENT + address)


def test_it_leads_on_byte_for_byte_and_is_noted(stage):
    answer = follow(our_token())

    assert (answer["statusCode"], answer["headers"]["Location"], answer["body"]) == (302, URL, "")
    assert stage.enrollment().marks == {"c0.1": stage.now, "o0.1": stage.now}
    assert stage.enrollment().opened_at == stage.now


def test_nothing_is_cached_or_passed_on(stage):
    headers = follow(our_token())["headers"]

    assert "no-store" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not {name for name in headers if name.lower() == "set-cookie"}


def test_a_machine_is_sent_on_too_and_counts_as_nothing_else(stage):
    assert [follow(our_token(), SCANNER)["statusCode"], follow(our_token(), method="HEAD")["statusCode"]] == [302, 302]

    seen = stage.enrollment()
    assert (seen.marks, seen.opened_at, seen.state) == ({"k0.1": stage.now}, None, EnrollmentState.ACTIVE)


def test_a_human_s_click_after_a_machine_s_counts(stage):
    follow(our_token(), SCANNER)
    stage.now += MINUTE
    follow(our_token())

    assert stage.enrollment().marks["c0.1"] == stage.enrollment().opened_at == stage.now


def test_many_clicks_write_once(stage):
    follow(our_token())
    our_aws.ledger.clear()

    for place in range(200):
        assert follow(our_token(f"https://acme.example/{place}"))["statusCode"] == 302

    assert our_aws.ledger.datastore_requests() == 0


@pytest.mark.parametrize(
    "address",
    [
        b"//evil.example/", b"\\\\evil.example", b"/\\evil.example", b"https:evil.example", b"https:/evil.example",
        b"javascript:alert(1)", b"data:text/html,x", b"ftp://evil.example/", b"mailto:a@evil.example", b"",
        b"https://acme.example@evil.example/", b"https://acme.example:x@evil.example/", b"https://\\evil.example/",
        b"https://acme.example\\@evil.example/", b"https://acme.example/\r\nSet-Cookie: a=b", b"https://acme.example/\n",
        b"https://acme.example/\x00", b"https://acme.example/ b", b"https://acme.example\t/", b" https://acme.example/",
        "https://b\u00fccher.example/".encode(), "https://acme.example/\u2028".encode(), b"https://", b"https:///evil",
        b"http://[::1", b"https://acme.example:port/", b"https://acme%2eexample/",
    ],
)  # fmt: skip
def test_no_token_of_our_own_leads_to_what_is_no_clear_address_on_the_web(stage, address):
    answer = follow(sealed(address))

    assert (answer["statusCode"], "Location" in answer["headers"]) == (404, False)


@pytest.mark.parametrize("token", ["", "sample-token", "\u00e9", "../../etc", "A" * 9_000, "https://evil.example/"])
def test_a_token_that_is_not_ours_leads_nowhere(stage, token):
    answer = follow(token)

    assert (answer["statusCode"], "Location" in answer["headers"]) == (404, False)


def test_no_byte_of_a_token_can_be_another_one(stage):
    token = our_token()

    for place, sign in enumerate(token):
        forged = token[:place] + ("A" if sign != "A" else "B") + token[place + 1 :]
        assert "Location" not in follow(forged)["headers"]


def test_another_purpose_s_token_leads_nowhere(stage):
    answer = follow(open_token(bootstrap.token_keys(), TENANT, stage.enrollment().key, 0, 1))

    assert (answer["statusCode"], "Location" in answer["headers"]) == (404, False)


def test_a_link_of_what_is_gone_still_leads_on(stage):
    assert follow(our_token(contact=99))["headers"]["Location"] == URL
    assert bootstrap.enrollments().get(TENANT, EnrollmentKey(SEQUENCE, 99)) is None


def fail(**_):
    raise TimeoutError


def test_it_leads_on_while_every_call_of_aws_fails(stage):
    token = our_token()
    for service in ("dynamodb", "secretsmanager"):
        our_aws.client(service).meta.events.register("before-call.*.*", fail)

    assert follow(token)["headers"]["Location"] == URL


def test_without_the_keys_it_leads_nowhere_and_asks_to_come_again(stage):
    token = our_token()
    forget_everything()
    our_aws.client("secretsmanager").meta.events.register("before-call.*.*", fail)

    answer = follow(token)
    assert (answer["statusCode"], answer["headers"]["Retry-After"], "Location" in answer["headers"]) == (
        503,
        "60",
        False,
    )


PAGE = """<p>Hi {{first_name}}, <a class=x href="https://acme.example/a?b=1&amp;c=%2F&amp;to={{email}}#d">look</a>,
<a href='mailto:bob@acme.example'>write</a>, <a href=tel:+4930123>call</a>, <a href="#end">end</a>,
<A HREF="HTTP://acme.example/up">up</A> <!-- <a href="https://acme.example/comment">no</a> --></p>"""


class Links(HTMLParser):
    """The links that a reader of the HTML could follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs)["href"])


def mail_of(stage, server) -> tuple[str, list[str]]:
    """The plain text of the mail that left, and the links of its HTML."""
    stage.run(minutes=2)
    mail = message_from_bytes(server.taken[0])
    plain, html = (part.get_payload(decode=True).decode() for part in mail.get_payload())
    links = Links()
    links.feed(html)
    return plain, links.found


@pytest.fixture
def with_links(stage):
    stage.change(steps=(Step(1, "Hello", PAGE, 0),), track_clicks=True)
    return stage


def test_links_of_a_mail_lead_over_us_to_where_they_led(with_links, server):
    plain, links = mail_of(with_links, server)

    first, write, call, end, up, unsubscribe = links
    assert (write, call, end) == ("mailto:bob@acme.example", "tel:+4930123", "#end")
    assert unsubscribe.startswith("https://track.example/t/u/")
    wanted = ["https://acme.example/a?b=1&c=%2F&to=p1@corp.example#d", "HTTP://acme.example/up"]
    for link, address in zip((first, up), wanted, strict=True):
        token = link.removeprefix("https://track.example/t/c/")
        assert follow(token)["headers"]["Location"] == address
        assert address in plain
    assert "/t/c/" not in plain
    assert set(with_links.enrollment().marks) == {"c0.1", "o0.1"}


def test_links_stay_where_nobody_asked_to_track_them(with_links, server):
    with_links.change(track_clicks=False)

    _, links = mail_of(with_links, server)
    assert links[0] == "https://acme.example/a?b=1&c=%2F&to=p1@corp.example#d"
    assert not [link for link in links if "/t/c/" in link]


def test_a_link_of_ours_and_one_too_long_to_be_carried_stay(stage, server):
    own, long = "https://track.example/t/u/abc", f"https://acme.example/{'x' * 2_000}"
    stage.change(steps=(Step(1, "Hi", f'<a href="{own}">a</a><a href="{long}">b</a>', 0),), track_clicks=True)

    _, links = mail_of(stage, server)
    assert links[:2] == [own, long]
