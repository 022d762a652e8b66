"""Whatever SES does, it is asked once, and the verdict says what is known about the mail."""

import re
import socket

import pytest
from botocore.config import Config

from drumbeat.adapters import aws
from drumbeat.adapters.mailers import MailerByKind
from drumbeat.adapters.ses import SesMailer, message_id_of
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.mail import Mail
from drumbeat.domain.sequence import Sender, SenderKind
from drumbeat.domain.verdict import Accepted, Rejected, SenderTrouble, Unknown, Withheld
from tests.scripted_ses import CUT_SHORT, DROPPED, MESSAGE_ID, STALLED, TAKEN, UNREAD, Reply, ScriptedSes, refusal
from tests.scripted_smtp import ScriptedServer

MAIL = Mail("bob@acme.example", "ann@corp.example", b"Subject: x\r\n\r\n.dot\r\nend\r\n", "a-token_of-ours")
SENDER = Sender(1, 2, 3, None, "", 0, "", "", "Bob", "bob@acme.example", 1, 0, kind=SenderKind.SES)


def go():
    """Nothing speaks against it."""


@pytest.fixture
def mailer(monkeypatch):
    """A mailer with the production client, pointed at a server on the loopback."""

    def made(url):
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", url)
        monkeypatch.setattr(aws, "_ONCE", aws._ONCE.merge(Config(read_timeout=0.3)))
        aws.client.cache_clear()
        return SesMailer(aws.client("sesv2"), "drumbeat-events")

    yield made
    aws.client.cache_clear()


@pytest.fixture
def sent(mailer):
    """Sends the mail to a server that answers like this; the verdict, and what the server has seen."""

    def verdict_of(*script, stop=go):
        with ScriptedSes(*script) as server, mailer(server.url) as post:
            return post.send(SENDER, MAIL, stop), server

    return verdict_of


def test_an_accepted_mail_has_the_message_id_that_ses_put_on_it(sent):
    verdict, server = sent(TAKEN)

    assert verdict == Accepted(f"<{MESSAGE_ID}@email.amazonses.com>")
    assert server.taken == [MAIL.content]


def test_the_request_names_recipient_configuration_set_and_token_and_leaves_the_from_to_the_mail(sent):
    _, server = sent(TAKEN)

    (request,) = server.requests
    del request["Content"]
    assert request == {
        "Destination": {"ToAddresses": ["ann@corp.example"]},
        "EmailTags": [{"Name": "drumbeat", "Value": "a-token_of-ours"}],
        "ConfigurationSetName": "drumbeat-events",
    }


@pytest.mark.parametrize(
    ("region", "domain"), [("us-east-1", "email.amazonses.com"), ("eu-west-1", "eu-west-1.amazonses.com")]
)
def test_the_message_id_is_of_the_region(region, domain):
    assert message_id_of("0102", region) == f"<0102@{domain}>"


IN_DOUBT = {
    "dropped after reading": DROPPED,
    "stalled after reading": STALLED,
    "cut short": CUT_SHORT,
    "dropped while reading": UNREAD,
    "500": refusal(500, "InternalServiceErrorException"),
    "502 of a proxy": Reply(502, b"<html>bad gateway</html>"),
    "503": refusal(503, "ServiceUnavailable"),
    "503 that is called throttling": refusal(503, "ThrottlingException"),
    "504": Reply(504, b""),
    "400 of an unknown code": refusal(400, "SomethingNewException"),
    "403 of a proxy": Reply(403, b"<html>no</html>"),
    "200 that is no JSON": Reply(200, b"<html>hello</html>", takes=True),
    "200 without an id": Reply(200, b"{}", takes=True),
    "200 of nothing": Reply(200, b"", takes=True),
    "301": Reply(301, b""),
}


@pytest.mark.parametrize("reply", IN_DOUBT.values(), ids=IN_DOUBT)
def test_a_mail_that_ses_may_have_taken_is_in_doubt_and_never_asked_for_again(sent, reply):
    verdict, server = sent(reply)

    assert isinstance(verdict, Unknown)
    assert server.begun == 1


TROUBLE = {
    "TooManyRequestsException": 429,
    "LimitExceededException": 400,
    "ThrottlingException": 400,
    "AccountSuspendedException": 400,
    "SendingPausedException": 400,
    "MailFromDomainNotVerifiedException": 400,
    "NotFoundException": 404,
    "AccessDeniedException": 403,
    "UnrecognizedClientException": 403,
    "InvalidSignatureException": 403,
    "ExpiredTokenException": 403,
}


@pytest.mark.parametrize(("code", "status"), TROUBLE.items())
def test_trouble_with_the_sender_or_the_account_is_not_the_contact_s(sent, code, status):
    verdict, server = sent(refusal(status, code, "no, not today"))

    assert verdict == SenderTrouble(f"{code}: no, not today")
    assert (server.begun, server.taken) == (1, [])


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
@pytest.mark.parametrize(
    "message",
    [
        "Email address is not verified. The following identities failed the check in region X: bob@acme.example",
        "Sending suspended for this account",
        "Configuration set <x> is not enabled",
    ],
)
def test_a_refused_identity_is_not_the_contact_s_either(sent, code, message):
    verdict, _ = sent(refusal(400, code, message))

    assert isinstance(verdict, SenderTrouble)
    assert "@" not in verdict.reason


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_refused_mail_is_rejected_without_anybody_s_address(sent, code):
    verdict, server = sent(refusal(400, code, "Illegal address: ann@corp.example"))

    assert verdict == Rejected(400, f"{code}: Illegal address: <address>")
    assert (server.begun, server.taken) == (1, [])


def test_a_server_that_is_not_there_has_taken_nothing(mailer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with mailer(f"http://127.0.0.1:{port}") as post:
        verdict = post.send(SENDER, MAIL, go)

    assert isinstance(verdict, SenderTrouble)


def test_a_server_that_never_answers_the_connection_has_taken_nothing(mailer, monkeypatch):
    monkeypatch.setattr(aws, "_ONCE", aws._ONCE.merge(Config(connect_timeout=0.2)))
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)  # the backlog is full now: the next one gets no answer
            second.connect_ex(address)
            with mailer(f"http://127.0.0.1:{address[1]}") as post:
                verdict = post.send(SENDER, MAIL, go)

    assert isinstance(verdict, SenderTrouble)


def test_a_certificate_that_is_not_trusted_ends_it_before_anything_is_said(mailer, server_tls):
    with ScriptedServer(tls=server_tls, implicit_tls=True) as stranger:
        verdict = mailer(f"https://localhost:{stranger.port}").send(SENDER, MAIL, go)

    assert verdict == SenderTrouble("no connection to SES: its certificate is not trusted")


def test_without_credentials_nothing_is_sent(mailer, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    aws.session.cache_clear()
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with ScriptedSes() as server, mailer(server.url) as post:
        verdict = post.send(SENDER, MAIL, go)

    assert isinstance(verdict, SenderTrouble)
    assert server.begun == 0


def test_a_stop_right_before_the_request_withholds_the_mail(sent):
    verdict, server = sent(TAKEN, stop=lambda: EnrollmentState.UNSUBSCRIBED)

    assert verdict == Withheld(EnrollmentState.UNSUBSCRIBED)
    assert server.begun == 0


def test_what_the_look_for_a_stop_raises_comes_through_and_nothing_is_sent(mailer):
    def broken():
        raise RuntimeError("the store is down")

    with ScriptedSes() as server, mailer(server.url) as post, pytest.raises(RuntimeError, match="store is down"):
        post.send(SENDER, MAIL, broken)

    assert server.begun == 0


def test_a_connection_serves_one_invocation_and_no_other(mailer):
    """After a pause it may be dead on the way, and the mail on it would be one in doubt."""
    with ScriptedSes() as server:
        post = mailer(server.url)
        for _ in range(2):
            with post:
                assert [type(post.send(SENDER, MAIL, go)) for _ in range(2)] == [Accepted, Accepted]

        assert (server.begun, server.connections) == (4, 2)


def test_the_production_client_asks_once_and_has_the_patience_that_a_doubt_costs():
    aws.client.cache_clear()
    config = aws.client("sesv2").meta.config

    assert config.retries == {"total_max_attempts": 1, "mode": "standard"}
    assert config.read_timeout >= 60


def test_a_reason_is_short_and_printable(sent):
    verdict, _ = sent(refusal(400, "MessageRejected", "x\r\ny\x00" + "z" * 1000))

    assert isinstance(verdict, Rejected)
    assert re.fullmatch(r"x y\??z+", verdict.text.removeprefix("MessageRejected: "))
    assert len(verdict.text) < 250


class Noting:
    """A mailer that only says who it is."""

    def __init__(self, name):
        self.name = name

    def send(self, sender, mail, stop):
        return Unknown(self.name)


@pytest.mark.parametrize("kind", SenderKind)
def test_a_mail_goes_the_way_of_its_sender(kind):
    post = MailerByKind({each: Noting(each.value) for each in SenderKind})
    sender = Sender(1, 2, 3, None, "", 0, "", "", "Bob", "bob@acme.example", 1, 0, kind=kind)

    assert post.send(sender, MAIL, go) == Unknown(kind.value)


def test_a_sender_whose_way_is_not_set_up_waits(sent):
    verdict = MailerByKind({}).send(SENDER, MAIL, go)

    assert verdict == SenderTrouble("this stack does not send through SES")
