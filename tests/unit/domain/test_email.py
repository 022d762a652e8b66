"""Addresses: which are taken, what they become, and when two are one mailbox."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.email import MAX_LENGTH, domain_of, normalized, same_mailbox_key

TAKEN = {
    "ann@corp.example": "ann@corp.example",
    "Ann.O'Hara+list@Corp.Example": "Ann.O'Hara+list@corp.example",
    " ann@corp.example ": "ann@corp.example",
    "a@b.co": "a@b.co",
    "!#$%&'*+/=?^_`{|}~-@corp.example": "!#$%&'*+/=?^_`{|}~-@corp.example",
    "info@münchen.example": "info@xn--mnchen-3ya.example",
    "info@MÜNCHEN.example": "info@xn--mnchen-3ya.example",
    "x@sub.sub.sub.corp.example": "x@sub.sub.sub.corp.example",
    "x@1and1.example": "x@1and1.example",
    "x" * 64 + "@corp.example": "x" * 64 + "@corp.example",
}
REFUSED = [
    "", " ", "@", "ann", "ann@", "@corp.example", "ann@corp", "ann@@corp.example", "ann@corp@corp.example",
    "a b@corp.example", "ann@corp .example", "ann@corp..example", "ann@.corp.example", "ann@corp.example.",
    ".ann@corp.example", "ann.@corp.example", "a..b@corp.example", '"ann"@corp.example', "ann@[127.0.0.1]",
    "ann@127.0.0.1", "ann@corp.123", "ann@-corp.example", "ann@corp-.example", "ann@co_rp.example",
    "Ann <ann@corp.example>", "ann@corp.example,b@corp.example", "ann@corp.example;b@corp.example",
    "ann@corp.example\n", "\tann@corp.example", "ann@corp.example\r\nBcc: x@y.example", "ann\x00@corp.example",
    "ann@corp\x00.example", "änn@corp.example", "ann@corp\u200b.example", "ann@\u202ecorp.example",
    "ann@co\u00adrp.example", "ann@straße.example", "ann@corp\u3002example", "ann@\uff43orp.example",
    "ann@\ud800.example", "\ud800@corp.example", "ann\uff20corp.example", "x" * 65 + "@corp.example",
    "ann@" + "x" * 64 + ".example", "ann@" + ".".join(["x" * 60] * 5), "mailto:ann@corp.example/x@",
]  # fmt: skip


@pytest.mark.parametrize("address", TAKEN)
def test_a_good_address_is_taken_and_its_domain_spelled_as_it_travels(address):
    assert normalized(address) == TAKEN[address]


@pytest.mark.parametrize("address", REFUSED, ids=ascii)
def test_what_cannot_be_mailed_is_refused(address):
    assert normalized(address) is None


@given(st.text() | st.emails() | st.from_regex(r"\A[a-z.+@ \x00-\x20]{1,30}@[a-zé.\-]{1,30}\Z"))
def test_whatever_is_taken_is_one_plain_line_with_one_address(text):
    normal = normalized(text)

    if normal is not None:
        assert normal.isascii()
        assert normal.isprintable()
        assert normal.count("@") == 1
        assert not set(normal) & set(' ,;<>"()[]\\:')
        assert len(normal) <= MAX_LENGTH


@given(st.emails() | st.sampled_from(sorted(TAKEN)))
def test_a_normalized_address_stays_as_it_is(address):
    normal = normalized(address)

    if normal is not None:
        assert normalized(normal) == normal
        assert normal.endswith(f"@{domain_of(normal)}")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann@corp.example", "ann@CORP.example"), ("i@münchen.example", "I@xn--mnchen-3ya.example")],
)
def test_case_and_script_do_not_make_another_mailbox(one, other):
    assert same_mailbox_key(normalized(one)) == same_mailbox_key(normalized(other))


@pytest.mark.parametrize(
    ("one", "other"), [("a.b@corp.example", "ab@corp.example"), ("a+x@corp.example", "a@corp.example")]
)
def test_dots_and_tags_do(one, other):
    assert same_mailbox_key(normalized(one)) != same_mailbox_key(normalized(other))


@pytest.mark.parametrize("text", ["a" * 100_000, "a." * 50_000, "a@" * 50_000, "@" * 100_000, "a@" + "é." * 50_000])
def test_a_hostile_text_is_refused_at_once(text):
    began = time.process_time()

    assert normalized(text) is None
    assert time.process_time() - began < 0.5
