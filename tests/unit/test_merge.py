"""Merge fields are filled once, from an allow-list, and can't break out of where they stand."""

import pytest

from drumbeat.domain.merge import fill_html, fill_line, unknown_fields

ANN = {"first_name": "Ann", "last_name": None, "email": "ann@corp.example", "company": "{{email}} & <b>Sons</b>"}
INJECTIONS = [
    "{{first_name.__class__}}", "{{ 7*7 }}", "{% for x in y %}", "${7*7}", "#{7*7}", "{first_name}", "{{{{email}}}}",
    "{{config}}", "{{self.__init__.__globals__}}", "<%= 7*7 %>", "{{''.join}}", "{0.__class__}", "%(first_name)s",
    "{{request|attr('x')}}", "{{env \"HOME\"}}", "{{.Env}}", "{{constructor}}", "{{FIRST_NAME}}", "{{first_name}",
]  # fmt: skip


def test_the_four_fields_are_filled():
    assert fill_html("{{first_name}}|{{ last_name }}|{{email}}", ANN) == "Ann||ann@corp.example"


def test_a_value_is_never_looked_at_again():
    assert fill_line("{{company}}", ANN) == "{{email}} & <b>Sons</b>"


def test_a_value_is_inert_in_html():
    assert fill_html('<a title="{{company}}">', ANN) == '<a title="{{email}} &amp; &lt;b&gt;Sons&lt;/b&gt;">'


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x85", "\u2028", "\x00", "\x0b"])
def test_a_line_stays_one_line(end):
    assert fill_line("Hi {{first_name}}", {"first_name": f"A{end}Bcc: x@y.example"}) == "Hi A Bcc: x@y.example"


@pytest.mark.parametrize("template", INJECTIONS)
def test_there_is_no_language_to_speak(template):
    assert fill_html(template, dict.fromkeys(["first_name", "email"], "")) in {
        template,
        template.replace("{{email}}", ""),
    }


def test_unknown_fields_are_named_once_in_order():
    assert unknown_fields("{{name}} {{first_name}} {{ city }} {{name}}") == ("name", "city")


def test_a_template_of_known_fields_has_none():
    assert unknown_fields("{{first_name}} { {email} {{company}}") == ()


def test_a_megabyte_of_open_braces_is_read_in_no_time():
    hostile = "{{ " * 350_000

    assert fill_html(hostile, ANN) == hostile
