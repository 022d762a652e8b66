"""The numbering plans: every country's example is read, and nothing that comes over the wire breaks the reading."""

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.adapters.phone_numbers import PlannedNumbers
from drumbeat.domain.phone import Phone, PhoneProblem

PHONES = PlannedNumbers()


def test_an_example_of_every_country_is_read_in_three_spellings():
    forms = phonenumbers.PhoneNumberFormat
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number(region)
        e164 = phonenumbers.format_number(example, forms.E164)
        for form in (forms.E164, forms.INTERNATIONAL, forms.RFC3966):
            assert PHONES.read(phonenumbers.format_number(example, form)) == Phone(e164), region


def test_what_was_read_reads_as_itself():
    for text in ("+1 (555) 123-4567", "+44 (0)20 7946 0958", "+39 06 12345678"):
        read = PHONES.read(text)
        assert isinstance(read, Phone)
        assert PHONES.read(read.number) == read


def test_the_zones_of_a_number_are_those_of_its_area():
    assert PHONES.zones("+12125550100") == ("America/New_York",)
    assert set(PHONES.zones("+18005550100")) > {"America/New_York", "America/Denver"}
    assert PHONES.zones("+15551234567") == ()
    assert PHONES.zones("no number") == ()


@settings(derandomize=True, max_examples=500, deadline=None, database=None)
@given(st.text(max_size=40) | st.text("+0123456789 ()-x;=,./#٣", max_size=40))
def test_any_text_is_a_number_or_says_why_not(text):
    read = PHONES.read(text)

    assert isinstance(read, PhoneProblem) or PHONES.read(read.number) == Phone(read.number)
