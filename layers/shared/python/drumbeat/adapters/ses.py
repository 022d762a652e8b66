"""Amazon SES: one request a mail, and every way it can end has its verdict (reliability F-50)."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

from botocore import exceptions as sdk

from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.verdict import Accepted, Attempted, Rejected, SenderTrouble, Unknown, Withheld

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from drumbeat.application.send_ports import StopCheck
    from drumbeat.domain.mail import Mail
    from drumbeat.domain.sequence import Sender

TAG = "drumbeat"
"""The tag that carries a mail's feedback token to SES and back."""
_ABOUT_THE_SENDER = re.compile(
    r"not verified|failed the check|identit|configuration set|suspended|paused", re.IGNORECASE
)


class _Refusal(Enum):
    """What a refusal of SES is about."""

    MAIL = auto()  # this mail or its recipient, for good
    SENDER = auto()  # the sender or the account: the mail may go later


_REFUSALS: Mapping[str, _Refusal] = {
    "MessageRejected": _Refusal.MAIL,
    "BadRequestException": _Refusal.MAIL,
    "TooManyRequestsException": _Refusal.SENDER,
    "LimitExceededException": _Refusal.SENDER,
    "ThrottlingException": _Refusal.SENDER,
    "Throttling": _Refusal.SENDER,
    "AccountSuspendedException": _Refusal.SENDER,
    "SendingPausedException": _Refusal.SENDER,
    "MailFromDomainNotVerifiedException": _Refusal.SENDER,
    "NotFoundException": _Refusal.SENDER,
    "AccessDeniedException": _Refusal.SENDER,
    "AccessDenied": _Refusal.SENDER,
    "NotAuthorized": _Refusal.SENDER,
    "OptInRequired": _Refusal.SENDER,
    "UnrecognizedClientException": _Refusal.SENDER,
    "InvalidClientTokenId": _Refusal.SENDER,
    "MissingAuthenticationTokenException": _Refusal.SENDER,
    "IncompleteSignatureException": _Refusal.SENDER,
    "InvalidSignatureException": _Refusal.SENDER,
    "SignatureDoesNotMatch": _Refusal.SENDER,
    "RequestExpired": _Refusal.SENDER,
    "ExpiredTokenException": _Refusal.SENDER,
    "ExpiredToken": _Refusal.SENDER,
}
"""Every refusal by its code. One that is not here, or comes with 500 and above, leaves the mail's fate unknown."""
_NEVER_SENT = (
    sdk.EndpointConnectionError,
    sdk.ConnectTimeoutError,
    sdk.ProxyConnectionError,
    sdk.NoCredentialsError,
    sdk.PartialCredentialsError,
    sdk.CredentialRetrievalError,
    sdk.NoRegionError,
    sdk.ParamValidationError,
)
"""Troubles before there is a connection that the mail could have gone over."""


class SesMailer:
    """Sends mails through the account's SES, each with its feedback token as a tag.

    `client` must not repeat a request by itself. `configuration_set` makes SES report. Any thread may send.
    """

    def __init__(self, client: SESV2Client, configuration_set: str) -> None:
        self._client = client
        self._configuration_set = configuration_set

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up: a connection that sat idle may be dead, and a mail lost on it would be one in doubt."""
        self._client.close()

    def send(self, sender: Sender, mail: Mail, stop: StopCheck) -> Attempted:  # noqa: ARG002 - the port's signature
        """Sends one mail in one request; `stop` is asked right before. Raises only what `stop` raises."""
        state = stop()
        if state is not None:
            return Withheld(state)
        try:
            return self._request(mail)
        except sdk.ClientError as refusal:
            return _verdict_of(refusal)
        except _NEVER_SENT as trouble:
            return SenderTrouble(f"no connection to SES: {fit_to_keep(str(trouble))}")
        except Exception as trouble:  # whatever it is, the request may have arrived
            if _is_distrust(trouble):
                return SenderTrouble("no connection to SES: its certificate is not trusted")
            return Unknown(f"no answer from SES: {type(trouble).__name__} {fit_to_keep(str(trouble))}".strip())

    def _request(self, mail: Mail) -> Attempted:
        # No FromEmailAddress: SES would put it, without the sender's name, in the place of the mail's own From.
        answer = self._client.send_email(
            Destination={"ToAddresses": [mail.recipient]},
            Content={"Raw": {"Data": mail.content}},
            EmailTags=[{"Name": TAG, "Value": mail.feedback}] if mail.feedback else [],
            ConfigurationSetName=self._configuration_set,
        )
        given = answer.get("MessageId")
        if not given:
            return Unknown("SES answered without a message id")
        return Accepted(message_id_of(given, self._client.meta.region_name))


def message_id_of(given: str, region: str) -> str:
    """The Message-ID that a mail goes out with: SES puts the id that it has `given` in the place of ours."""
    return f"<{given}@{'email' if region == 'us-east-1' else region}.amazonses.com>"


def _verdict_of(refusal: sdk.ClientError) -> Attempted:
    code = refusal.response.get("Error", {}).get("Code", "")
    status = refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    text = fit_to_keep(refusal.response.get("Error", {}).get("Message", ""))
    about = _REFUSALS.get(code)
    if about is None or not 400 <= status < 500:
        return Unknown(f"SES answered {status} {fit_to_keep(code)}: {text}")
    if about is _Refusal.MAIL and not _ABOUT_THE_SENDER.search(text):
        return Rejected(status, f"{code}: {text}")
    return SenderTrouble(f"{code}: {text}")


def _is_distrust(trouble: BaseException) -> bool:
    """Whether the server's certificate was refused, which ends a connection before anything is said."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(trouble))


def _causes(trouble: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = trouble
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
