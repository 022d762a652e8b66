"""The only place that builds adapters; each is imported when it is asked for, so a function pays only for its own."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.config import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from drumbeat.adapters.dns import DnsMailDomains
    from drumbeat.adapters.dynamodb.batches import BatchStore
    from drumbeat.adapters.dynamodb.circumstances import CircumstanceStore
    from drumbeat.adapters.dynamodb.contact_imports import ContactImportStore
    from drumbeat.adapters.dynamodb.contacts import ContactStore
    from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
    from drumbeat.adapters.dynamodb.lanes import DynamoLanes
    from drumbeat.adapters.dynamodb.numbers import Counters
    from drumbeat.adapters.dynamodb.parked import ParkedStore
    from drumbeat.adapters.dynamodb.programs import ProgramStore
    from drumbeat.adapters.dynamodb.records import Records
    from drumbeat.adapters.dynamodb.rulesets import RulesetStore
    from drumbeat.adapters.dynamodb.sequences import SequenceStore
    from drumbeat.adapters.dynamodb.signals import SignalStore
    from drumbeat.adapters.dynamodb.tenants import TenantStore
    from drumbeat.adapters.kms import KmsVault
    from drumbeat.adapters.mailers import MailerByKind
    from drumbeat.adapters.sqs import SqsBatchQueue
    from drumbeat.application.contacts import DeletePorts
    from drumbeat.application.deliver import SendPorts
    from drumbeat.application.dispatch_due import DispatchPorts
    from drumbeat.application.enroll_rows import EnrollPorts
    from drumbeat.application.schedules import SchedulePorts
    from drumbeat.application.send_ports import Mailer
    from drumbeat.application.sequences import SequencePorts
    from drumbeat.application.take_provider_event import ProviderEventPorts
    from drumbeat.domain.company import Company
    from drumbeat.domain.custom_object import CustomObject
    from drumbeat.domain.opportunity import Opportunity
    from drumbeat.domain.provider_event import ProviderEvent
    from drumbeat.domain.sequence import SenderKind
    from drumbeat.domain.token import TokenKeys
    from drumbeat.domain.user import User


ledger = aws.ledger


@cache
def table() -> Table:
    return Table(aws.client("dynamodb"), settings().table)


def numbers() -> Counters:
    from drumbeat.adapters.dynamodb.numbers import Counters

    return Counters(table())


def tenants() -> TenantStore:
    from drumbeat.adapters.dynamodb.tenants import TenantStore

    return TenantStore(table())


def contact_imports() -> ContactImportStore:
    from drumbeat.adapters.dynamodb.contact_imports import ContactImportStore

    return ContactImportStore(table())


def contacts() -> ContactStore:
    from drumbeat.adapters.dynamodb.contacts import ContactStore

    return ContactStore(table())


def users() -> Records[User]:
    from drumbeat.adapters.dynamodb.kinds import user_records

    return user_records(table())


def companies() -> Records[Company]:
    from drumbeat.adapters.dynamodb.kinds import company_records

    return company_records(table())


def opportunities() -> Records[Opportunity]:
    from drumbeat.adapters.dynamodb.kinds import opportunity_records

    return opportunity_records(table())


def custom_objects(object_name: str) -> Records[CustomObject]:
    from drumbeat.adapters.dynamodb.kinds import custom_object_records

    return custom_object_records(table(), object_name)


def programs() -> ProgramStore:
    from drumbeat.adapters.dynamodb.programs import ProgramStore

    return ProgramStore(table())


def sequences() -> SequenceStore:
    from drumbeat.adapters.dynamodb.sequences import SequenceStore

    return SequenceStore(table())


def rulesets() -> RulesetStore:
    from drumbeat.adapters.dynamodb.rulesets import RulesetStore

    return RulesetStore(table())


def enrollments() -> EnrollmentStore:
    from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore

    return EnrollmentStore(table())


def parked() -> ParkedStore:
    from drumbeat.adapters.dynamodb.parked import ParkedStore

    return ParkedStore(table())


def circumstances() -> CircumstanceStore:
    from drumbeat.adapters.dynamodb.circumstances import CircumstanceStore

    return CircumstanceStore(table())


def batches() -> BatchStore:
    from drumbeat.adapters.dynamodb.batches import BatchStore

    return BatchStore(table())


def lanes() -> DynamoLanes:
    from drumbeat.adapters.dynamodb.lanes import DynamoLanes

    return DynamoLanes(table())


def vault() -> KmsVault:
    from drumbeat.adapters.kms import KmsVault

    return KmsVault(aws.client("kms"), settings().sender_key_id)


def batch_queue() -> SqsBatchQueue:
    from drumbeat.adapters.sqs import SqsBatchQueue

    return SqsBatchQueue(aws.client("sqs"), settings().batch_queue_url)


def mail_domains() -> DnsMailDomains:
    from drumbeat.adapters.dns import DnsMailDomains

    return DnsMailDomains(settings().dns_server)


def enroll_ports() -> EnrollPorts:
    from drumbeat.application.enroll_rows import EnrollPorts

    return EnrollPorts(
        sequences=sequences(),
        programs=programs(),
        contact_imports=contact_imports(),
        contacts=contacts(),
        enrollments=enrollments(),
        batches=batches(),
        lanes=lanes(),
        mail_domains=mail_domains(),
        numbers=numbers(),
        queue=batch_queue(),
    )


def delete_ports() -> DeletePorts:
    from drumbeat.application.contacts import DeletePorts

    return DeletePorts(
        contact_imports=contact_imports(),
        contacts=contacts(),
        enrollments=enrollments(),
        sequences=sequences(),
        queue=batch_queue(),
    )


def sequence_ports() -> SequencePorts:
    from drumbeat.application.sequences import SequencePorts

    return SequencePorts(sequences=sequences(), programs=programs(), numbers=numbers(), vault=vault())


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

    keys, attempts = token_keys(), AttemptStore(table())
    with ExitStack() as connections:
        mailer = _mailer(connections)
        yield SendPorts(attempts=attempts, mailer=mailer, keys=keys, tracking_url=settings().tracking_url)


def _mailer(connections: ExitStack) -> MailerByKind:
    """Sends through SES only where the template has set it up."""
    from drumbeat.adapters.mailers import MailerByKind
    from drumbeat.adapters.smtp import SmtpMailer
    from drumbeat.domain.sequence import SenderKind

    smtp = SmtpMailer(vault(), plaintext_allowed=settings().smtp_plaintext_allowed)
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


def signals() -> SignalStore:
    from drumbeat.adapters.dynamodb.signals import SignalStore

    return SignalStore(table())


def provider_event_ports() -> ProviderEventPorts:
    from drumbeat.adapters.dynamodb.reports import ReportStore
    from drumbeat.application.take_provider_event import ProviderEventPorts

    return ProviderEventPorts(
        enrollments=enrollments(),
        sequences=sequences(),
        contacts=contacts(),
        signals=signals(),
        reports=ReportStore(table()),
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
