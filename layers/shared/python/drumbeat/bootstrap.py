"""The only place, with `stores`, that builds adapters; each is imported when it is asked for."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from drumbeat.adapters import aws
from drumbeat.adapters import correlation as correlations
from drumbeat.config import settings
from drumbeat.stores import *

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from drumbeat.adapters.connector import WebhookConnector
    from drumbeat.adapters.mailers import MailerByKind
    from drumbeat.adapters.smtp import Patience
    from drumbeat.application.addition import AddPorts
    from drumbeat.application.batch_ports import BatchPorts
    from drumbeat.application.contacts import DeletePorts
    from drumbeat.application.deliver import SendPorts
    from drumbeat.application.dispatch_due import DispatchPorts
    from drumbeat.application.enroll_rows import EnrollPorts
    from drumbeat.application.enrollment_actions import ActionPorts
    from drumbeat.application.find_enrollments import FindPorts
    from drumbeat.application.let_in import LetInPorts
    from drumbeat.application.people import PeoplePorts
    from drumbeat.application.relink import RelinkPorts
    from drumbeat.application.schedules import SchedulePorts
    from drumbeat.application.send_ports import Mailer
    from drumbeat.application.sequence_settings import SettingsPorts
    from drumbeat.application.sequences import SequencePorts
    from drumbeat.application.take_provider_event import ProviderEventPorts
    from drumbeat.domain.provider_event import ProviderEvent
    from drumbeat.domain.sealing import TokenKeys
    from drumbeat.domain.sequence import SenderKind


ledger = aws.ledger
is_passing = aws.is_passing
code_of = aws.code_of
correlation = correlations.correlation


def enroll_ports() -> EnrollPorts:
    from drumbeat.application.enroll_rows import EnrollPorts

    return EnrollPorts(
        sequences=sequences(),
        programs=programs(),
        contact_imports=contact_imports(),
        contacts=contacts(),
        enrollments=enrollments(),
        skips=skips(),
        lanes=lanes(),
        mail_domains=mail_domains(),
        numbers=numbers(),
    )


def batch_ports() -> BatchPorts:
    from drumbeat.application.batch_ports import BatchPorts

    return BatchPorts(batches=batches(), numbers=numbers(), queue=batch_queue())


def delete_ports() -> DeletePorts:
    from drumbeat.application.contacts import DeletePorts

    return DeletePorts(
        contact_imports=contact_imports(),
        contacts=contacts(),
        enrollments=enrollments(),
        sequences=sequences(),
        queue=batch_queue(),
    )


def enrollment_action_ports() -> ActionPorts:
    from drumbeat.application.enrollment_actions import ActionPorts

    return ActionPorts(enrollments=enrollments(), changes=enrollment_changes(), sequences=sequences(), lanes=lanes())


def let_in_ports() -> LetInPorts:
    from drumbeat.application.let_in import LetInPorts

    return LetInPorts(
        throttles=throttles(),
        enrollments=enrollments(),
        changes=enrollment_changes(),
        sequences=sequences(),
        lanes=lanes(),
    )


def add_ports() -> AddPorts:
    from drumbeat.application.addition import AddPorts

    return AddPorts(
        contacts=contacts(),
        enrollments=enrollments(),
        sequences=sequences(),
        rulesets=rulesets(),
        programs=programs(),
        lanes=lanes(),
        letting_in=let_in_ports(),
    )


def relink_ports() -> RelinkPorts:
    from drumbeat.application.relink import RelinkPorts

    return RelinkPorts(leads(), enrollment_changes(), contacts(), numbers(), sequences(), lanes())


def people_ports() -> PeoplePorts:
    from drumbeat.application.people import PeoplePorts

    return PeoplePorts(
        contacts=contacts(), links=links(), enrollments=enrollments(), signals=signals(), numbers=numbers()
    )


def sequence_ports() -> SequencePorts:
    from drumbeat.application.sequences import SequencePorts

    return SequencePorts(sequences=sequences(), programs=programs(), numbers=numbers(), vault=vault())


def settings_ports() -> SettingsPorts:
    from drumbeat.application.sequence_settings import SettingsPorts

    return SettingsPorts(sequences=sequences(), records=sequence_records(), links=links(), numbers=numbers())


def find_ports() -> FindPorts:
    from drumbeat.application.find_enrollments import FindPorts

    return FindPorts(
        enrollments=enrollments(),
        sequences=sequence_records(),
        senders=sender_records(),
        contacts=contacts(),
        contact_search=contact_search(),
        links=links(),
    )


def schedule_ports() -> SchedulePorts:
    from drumbeat.adapters.holiday_calendars import ListedCalendars
    from drumbeat.application.schedules import SchedulePorts

    return SchedulePorts(tenants=tenants(), sequences=sequences(), calendars=ListedCalendars(), lanes=lanes())


def dispatch_ports() -> DispatchPorts:
    from drumbeat.adapters.sqs import SqsHints
    from drumbeat.application.dispatch_due import DispatchPorts

    return DispatchPorts(lanes=lanes(), hints=SqsHints(aws.client("sqs"), settings().send_queue_url))


@contextmanager
def send_ports() -> Iterator[SendPorts]:
    """For one invocation, as connections to mail servers do not outlive it."""
    from drumbeat.adapters.dynamodb.sends import AttemptStore
    from drumbeat.application.deliver import SendPorts

    keys, tracking_url = token_keys(), settings().tracking_url
    with ExitStack() as connections:
        mails, app = mailer(connections), _connector(keys, tracking_url)
        yield SendPorts(AttemptStore(table()), signals(), enrollments(), mails, app, keys, tracking_url)


def _connector(keys: TokenKeys, public_url: str) -> WebhookConnector:
    from drumbeat.adapters.connector import WebhookConnector

    return WebhookConnector(webhooks(), vault(), keys, f"{public_url}/drumbeat/v1/connector")


def mailer(connections: ExitStack, patience: Patience | None = None) -> MailerByKind:
    """Sends through SES only where the template has set it up."""
    from drumbeat.adapters.mailers import MailerByKind
    from drumbeat.adapters.smtp import SmtpMailer
    from drumbeat.domain.sequence import SenderKind

    smtp = SmtpMailer(vault(), plaintext_allowed=settings().private_servers_allowed, patience=patience)
    mailers: dict[SenderKind, Mailer] = {SenderKind.SMTP: connections.enter_context(smtp)}
    if settings().ses_configuration_set:
        from drumbeat.adapters.ses import SesMailer

        ses = SesMailer(aws.client("sesv2"), settings().ses_configuration_set)
        mailers[SenderKind.SES] = connections.enter_context(ses)
    return MailerByKind(mailers)


@cache
def token_keys() -> TokenKeys:
    from drumbeat.adapters.secrets import read_token_keys

    return read_token_keys(aws.client("secretsmanager"), settings().token_secret_arn)


def provider_event_ports() -> ProviderEventPorts:
    from drumbeat.adapters.dynamodb.reports import ReportStore
    from drumbeat.adapters.dynamodb.soft_bounces import SoftBounceStore
    from drumbeat.application.take_provider_event import ProviderEventPorts

    return ProviderEventPorts(
        enrollments=enrollments(),
        sequences=sequences(),
        contacts=contacts(),
        signals=signals(),
        reports=ReportStore(table()),
        soft_bounces=SoftBounceStore(table()),
        lanes=lanes(),
        keys=token_keys(),
    )


def ses_event(event: Mapping[str, Any]) -> ProviderEvent | None:
    """`ses_events.read_ses_event`."""
    from drumbeat.adapters.ses_events import read_ses_event

    return read_ses_event(event)


def run_once(
    *, owner: str, operation: str, scope: str, key: str, context: LambdaContext, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """`idempotency.run_once` on this stack's records."""
    from drumbeat.adapters import idempotency

    return idempotency.run_once(
        aws.client("dynamodb"),
        settings().idempotency_table,
        owner=owner,
        operation=operation,
        scope=scope,
        key=key,
        context=context,
        act=act,
    )
