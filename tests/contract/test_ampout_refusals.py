"""Every refusal of AmpOut's error tables, each by the request that brings it about, in the contract's envelope."""

from collections.abc import Callable

import pytest

from drumbeat import bootstrap
from drumbeat.domain.subscription import Subscription
from drumbeat.entrypoints import keys
from tests.contract.ampout import ERROR_TYPE, FIELDS, REFUSALS, ROUTES, Given, Refused
from tests.contract.scene import MISSING, Scene, everything, furnished, setting, tenant_of
from tests.world import Answer, Caller, campaign, new_tenant


def assert_is_refusal(answer: Answer, status: int, code: str) -> None:
    """The contract's envelope: these members and no others, and a type that leads to the code."""
    assert (answer.status, answer.body.get("code")) == (status, code), answer
    assert set(answer.body) == {"code", "type", "message", "details"}
    assert answer.body["type"] == f"{ERROR_TYPE}{code}"
    assert isinstance(answer.body["message"], str)
    assert answer.body["message"]
    assert isinstance(answer.body["details"], dict)
    assert answer.headers["Content-Type"] == "application/json"


def _with_a_revoked_key(scene: Scene, operation: str) -> Answer:
    made = scene.caller("create_api_key", {})
    assert scene.caller("delete_api_key", key_id=made.body["id"]).status == 204
    keys.forget()
    return scene.call(operation, caller=Caller(made.body["plaintext"]))


def _unknown(name: str) -> Callable[[Scene, str], Answer]:
    return lambda scene, operation: scene.call(operation, **{name: MISSING})


def _body(body: object) -> Callable[[Scene, str], Answer]:
    return lambda scene, operation: scene.call(operation, body=body)


def _nothing_to_send(scene: Scene, operation: str) -> Answer:
    empty = scene.caller("create_campaign", campaign()).body["id"]
    return scene.call(operation, campaign_id=empty)


def _enrolled_twice(scene: Scene, operation: str) -> Answer:
    scene.call(operation)
    return scene.call(operation)


def _too_often(scene: Scene, operation: str) -> Answer:
    with setting(SIGNUP_LIMIT_PER_HOUR="1"):
        scene.call(operation)
        return scene.call(operation)


def _at_the_limit(_: Scene, operation: str) -> Answer:
    spent = furnished()
    bootstrap.subscriptions().set(tenant_of(spent.caller), Subscription("starter", "Starter", "paid", 0))
    return spent.call(operation)


def _last_key(_: Scene, operation: str) -> Answer:
    lonely = new_tenant()
    return lonely(operation, key_id=lonely("list_api_keys").body[0]["id"])


TRIGGERS: dict[str, Callable[[Scene, str], Answer]] = {
    "no key": lambda scene, operation: scene.call(operation, caller=Caller("")),
    "malformed key": lambda scene, operation: scene.call(operation, caller=Caller(f"{scene.caller.key[:-1]}!")),
    "revoked key": _with_a_revoked_key,
    "not JSON": lambda scene, operation: scene.call(operation, body=None, raw="{"),
    "unknown campaign_id": _unknown("campaign_id"),
    "unknown contact_id": _unknown("contact_id"),
    "unknown import_id": _unknown("import_id"),
    "unknown outreach_id": _unknown("outreach_id"),
    "unknown credential_id": _unknown("credential_id"),
    "unknown key_id": _unknown("key_id"),
    "unknown webhook_id": _unknown("webhook_id"),
    "no url": _body({"webhook": {"event_filters": ["*"]}}),
    "an unknown event": _body({"webhook": {"url": "https://crm.example/", "event_filters": ["enrollment.read"]}}),
    "disabled by hand": _body({"webhook": {"disabled_at": "2026-11-21T00:00:00Z"}}),
    "body names an unknown import": _body({"contact_import_id": MISSING}),
    "body names an unknown contact": _body({"contact_id": MISSING}),
    "body names an unknown outreach": _body(campaign(outreach_id=MISSING)),
    "no name": lambda scene, operation: scene.call(operation, body={_wrapper_of(operation): {"contacts": [{}]}}),
    "empty name": _body({"outreach": {"name": "  "}}),
    "no steps": _body(campaign(sequence_steps=[])),
    "no credentials": _body(campaign(smtp_credentials=[])),
    "no contacts": _body({"contact_import": {"name": "empty", "contacts": []}}),
    "contacts left out": _body({"contact_import": {"name": "empty"}}),
    "no host": lambda scene, operation: scene.call(
        operation, body=_without(scene.body_of(operation), "smtp_credential", "smtp_host")
    ),
    "port zero": _body({"smtp_credential": {"smtp_port": 0}}),
    "bad e-mail": _body({"contact": {"email": "nobody"}}),
    "duplicate": lambda scene, operation: scene.call(
        operation, body={"contact": {"email": "P1@corp.example"}}, contact_id=scene.contact_id
    ),
    "nothing to send": _nothing_to_send,
    "not active": lambda scene, operation: scene.call(operation),
    "not paused": lambda scene, operation: scene.call(operation),
    "twice": _enrolled_twice,
    "last key": _last_key,
    "no addresses": _body({"emails": []}),
    "addresses left out": _body({}),
    "plan limit": _at_the_limit,
    "too often": _too_often,
}


def _wrapper_of(operation: str) -> str:
    return {"create_outreach": "outreach", "create_contact_import": "contact_import"}[operation]


def _without(body: dict, wrapper: str, name: str) -> dict:
    if not wrapper:
        return {key: value for key, value in body.items() if key != name}
    return {wrapper: _without(body[wrapper], "", name)}


@pytest.mark.parametrize("refused", REFUSALS, ids=lambda r: f"{r.operation}-{r.when}".replace(" ", "_"))
def test_a_refusal_has_the_contract_s_status_code_and_envelope(refused: Refused, shared: Scene):
    answer = TRIGGERS[refused.when](shared, refused.operation)

    assert_is_refusal(answer, refused.status, refused.code)
    assert ("Retry-After" in answer.headers) == (refused.status == 429)


def test_a_plan_limit_is_told_with_what_a_client_can_act_on(shared: Scene):
    answer = _at_the_limit(shared, "dispatch_campaign")

    assert answer.body["details"] == {"current_period_sends": 0, "monthly_limit": 0, "plan_slug": "starter"}


REQUIRED = [given for given in FIELDS if given.is_required]
OPTIONAL = [given for given in FIELDS if not given.is_required]


@pytest.mark.parametrize("given", REQUIRED, ids=lambda g: f"{g.operation}-{g.name}")
def test_a_required_field_that_is_missing_or_null_is_named_and_nothing_is_written(given: Given, shared: Scene):
    good = shared.body_of(given.operation)
    null = {given.name: None}
    before = everything()

    missing = shared.call(given.operation, body=_without(good, given.wrapper, given.name))
    cleared = {given.wrapper: good[given.wrapper] | null} if given.wrapper else good | null
    empty = shared.call(given.operation, body=cleared)

    for answer in (missing, empty):
        assert_is_refusal(answer, 422, "validation_failed")
        assert given.name in answer.body["message"]
    assert everything() == before


@pytest.mark.parametrize("given", OPTIONAL, ids=lambda g: f"{g.operation}-{g.name}")
def test_an_optional_field_can_be_left_out(given: Given, stack: None):
    scene = furnished()
    body = _without(scene.body_of(given.operation), given.wrapper, given.name)

    answer = scene.call(given.operation, body=body)

    assert answer.status in (200, 201)
    if given.operation == "create_campaign":
        shown = scene.caller("get_campaign", campaign_id=answer.body["id"]).body[given.name]
        assert shown == given.default
    elif given.default is not None:
        assert answer.body[given.name] == given.default


def test_only_the_sign_up_needs_no_key():
    guarded = {refused.operation for refused in REFUSALS if refused.when == "no key"}

    assert {route.operation for route in ROUTES} - guarded == {"signup"}
