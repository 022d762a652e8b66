"""When somebody is back: dates as people write them, and what is made of those that nobody can be sure of."""

from datetime import date, timedelta

import pytest

from drumbeat.domain.return_date import MOST_DAYS, return_date
from drumbeat.domain.wording_of_mail import folded

TODAY = date(2026, 11, 21)  # a Saturday


def back_on(said: str, today: date = TODAY) -> str | None:
    found = return_date(folded(said), today)
    return found and found.isoformat()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I will be back on Monday, 30 November.", "2026-11-30"),
        ("I am out of the office until 12/04/2026 with limited access", "2026-12-04"),
        ("Ich bin bis einschließlich 4.12. nicht im Büro.", "2026-12-05"),
        ("Je suis absent du 1er au 15 décembre.", "2026-12-16"),
        ("Out until 2026-12-01", "2026-12-01"),
        ("I'll return next Monday", "2026-11-23"),
        ("Ich bin vom 23.11. bis 27.11.2026 im Urlaub. Ab dem 30.11. bin ich wieder da.", "2026-11-30"),
        ("vom 23. bis 27. November abwesend", "2026-11-28"),
        ("I am away November 23-27, 2026.", "2026-11-28"),
        ("from 23 Nov to 4 Dec I am on leave", "2026-12-05"),
        ("Estaré fuera de la oficina hasta el 7 de diciembre de 2026.", "2026-12-07"),
        ("del 23 al 27 de noviembre", "2026-11-28"),
        ("Sono in ferie fino al 4 dicembre. Rientro il 7 dicembre", "2026-12-07"),
        ("Estarei ausente de 23 a 30 de novembro, regresso a 2 de dezembro", "2026-12-02"),
        ("Ik ben afwezig t/m vrijdag 4 december.", "2026-12-05"),
        ("Vanaf 30 november ben ik weer bereikbaar", "2026-11-30"),
        ("Jag är tillbaka måndag den 30 november", "2026-11-30"),
        ("semester till och med 4/12", "2026-12-05"),
        ("Jestem na urlopie do 4 grudnia włącznie. Wracam 7 grudnia 2026 r.", "2026-12-07"),
        ("I was out until 5 October 2026", None),
        ("back on 5 October", None),
        ("We will answer as soon as we can. Call +49 30 12.34 56", None),
        ("I will be back tomorrow", "2026-11-22"),
        ("back in two weeks", "2026-12-05"),
        ("on parental leave until March 2027", "2027-03-01"),
        ("Back in the office on Dec 2nd at 10:30", "2026-12-02"),
        ("out of office until 31.12.2027", None),
        ("de retour le lundi 30 novembre 2026", "2026-11-30"),
        ("jusqu'au 4 décembre inclus", "2026-12-05"),
        ("I may be slow. I will respond within 2 days.", None),
        ("Absent through Friday, December 4, 2026", "2026-12-05"),
        ("am Montag bin ich zurück", "2026-11-23"),
        ("Our opening hours: Monday to Friday 9.00 to 17.00", None),
        ("I will be out of the office from Monday, November 23, returning Monday November 30.", "2026-11-30"),
        ("Abwesend 23.11.-27.11.", "2026-11-28"),
        ("Ich bin erst am 1. Dezember wieder im Büro", "2026-12-01"),
        ("Out of office: back 12/1", "2027-01-12"),
        ("Back on 02.12.26", "2026-12-02"),
        ("I am on vacation until the end of November", "2026-12-01"),
        ("Our office is closed on 25 December 2026.", "2026-12-26"),
        ("Jeg er tilbage den 1. december", "2026-12-01"),
        ("Back on the 30th", "2026-11-30"),
        ("I will be unavailable and will not be available until Tuesday", "2026-11-24"),
    ],
)
def test_a_return_is_read_as_people_write_it(said: str, expected: str | None):
    assert back_on(said) == expected


def test_of_two_readings_the_later_one_that_makes_sense_counts():
    assert back_on("until 12/04/2026", date(2026, 3, 20)) == "2026-04-12"
    assert back_on("until 12/04/2026", date(2026, 11, 21)) == "2026-12-04"
    assert back_on("until 01/02/2027", date(2026, 12, 28)) == "2027-02-01"


def test_a_return_never_lies_before_the_mail_nor_too_far_ahead():
    for days in range(-400, 400, 7):
        day = TODAY + timedelta(days)
        expected = day.isoformat() if 0 <= days <= MOST_DAYS else None

        assert back_on(f"back on {day.isoformat()}") == expected


def test_a_day_without_a_year_is_the_next_one():
    assert back_on("back on 2 January") == "2027-01-02"
    assert back_on("zurück am 2.1.", date(2026, 12, 30)) == "2027-01-02"


def test_next_friday_is_that_of_the_week_after_this_one():
    tuesday = date(2026, 11, 17)

    assert back_on("I am back next Friday", tuesday) == "2026-11-27"
    assert back_on("I am back on Friday", tuesday) == "2026-11-20"


@pytest.mark.parametrize(
    "said", ["", "31.02.2026", "until 99/99/2026", "back on 0 May", "bis 12.00 Uhr", "1.1 " * 3_000]
)
def test_what_is_no_date_is_none(said: str):
    assert back_on(said) is None
