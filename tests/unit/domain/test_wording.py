"""What a step said is what its mail or message said, as plain text."""

from drumbeat.domain.contact import Contact
from drumbeat.domain.draft import Draft
from drumbeat.domain.sequence import DraftStrategy, Step, StepKind
from drumbeat.domain.wording import Wording, wording_of

ADA = Contact(1, 1, 1, "ada@corp.example", "Ada", "Lovelace", None, None, 0)
MAIL = Step(1, "Hello {{first_name}}", "<p>Hi {{first_name}}</p><p>Bye</p>", 0)


def test_markup_becomes_lines_and_fields_are_filled_in():
    assert wording_of(MAIL, ADA, None, None) == Wording("Hi Ada\n\nBye\n", "Hello Ada")


def test_plain_text_is_as_it_was_written():
    step = Step(1, "Hello", "", 0, text="Hi {{first_name}},\n  <b>seen</b> this?")

    assert wording_of(step, ADA, None, None) == Wording("Hi Ada,\n  <b>seen</b> this?", "Hello")


def test_the_lead_s_name_is_what_the_tenant_says():
    wording = wording_of(MAIL, ADA, "Countess of Lovelace", None)

    assert wording is not None
    assert wording.subject == "Hello Countess"


def test_a_drafted_mail_said_its_draft_and_nothing_in_it_is_filled_in():
    step = Step(1, "Hello {{first_name}}", "", 0, draft=DraftStrategy.AI)

    assert wording_of(step, ADA, None, Draft("Dear {{x}}", "For you")) == Wording("Dear {{x}}", "For you")
    assert wording_of(step, ADA, None, Draft("Dear {{x}}")) == Wording("Dear {{x}}", "Hello Ada")
    assert wording_of(step, ADA, None, None) is None


def test_a_message_on_a_channel_has_no_subject_and_what_the_app_wrote_is_not_known():
    step = Step(1, "", "", 0, kind=StepKind.LINKEDIN_MESSAGE, text="Hi {{first_name}}")

    assert wording_of(step, ADA, None, None) == Wording("Hi Ada")
    assert wording_of(Step(1, "", "", 0, kind=StepKind.LINKEDIN_CONNECT), ADA, None, None) is None
    drafted = Step(1, "", "", 0, kind=StepKind.LINKEDIN_MESSAGE, draft=DraftStrategy.AI)
    assert wording_of(drafted, ADA, None, None) is None
