"""What a mail in a sender's mailbox is, and what it says."""

from drumbeat.domain.inbound_mail import MailKind, read_mail
from drumbeat.domain.permanence import Permanence

RECEIVED = 1_795_305_600_000  # 2026-11-22T00:00:00Z


def mail(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def test_an_answer_names_the_mails_it_answers_the_nearest_first():
    raw = mail(
        "From: Ada <ada@customer.example>",
        "To: sales@shop.example",
        "Subject: =?utf-8?q?Re=3A_Gr=C3=BC=C3=9Fe?=",
        "In-Reply-To: <two@drumbeat.example>",
        "References: <one@drumbeat.example>",
        " <two@drumbeat.example>",
        "Message-ID: <answer@customer.example>",
        "Date: Sat, 21 Nov 2026 23:59:59 +0000",
        "",
        "I am on vacation, but yes: call me.",
    )

    read = read_mail(raw, received_at=RECEIVED)

    assert read.kind is MailKind.REPLY
    assert read.answers == ("<two@drumbeat.example>", "<one@drumbeat.example>")
    assert (read.sender, read.addressed_to) == ("ada@customer.example", ("sales@shop.example",))
    assert (read.subject, read.message_id) == ("Re: Grüße", "<answer@customer.example>")
    assert read.sent_at == RECEIVED - 1_000


def test_a_delivery_report_tells_of_its_recipients_and_of_the_mail():
    raw = mail(
        "From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>",
        "To: sales@shop.example",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "",
        "It did not work.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.customer.example",
        "",
        "Final-Recipient: rfc822; ada@customer.example",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        "Final-Recipient: rfc822; bob@customer.example",
        "Action: delayed",
        "Status: 4.4.1",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        "Return-Path: <b+token@shop.example>",
        "Message-ID: <one@drumbeat.example>",
        "--b--",
    )

    read = read_mail(raw, received_at=RECEIVED)

    assert read.kind is MailKind.BOUNCE
    assert [(each.recipient, each.permanence, each.delayed) for each in read.returned] == [
        ("ada@customer.example", Permanence.PERMANENT, False),
        ("bob@customer.example", Permanence.TRANSIENT, True),
    ]
    assert read.returned[0].words == "550 5.1.1 User unknown"
    assert read.original_ids == ("<one@drumbeat.example>",)
    assert read.return_paths == ("b+token@shop.example",)


def test_no_bytes_are_a_mail_of_nobody():
    read = read_mail(b"", received_at=RECEIVED)

    assert (read.kind, read.sender, read.answers, read.returned) == (MailKind.OTHER, None, (), ())
