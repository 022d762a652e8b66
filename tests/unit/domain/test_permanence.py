"""What codes and words say about an address: only what says that it is dead is permanent (F-88)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.domain.permanence import Permanence, of_bounce_type, of_hardness, permanence_of

DEAD, PASSES, OPEN = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED

STATUSES = {
    DEAD: ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310"],
    PASSES: [
        *("4.1.1", "4.2.1", "4.2.2", "4.3.2", "4.4.1", "4.4.7", "4.7.0", "4.7.1", "4.0.0", "4.1.8"),
        *("5.2.2", "5.3.1", "5.3.2", "5.4.1", "5.4.2", "5.4.5", "5.4.6", "5.4.7", "5.4.14", "5.4.300", "5.4.316"),
    ],
    OPEN: [
        *("5.0.0", "5.1.0", "5.1.4", "5.1.7", "5.1.8", "5.1.9", "5.2.0", "5.2.3", "5.2.4", "5.3.0", "5.3.4"),
        *("5.5.0", "5.5.1", "5.5.4", "5.6.0", "5.6.7", "5.7.0", "5.7.1", "5.7.25", "5.7.26", "5.7.133", "5.7.606"),
        *("2.1.5", "2.0.0", "", "nonsense", "5.1", "55.1.1", "10.5.1.1"),
    ],
}
REPLIES = {
    DEAD: [521, 551, 556],
    PASSES: [421, 450, 451, 452, 455, 552],
    OPEN: [500, 501, 503, 530, 535, 550, 553, 554, 555, 250],
}
WORDS = {
    DEAD: [
        "550 5.1.1 <jo@example.com>: Recipient address rejected: User unknown in virtual mailbox table",
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist.",
        "smtp; 550 5.2.1 The email account that you tried to reach is inactive.",
        "550 5.5.0 Requested action not taken: mailbox unavailable",
        "550 Requested action not taken: mailbox unavailable",
        "550 5.4.1 Recipient address rejected: Access denied. [AMS0EPF000001A.eurprd05.prod.outlook.com]",
        "550 No such user here",
        "550 Unrouteable address",
        "550 5.1.0 <jo@example.com> User unknown",
        "550 5.0.0 User unknown",
        "554 delivery error: dd This user doesn't have a yahoo.com account: user does not exist",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "Sorry, no mailbox here by that name. (#5.1.1)",
        "556 5.1.10 Recipient address rejected: Domain nodomain.example does not accept mail (nullMX)",
        "5.4.4 Host or domain name not found. Name service error for name=exmaple.com type=A: Host not found",
    ],
    PASSES: [
        "552 5.2.2 The email account that you tried to reach is over quota",
        "550 5.2.2 <jo@example.com>: user is over quota",
        "550 5.1.1 jo@example.com mailbox is full",
        "550 Mailbox quota exceeded",
        "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
        "451 4.7.1 Greylisting in action, please come back later",
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints",
        "host mx.example.com said: 452 4.3.1 Insufficient system storage",
        "connect to mx.example.com[192.0.2.7]:25: 451 timed out",
        "smtp; 450 no room just now",
    ],
    OPEN: [
        "550 5.7.1 Message rejected as spam by Content Filtering.",
        "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus",
        "550 5.7.26 This mail is unauthenticated",
        "554 5.7.1 <jo@example.com>: Relay access denied",
        "550 Administrative prohibition",
        "550 rejected for policy reasons, see our page on mailbox unavailable",
        "553 5.1.8 Sender address rejected: Domain not found",
        "550 Sender verify failed",
        "552 5.3.4 Message size exceeds fixed limit",
        "554 5.6.0 content rejected",
        "5.4.94.2 is a version, and 10.5.1.1 an address",
        "nothing that anybody knows",
        "",
    ],
}


def _each(table: dict[Permanence, list]) -> list:
    return [pytest.param(said, expected, id=f"{said}") for expected, many in table.items() for said in many]


@pytest.mark.parametrize(("status", "expected"), _each(STATUSES))
def test_an_enhanced_code_says_whether_the_address_is_dead(status, expected):
    assert permanence_of(status) is expected


@pytest.mark.parametrize(("reply", "expected"), _each(REPLIES))
def test_a_reply_code_alone_suppresses_only_where_it_means_nothing_else(reply, expected):
    assert permanence_of(None, reply) is expected


@pytest.mark.parametrize(("words", "expected"), _each(WORDS))
def test_words_are_read_where_codes_leave_it_open(words, expected):
    assert permanence_of(None, words=words) is expected


def test_a_code_that_tells_outranks_what_follows_it():
    assert permanence_of("5.1.1", 450, "4.2.2 mailbox busy") is DEAD
    assert permanence_of("4.4.7", 550, "5.1.1 User unknown") is PASSES
    assert permanence_of("5.7.1", 550, "User unknown") is OPEN


def test_a_vague_code_leaves_it_to_what_follows():
    assert permanence_of("5.0.0", None, "smtp; 550 5.1.1 no such person") is DEAD
    assert permanence_of("5.0.0", None, "smtp; 452 4.2.2 busy") is PASSES
    assert permanence_of("5.0.0", 551) is DEAD
    assert permanence_of("5.4.1", None, "no answer from host") is PASSES


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.none() | st.text(max_size=30), st.none() | st.integers(), st.text(max_size=200))
def test_whatever_a_server_says_there_is_an_answer(status, reply, words):
    assert permanence_of(status, reply, words) in Permanence


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Permanent", DEAD), ("Transient", PASSES), ("Undetermined", OPEN), ("", OPEN), ("permanent", OPEN)],
)
def test_the_bounce_types_of_ses(kind, expected):
    assert of_bounce_type(kind) is expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("hard", DEAD), ("Hard ", DEAD), ("soft", PASSES), ("", OPEN), ("other", OPEN)]
)
def test_the_two_kinds_of_bounces_of_smtp2go(kind, expected):
    assert of_hardness(kind) is expected
