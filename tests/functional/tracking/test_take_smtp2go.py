"""What SMTP2GO reports at the tenant's own URL ends what it must, of mails with our header and of that tenant only."""

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.mail import FEEDBACK_HEADER
from drumbeat.domain.times import HOUR
from drumbeat.domain.token import hook_token, open_token
from functions.tracking import take_smtp2go
from tests.contract.scene import everything
from tests.faults import dies
from tests.reporting import ADDRESS, KEY, elsewhere, sent, suppression, token
from tests.stage import START, TENANT, Stage
from tests.world import Context, api_event

FORM = "application/x-www-form-urlencoded"
ENDS = {
    "hard bounce": ({"event": "bounce", "bounce": "hard", "message": "550 5.1.1 no"}, EnrollmentState.BOUNCED, "b0.1"),
    "reject": ({"event": "reject"}, EnrollmentState.BOUNCED, "b0.1"),
    "spam": ({"event": "spam"}, EnrollmentState.UNSUBSCRIBED, "s0.1"),
    "unsubscribe": ({"event": "unsubscribe"}, EnrollmentState.UNSUBSCRIBED, "u0.1"),
}
GOES_ON = {
    "processed": ({"event": "processed"}, set()),
    "delivered": ({"event": "delivered"}, set()),
    "soft bounce": ({"event": "bounce", "bounce": "soft"}, {"t0.1"}),
    "bounce of no kind": ({"event": "bounce"}, {"t0.1"}),
    "open": ({"event": "open"}, set()),
    "click": ({"event": "click"}, set()),
    "resubscribe": ({"event": "resubscribe"}, set()),
    "of a kind to come": ({"event": "teleported"}, set()),
    "of no kind": ({}, set()),
}


@pytest.fixture
def stage(aws, monkeypatch, server):
    return sent(Stage(monkeypatch), server)


def event(**fields: Any) -> dict[str, Any]:
    return {"rcpt": ADDRESS, "email_id": "1vMKxK", "auth": "acme", FEEDBACK_HEADER: token()} | fields


def call(
    body: Any, *, kind: str = "application/json", path: str | None = None, is_base64: bool = False
) -> dict[str, Any]:
    text = body if isinstance(body, str) else urlencode(body) if kind == FORM else json.dumps(body)
    named = hook_token(bootstrap.token_keys(), TENANT, 1) if path is None else path
    asked = api_event("POST", path={"token": named}, raw=text, headers={"Content-Type": kind})
    return take_smtp2go.handler(asked | {"isBase64Encoded": is_base64}, Context())


def nothing_is_written(body: Any, status: int, **options: Any) -> dict[str, Any]:
    bootstrap.token_keys()
    before = everything()

    answer = call(body, **options)

    assert (answer["statusCode"], answer["body"]) == (status, "")
    assert everything() == before
    return answer


@pytest.mark.parametrize("kind", ["application/json", FORM, "Application/X-WWW-Form-Urlencoded; charset=UTF-8"])
@pytest.mark.parametrize(("fields", "state", "mark"), ENDS.values(), ids=ENDS)
def test_what_ends_all_mail_does(stage, fields, state, mark, kind):
    form = "www" in kind.lower()

    answer = call(urlencode(event(**fields)) if form else event(**fields), kind=kind)

    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert (stage.enrollment().state, set(stage.enrollment().marks)) == (state, {mark})
    assert "smtp2go" in json.dumps(suppression())
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED
    assert stage.enrollment(2).state is EnrollmentState.ACTIVE


@pytest.mark.parametrize(("fields", "marks"), GOES_ON.values(), ids=GOES_ON)
def test_what_ends_nothing_does_not(stage, fields, marks):
    assert call(event(**fields))["statusCode"] == 200

    assert (stage.enrollment().state, set(stage.enrollment().marks)) == (EnrollmentState.ACTIVE, marks)
    assert suppression() is None


def test_a_mail_in_doubt_that_smtp2go_has_counts_as_sent(stage):
    doubt = {"state": EnrollmentState.PARKED, "parked_at": START, "parked_reason": "no answer"}
    parked = replace(stage.enrollment(), step=0, sent_at=None, last_sent_at=None, **doubt)
    bootstrap.table().put(enrollment_item(parked))

    call(event(event="processed"))

    assert (stage.enrollment().state, stage.enrollment().step) == (EnrollmentState.ACTIVE, 1)


@pytest.mark.parametrize("name", [FEEDBACK_HEADER, FEEDBACK_HEADER.lower(), FEEDBACK_HEADER.upper()])
@pytest.mark.parametrize("inside", [False, True], ids=["beside the others", "among headers"])
def test_the_header_is_found_however_it_is_spelled(stage, name, inside):
    said = {name: token()}

    call({"event": "spam", "rcpt": ADDRESS} | ({"headers": said} if inside else said))

    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_a_list_of_events_and_a_body_in_base64_are_taken(stage):
    text = json.dumps([event(event="delivered"), event(event="open"), event(event="bounce", bounce="hard")])

    assert call(base64.b64encode(text.encode()).decode(), is_base64=True)["statusCode"] == 200
    assert stage.enrollment().state is EnrollmentState.BOUNCED


@pytest.mark.parametrize("fields", [fields for fields, *_ in (*ENDS.values(), *GOES_ON.values())], ids=str)
def test_what_is_told_forty_six_times_is_one_transition(stage, fields):
    call(event(**fields))
    once = stage.enrollment()
    stage.now += HOUR

    for _ in range(9):
        call([event(**fields)] * 5)

    assert stage.enrollment() == once
    assert stage.enrollment().marks == once.marks


BOUNCE = {"event": "bounce", "bounce": "hard"}


@pytest.mark.parametrize("path", ["", "nonsense", "x" * 500])
def test_a_url_that_is_not_ours_changes_nothing(stage, path):
    nothing_is_written(event(**BOUNCE), 403, path=path)


def test_a_token_for_something_else_is_no_hook(stage):
    nothing_is_written(event(**BOUNCE), 403, path=token())
    nothing_is_written(event(**BOUNCE), 403, path=open_token(bootstrap.token_keys(), TENANT, KEY, 0, 1))


def test_another_tenant_s_url_says_nothing_about_our_mails(stage):
    nothing_is_written(event(**BOUNCE), 200, path=hook_token(bootstrap.token_keys(), TENANT + 1, 1))


@pytest.mark.parametrize("said", [None, "", "nonsense", 7, ["x"]])
def test_a_mail_that_does_not_carry_our_token_is_nobody_s(stage, said):
    nothing_is_written(event(**BOUNCE) | {FEEDBACK_HEADER: said}, 200)


def test_an_address_that_the_contact_has_no_more_is_left_alone(stage):
    call(event(**BOUNCE, rcpt="old@corp.example"))

    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert suppression() is None


UNREADABLE = ["", "{", "7", '"x"', "null", "[1]", "[[]]", '{"event":', "[" * 100_000, "\ud800", f"[{'{},' * 101}{{}}]"]


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_can_t_be_read_changes_nothing(stage, body):
    nothing_is_written(body, 400)


def test_what_is_too_large_is_not_read(stage):
    nothing_is_written("[" + " " * 1024 * 1024 + "]", 413)


def test_a_form_with_too_many_fields_is_not_read(stage):
    nothing_is_written("&".join(f"a{place}=1" for place in range(300)), 400, kind=FORM)


def test_a_mail_that_is_under_way_has_to_be_reported_again(stage):
    claimed = replace(stage.enrollment(2), owner="me", lease=START + HOUR, sender=1)
    bootstrap.table().put(enrollment_item(claimed))
    late = event(**BOUNCE) | {FEEDBACK_HEADER: token(key=claimed.key)}

    answer = call([late, event(**BOUNCE)])

    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "360")
    assert stage.enrollment(2) == claimed
    assert stage.enrollment().state is EnrollmentState.BOUNCED


def test_a_call_that_dies_is_finished_when_it_comes_again(stage):
    bootstrap.token_keys()
    at = 1
    while dies(lambda: call(event(**BOUNCE)), at, after=at % 2 == 0):
        at += 1

    assert at > 8
    assert stage.enrollment().state is EnrollmentState.BOUNCED
    assert suppression() is not None
    assert elsewhere().state is EnrollmentState.UNSUBSCRIBED
