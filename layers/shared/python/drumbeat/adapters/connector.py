"""Tenants' own apps, asked by webhook: each request names the URLs at which it may be answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING

from drumbeat.dialects.app_requests import request_id
from drumbeat.dialects.julian.requests import call_body
from drumbeat.dialects.julian.signing import dialler_headers
from drumbeat.dialects.myagentmail.requests import request_body
from drumbeat.dialects.myagentmail.signing import signed_headers
from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.sequence import Sender, StepKind
from drumbeat.domain.token import Asked, connector_token
from drumbeat.domain.verdict import Accepted, Retry, Unknown
from drumbeat.domain.webhook import Posted, Unreached

if TYPE_CHECKING:
    from drumbeat.adapters.webhooks import Webhooks
    from drumbeat.application.ports import Vault
    from drumbeat.application.send_ports import StepRequest
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.sealing import TokenKeys

_PERHAPS = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
"""Statuses of something before the app, which lost it or its patience: the app may have taken the request."""
_CALLS = call_body, dialler_headers
_CADENCES = request_body, signed_headers
"""How a request is spelled, and what its headers are: a dialler is asked in another language than other apps."""


@dataclass(frozen=True, slots=True)
class WebhookConnector:
    """Asks tenants' apps, for one invocation: a secret is opened once. May be used from several threads."""

    webhooks: Webhooks
    vault: Vault
    keys: TokenKeys
    answers_url: str
    _secrets: dict[tuple[int, int, str], str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def ask(self, app: Sender, request: StepRequest) -> Accepted | Retry | Unknown:
        """Posts the request to the app, signed. What this raises comes from the vault, and nothing was posted."""
        secret = self._secret(app)
        spell, sign = _CALLS if request.step.kind is StepKind.CALL else _CADENCES
        body = spell(request, f"{self.answers_url}/{self._token(request.enrollment)}")
        headers = sign(request_id(request.enrollment), body, secret)
        return _verdict(self.webhooks.post(app.host, body, headers))

    def _token(self, enrollment: Enrollment) -> str:
        about = enrollment.tenant, enrollment.key, enrollment.step, enrollment.epoch, enrollment.asked
        return connector_token(self.keys, Asked(*about))

    def _secret(self, app: Sender) -> str:
        place = app.tenant, app.number, app.sealed_password
        with self._lock:
            if place not in self._secrets:
                opened = self.vault.open(app.sealed_password, tenant=app.tenant, sender=app.number)
                self._secrets[place] = opened
            return self._secrets[place]


def _verdict(posted: Posted) -> Accepted | Retry | Unknown:
    if isinstance(posted, Unreached):
        reason = fit_to_keep(f"the app: {posted.reason}")
        return Unknown(reason) if posted.perhaps_taken else Retry(reason)
    if posted.is_taken:
        return Accepted()
    reason = fit_to_keep(f"the app answered {posted.status} {posted.said}")
    return Unknown(reason) if posted.status in _PERHAPS else Retry(reason)
