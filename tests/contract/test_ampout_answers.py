"""Every endpoint of AmpOut's table 2.2: its route, its status and what its answer holds."""

import uuid
from base64 import b64decode

import pytest

from drumbeat.domain.enrollment import EnrollmentState
from tests.contract import ampout
from tests.contract.ampout import ROUTES, Route
from tests.contract.scene import OPERATIONS, READS, Scene, endpoint_of, is_instant, settled
from tests.world import CREDENTIAL, ROOT, Answer

ALL = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
# Every operation once, in an order in which each has something to work on.
_ORDER = (
    "signup", "create_api_key", "create_outreach", "update_outreach", "create_campaign", "create_contact_import",
    "update_contact", "create_smtp_credential", "update_smtp_credential", "enroll_contact", "enroll", *READS,
    "create_webhook", "update_webhook", "rotate_webhook_secret", "delete_webhook",
    "dispatch_campaign", "pause_campaign", "resume_campaign", "test_send", "reenable_smtp_credential",
    "delete_smtp_credential", "delete_contact", "delete_contact_import", "delete_api_key",
)  # fmt: skip


def _is_uuid(value):
    return isinstance(value, str) and str(uuid.UUID(value)) == value


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


TYPES = {
    "uuid": _is_uuid,
    "text": lambda value: isinstance(value, str),
    "texts": lambda value: isinstance(value, list) and all(isinstance(entry, str) for entry in value),
    "secret": lambda value: isinstance(value, str) and len(b64decode(value.removeprefix("whsec_"))) >= 24,
    "flag": lambda value: isinstance(value, bool),
    "count": _is_count,
    "hours": lambda value: isinstance(value, float) and value >= 0,
    "instant": is_instant,
    "key": lambda value: isinstance(value, str) and value.startswith("ak_live_"),
    "enabled": lambda value: value == "enabled",
    "campaign_status": lambda value: value in ("pending", "active", "paused"),
    "enrollment_status": lambda value: value in ampout.ENROLLMENT_STATUSES,
    "skip_kind": lambda value: value in ampout.SKIP_KINDS,
}


def _disagreements(shape, value, where="body", extra=()):
    """Where a value is not as the shape has it."""
    if isinstance(shape, str):
        allowed = shape.startswith("?") and value is None
        return [] if allowed or TYPES[shape.removeprefix("?")](value) else [f"{where}: {value!r} is no {shape}"]
    if isinstance(shape, list):
        assert value, f"{where} is empty: this proves nothing"
        return [line for place, row in enumerate(value) for line in _disagreements(shape[0], row, f"{where}.{place}")]
    lines = [f"{where}.{name} is missing" for name in shape if name not in value]
    lines += [f"{where}.{name} is not in the contract" for name in value if name not in shape and name not in extra]
    for name in shape.keys() & value.keys():
        lines += _disagreements(shape[name], value[name], f"{where}.{name}")
    return lines


@pytest.fixture(scope="module")
def answers(shared: Scene) -> dict[str, Answer]:
    """What every operation answers to a good request."""
    replied = {"state": EnrollmentState.REPLIED, "replied_at": 3}
    settled(shared.caller, shared.campaign_id, shared.contact_id, sent_at=1, opened_at=2, sender=1, **replied)
    return {operation: shared.call(operation) for operation in _ORDER}


def test_the_table_names_every_operation_we_have_and_no_other():
    ours = [path.stem for path in (ROOT / "functions/ampout").glob("*.py")]

    assert sorted(route.operation for route in ROUTES) == sorted(ours) == sorted(OPERATIONS) == sorted(_ORDER)


@ALL
def test_an_operation_answers_at_the_contract_s_method_and_path(route: Route):
    endpoint = endpoint_of(route.operation)

    ours = "/".join("*" if part.startswith("{") else part for part in endpoint.path.split("/"))
    theirs = "/".join("*" if part.startswith(":") else part for part in route.path.split("/"))
    assert (endpoint.method, ours) == (route.method, theirs)


@ALL
def test_an_answer_has_the_contract_s_status_and_fields_and_no_unknown_ones(route: Route, answers):
    answer = answers[route.operation]

    assert answer.status == route.status
    if route.status == 204:
        assert answer.body is None
        assert "Content-Type" not in answer.headers
        return
    assert answer.headers["Content-Type"] == "application/json"
    assert isinstance(answer.body, list) == route.is_list
    rows = answer.body if route.is_list else [answer.body]
    assert rows
    assert [line for row in rows for line in _disagreements(route.shape, row, extra=route.extra)] == []


def test_no_answer_shows_a_password_or_the_text_of_an_old_key(answers, shared: Scene):
    for answer in answers.values():
        assert CREDENTIAL["smtp_password"] not in repr(answer)
        assert shared.caller.key not in repr(answer)
