"""Mail in the shapes of common servers and people is read as what it is."""

import pytest

from drumbeat.domain.inbound_mail import MailKind
from tests.inbound_samples import FOLDER, SAMPLES, SENT_AS, raw_of, read


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_what_it_is(name: str, line_end: bytes):
    expected = SAMPLES[name]

    mail = read(raw_of(name).replace(b"\n", line_end))

    assert (mail.kind, mail.back_on, mail.gone) == (expected.kind, expected.back_on, expected.gone)
    assert (
        tuple((each.recipient, each.status, each.permanence, each.delayed) for each in mail.returned) == expected.told
    )
    if expected.names_the_mail:
        assert mail.original_ids == (SENT_AS,)


def test_every_sample_has_its_line_and_every_line_its_sample():
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(SAMPLES)


def test_there_are_enough_samples_of_returned_mail_and_of_absences():
    kinds = [expected.kind for expected in SAMPLES.values()]

    assert kinds.count(MailKind.BOUNCE) + kinds.count(MailKind.OUT_OF_OFFICE) >= 60
    assert kinds.count(MailKind.REPLY) >= 10


def test_a_return_path_and_an_envelope_id_are_found_in_what_came_back():
    assert read(raw_of("qmail-user-unknown")).return_paths == ("b+tok3n@shop.example",)
    assert read(raw_of("postfix-several-recipients")).return_paths == ("QQ314159",)
    assert read(raw_of("complaint-arf")).return_paths == ("b+tok3n@shop.example",)


def test_a_reply_came_to_the_addresses_that_servers_wrote_first():
    assert read(raw_of("reply-plain")).addressed_to == ("b+tok3n@shop.example", "sam@shop.example")
