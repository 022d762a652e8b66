"""SNS's messages are believed if SNS has signed them, now, for a topic that we listen to; everything else is not."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from drumbeat.adapters.sns import SnsMessages
from drumbeat.application.take_hook import NotGenuine
from drumbeat.domain.sns_message import SnsKind
from drumbeat.domain.times import DAY, HOUR, MINUTE, iso
from tests.sns_signer import (
    CERTIFICATE_URL,
    HOST,
    ISSUER_URL,
    TOPIC,
    SnsOffice,
    authority,
    pem,
    server_certificate,
    signature,
)

NOW = 1_795_251_600_000


@pytest.fixture
def office() -> SnsOffice:
    return SnsOffice(NOW)


def read(office: SnsOffice, said: Any, *, now: int = NOW, topics: frozenset[str] = frozenset({TOPIC})):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return SnsMessages(topics, office.fetch, office.roots).read(body, now)


def refused(office: SnsOffice, said: Any, **options: Any) -> None:
    with pytest.raises(NotGenuine):
        read(office, said, **options)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("changes", [{}, {"Subject": "Zoë"}, {"Message": "a\r\n\\u0041\tb\u2028 😀"}], ids=str)
def test_a_message_that_sns_has_signed_is_read(office, version, changes):
    message = read(office, office.message("hello", version=version, **changes))

    assert (message.kind, message.topic, message.region) == (SnsKind.NOTIFICATION, TOPIC, "eu-west-1")
    assert message.text == changes.get("Message", "hello")


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_a_question_is_read_with_its_token(office, kind):
    message = read(office, office.message("You have chosen", kind=kind))

    assert (message.kind, message.token) == (SnsKind(kind), "2336412f37")


@pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "Type", "TopicArn", "Signature", "Subject"])
def test_what_was_tampered_with_is_refused(office, name):
    said = office.message("hello", Subject="about you")
    other = f"arn:aws:sns:eu-west-1:123456789012:{'other'}"
    tampered = {"Timestamp": iso(NOW - MINUTE), "Type": "UnsubscribeConfirmation", "TopicArn": other}

    refused(office, said | {name: tampered.get(name, f"{said[name][:-4]}AAAA")}, topics=frozenset({TOPIC, other}))
    refused(office, {key: value for key, value in said.items() if key != name})


def test_a_subject_that_was_added_is_refused(office):
    refused(office, office.message("hello") | {"Subject": "new"})


@pytest.mark.parametrize("version", ["0", "3", "", "SHA256", None])
def test_a_signature_of_no_known_version_is_refused(office, version):
    refused(office, office.message("hello") | {"SignatureVersion": version})


@pytest.mark.parametrize("age", [-HOUR, -6 * MINUTE, 66 * MINUTE, DAY])
def test_what_is_not_of_this_hour_is_refused(office, age):
    refused(office, office.message("hello", Timestamp=iso(NOW - age)))


@pytest.mark.parametrize("age", [-4 * MINUTE, 0, 64 * MINUTE])
def test_what_sns_repeats_for_an_hour_is_taken(office, age):
    assert read(office, office.message("hello", Timestamp=iso(NOW - age))).text == "hello"


@pytest.mark.parametrize("text", ["", "now", "2026-11-21T09:00:00", "-1", "9999999999999999", "0001-01-01T00:00:00Z"])
def test_a_timestamp_that_is_none_is_refused(office, text):
    refused(office, office.message("hello", Timestamp=text))


@pytest.mark.parametrize("topics", [frozenset(), frozenset({f"{TOPIC}2"}), frozenset({TOPIC[:-1]})])
def test_a_topic_that_nobody_listens_to_is_refused_before_anything_is_fetched(office, topics):
    refused(office, office.message("hello"), topics=topics)

    assert office.fetched == []


FORGED_URLS = [
    CERTIFICATE_URL.replace("https", "http"),
    CERTIFICATE_URL.replace(HOST, "sns.eu-west-1.amazonaws.com.evil.example"),
    CERTIFICATE_URL.replace(HOST, f"evil.example/{HOST}"),
    CERTIFICATE_URL.replace(HOST, f"{HOST}@evil.example"),
    CERTIFICATE_URL.replace(HOST, f"{HOST}:8443"),
    CERTIFICATE_URL.replace(HOST, "s3.eu-west-1.amazonaws.com"),
    CERTIFICATE_URL.replace(HOST, "bucket.sns.eu-west-1.amazonaws.com"),
    CERTIFICATE_URL.replace(HOST, "sns.us-east-1.amazonaws.com"),
    CERTIFICATE_URL.replace(HOST, "sns.amazonaws.com"),
    CERTIFICATE_URL.replace(HOST, HOST.upper()),
    CERTIFICATE_URL.replace(HOST, f"{HOST}."),
    CERTIFICATE_URL.replace("/Simple", "/../Simple"),
    CERTIFICATE_URL.replace("/Simple", "/bucket/Simple"),
    CERTIFICATE_URL.replace(".pem", ".pem?x=1"),
    CERTIFICATE_URL.replace(".pem", ".pem#x"),
    CERTIFICATE_URL.replace(".pem", ".pem\n"),
    f" {CERTIFICATE_URL}",
    "file:///proc/self/environ",
    "http://169.254.169.254/latest/meta-data/",
    "",
]


@pytest.mark.parametrize("url", FORGED_URLS, ids=range(len(FORGED_URLS)))
def test_a_certificate_that_is_elsewhere_than_at_sns_is_not_fetched(office, url):
    refused(office, office.message("hello", SigningCertURL=url))

    assert office.fetched == []


def test_a_certificate_is_fetched_once_and_checked_each_time(office):
    messages = SnsMessages(frozenset({TOPIC}), office.fetch, office.roots)
    body = json.dumps(office.message("hello")).encode()
    for _ in range(3):
        messages.read(body, NOW)
    assert office.fetched == [CERTIFICATE_URL]

    late = json.dumps(office.message("hello", Timestamp=iso(NOW + 400 * DAY))).encode()
    with pytest.raises(NotGenuine, match="not a trusted certificate"):
        messages.read(late, NOW + 400 * DAY)


def test_the_name_without_a_region_that_sns_s_own_certificates_have_is_good(office):
    leaf = server_certificate("sns.amazonaws.com", NOW, office.between)
    office.served[CERTIFICATE_URL] = pem(leaf, office.between.certificate)

    assert read(office, office.message("hello")).text == "hello"


def test_a_chain_that_is_not_sent_along_is_completed_from_where_amazon_publishes_it(office):
    leaf = server_certificate(HOST, NOW, office.between, published=ISSUER_URL)
    office.served[CERTIFICATE_URL] = pem(leaf)
    refused(office, office.message("hello"))

    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    office.served[ISSUER_URL] = office.between.certificate.public_bytes(Encoding.DER)
    assert read(office, office.message("hello")).text == "hello"


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/r2m01.cer",
        "http://crt.r2m01.amazontrust.com.evil.example/r2m01.cer",
        "http://169.254.169.254/r2m01.cer",
        "file:///etc/passwd",
    ],
)
def test_no_other_place_that_a_certificate_names_is_gone_to(office, url):
    office.served[CERTIFICATE_URL] = pem(server_certificate(HOST, NOW, office.between, published=url))

    refused(office, office.message("hello"))
    assert office.fetched == [CERTIFICATE_URL]


def _self_signed(office: SnsOffice) -> bytes:
    alone = authority(HOST, NOW)
    return pem(alone.certificate)


def _of_another_root(office: SnsOffice) -> bytes:
    stranger = authority("Stranger", NOW)
    return pem(server_certificate(HOST, NOW, stranger), stranger.certificate)


def _issued_by_a_server(office: SnsOffice) -> bytes:
    """A server's certificate does not let its owner issue others."""
    key = authority("x", NOW).key
    mine = server_certificate("evil.example", NOW, office.between, key=key)
    forged = server_certificate(HOST, NOW, type(office.between)(key, mine))
    return pem(forged, mine, office.between.certificate)


BAD_CERTIFICATES = {
    "self-signed": _self_signed,
    "of another root": _of_another_root,
    "issued by a server": _issued_by_a_server,
    "expired": lambda office: pem(
        server_certificate(HOST, NOW - 10 * DAY, office.between, days=5), office.between.certificate
    ),
    "not valid yet": lambda office: pem(
        server_certificate(HOST, NOW + 10 * DAY, office.between), office.between.certificate
    ),
    "of another name": lambda office: pem(
        server_certificate("sqs.eu-west-1.amazonaws.com", NOW, office.between), office.between.certificate
    ),
    "without its chain": lambda office: pem(server_certificate(HOST, NOW, office.between)),
    "with another key": lambda office: pem(
        server_certificate(HOST, NOW, office.between, key=rsa.generate_private_key(65537, 2048)),
        office.between.certificate,
    ),
    "with a key that is no RSA": lambda office: pem(
        server_certificate(HOST, NOW, office.between, key=authority("x", NOW).key), office.between.certificate
    ),
    "no certificate": lambda _: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("made", BAD_CERTIFICATES.values(), ids=BAD_CERTIFICATES)
def test_a_certificate_that_is_not_sns_s_own_and_valid_now_is_refused(office, made):
    office.served[CERTIFICATE_URL] = made(office)

    refused(office, office.message("hello"))


def test_a_certificate_that_is_not_there_is_refused(office):
    office.served.clear()

    refused(office, office.message("hello"))


def test_a_signature_by_another_key_is_refused(office):
    said = office.message("hello")

    refused(office, said | {"Signature": signature(said, rsa.generate_private_key(65537, 2048))})


HOSTILE = [
    b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 200_000, b'{"Type":"Notification","Type":"Notification"}',
    b'{"Type":{"a":1},"TopicArn":["x"]}', b'{"Type":"Notification","TopicArn":7}', b"{}",
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_message_is_refused(office, body):
    refused(office, body)
