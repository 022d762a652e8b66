"""The demo's list holds every kind of row that a real list does."""

from collections import Counter

from tools.local.contacts_csv import read_contacts
from tools.local.dns_server import read_zone
from tools.local.services import ROOT, ZONE_FILE

ROWS = read_contacts(ROOT / "examples" / "contacts.csv")
EMAILS = [row.contact["email"] for row in ROWS]


def test_it_has_about_two_hundred_rows_with_every_column_a_text() -> None:
    assert 190 <= len(ROWS) <= 210
    assert all(isinstance(value, str) for row in ROWS for value in row.contact.values())


def test_it_names_nobody_real() -> None:
    domains = {email.rpartition("@")[2].strip().lower() for email in EMAILS if "@" in email} - {"", "localhost"}

    assert all(domain.endswith((".example", ".test")) for domain in domains)


def test_it_has_repeated_addresses_some_in_other_letter_case() -> None:
    spelled = Counter(EMAILS)
    folded = Counter(email.lower() for email in EMAILS)

    assert sum(number - 1 for number in folded.values()) >= 12
    assert len(folded) < len(spelled)


def test_it_has_people_who_unsubscribed_and_people_who_bounce() -> None:
    assert sum(row.unsubscribed for row in ROWS) >= 8
    assert sum(email.startswith("bounce") for email in EMAILS) >= 2


def test_it_has_malformed_addresses_a_line_break_among_them() -> None:
    assert sum(email.count("@") != 1 for email in EMAILS) >= 4
    assert any("\r\n" in email for email in EMAILS)


def test_it_has_domains_without_mail_and_the_name_server_knows_the_rest() -> None:
    known = {str(name).rstrip(".") for name in read_zone(ZONE_FILE.read_text())}
    unknown = [email for email in EMAILS if email.rpartition("@")[2].lower() not in known]

    assert len(EMAILS) - len(unknown) >= 150
    assert len(unknown) >= 10
