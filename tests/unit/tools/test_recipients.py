"""The people of the demo react in the shapes that the product reads, and always alike."""

from collections import Counter

from drumbeat.domain.inbound_mail import MailKind, read_mail
from drumbeat.domain.permanence import Permanence
from tests.inbound_samples import RECEIVED
from tools.local.delivered import Mail
from tools.local.recipients import STOPS, Reaction, absence_of, answer_to, mailbox_named, reactions_to, report_on

MAIL = Mail(
    recipient="kim@alderfinch.example",
    subject="A question",
    message_id="<1@drumbeat.example>",
    pixel="",
    unsubscribe="",
    body="",
    arrived=0,
    sender="maya@drumbeat.example",
    return_path="b+token@drumbeat.example",
)


def test_an_answer_is_read_as_one_and_names_the_mail():
    read = read_mail(answer_to(MAIL).as_bytes(), received_at=RECEIVED)

    assert (read.kind, read.answers) == (MailKind.REPLY, ("<1@drumbeat.example>",))


def test_an_absence_is_read_as_one():
    read = read_mail(absence_of(MAIL).as_bytes(), received_at=RECEIVED)

    assert (read.kind, read.answers) == (MailKind.OUT_OF_OFFICE, ("<1@drumbeat.example>",))


def test_a_report_says_that_the_address_is_dead_and_which_mail_it_was():
    read = read_mail(report_on(MAIL), received_at=RECEIVED)

    assert (read.kind, read.original_ids) == (MailKind.BOUNCE, ("<1@drumbeat.example>",))
    assert read.addressed_to == ("b+token@drumbeat.example",)
    assert [(each.recipient, each.permanence) for each in read.returned] == [(MAIL.recipient, Permanence.PERMANENT)]


def test_what_comes_back_comes_to_the_senders_mailbox():
    assert mailbox_named(MAIL.sender) == "maya"


def test_the_same_people_do_the_same_in_every_run():
    mails = [Mail(f"{place:03}@x.example", "", "", "", "", "", 0) for place in range(150)]

    done = Counter(reaction for reaction, _ in reactions_to(mails))

    assert reactions_to(mails) == reactions_to(mails[::-1])
    assert done == {
        Reaction.OPEN: 50,
        Reaction.REPLY: 10,
        Reaction.AWAY: 10,
        Reaction.BOUNCE: 5,
        Reaction.UNSUBSCRIBE: 10,
    }
    assert Reaction.OPEN not in STOPS
