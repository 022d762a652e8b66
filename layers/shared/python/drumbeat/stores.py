"""The adapters that stand for themselves, each imported when it is asked for: a function pays only for its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.config import settings

if TYPE_CHECKING:
    from drumbeat.adapters.dns import DnsMailDomains
    from drumbeat.adapters.dynamodb.batches import BatchStore
    from drumbeat.adapters.dynamodb.call_groups import CallGroupStore
    from drumbeat.adapters.dynamodb.circumstances import CircumstanceStore
    from drumbeat.adapters.dynamodb.contact_imports import ContactImportStore
    from drumbeat.adapters.dynamodb.contact_search import ContactSearchStore
    from drumbeat.adapters.dynamodb.contacts import ContactStore
    from drumbeat.adapters.dynamodb.credits import CreditStore
    from drumbeat.adapters.dynamodb.enrollment_changes import EnrollmentChangeStore
    from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
    from drumbeat.adapters.dynamodb.event_log import EventStore
    from drumbeat.adapters.dynamodb.lanes import DynamoLanes
    from drumbeat.adapters.dynamodb.leads import LeadStore
    from drumbeat.adapters.dynamodb.links import LinkStore
    from drumbeat.adapters.dynamodb.listeners import ListenerStore
    from drumbeat.adapters.dynamodb.numbers import Counters
    from drumbeat.adapters.dynamodb.parked import ParkedStore
    from drumbeat.adapters.dynamodb.programs import ProgramStore
    from drumbeat.adapters.dynamodb.recipients import RecipientStore
    from drumbeat.adapters.dynamodb.records import Records
    from drumbeat.adapters.dynamodb.references import ReferenceStore
    from drumbeat.adapters.dynamodb.sequences import SequenceStore
    from drumbeat.adapters.dynamodb.signals import SignalStore
    from drumbeat.adapters.dynamodb.skips import SkipStore
    from drumbeat.adapters.dynamodb.statistics import StatisticsStore
    from drumbeat.adapters.dynamodb.subscriptions import SubscriptionStore
    from drumbeat.adapters.dynamodb.suppressions import SuppressionStore
    from drumbeat.adapters.dynamodb.tenants import TenantStore
    from drumbeat.adapters.dynamodb.throttles import ThrottleStore
    from drumbeat.adapters.dynamodb.workspaces import WorkspaceStore
    from drumbeat.adapters.kms import KmsVault
    from drumbeat.adapters.sqs import SqsBatchQueue
    from drumbeat.adapters.webhooks import Webhooks
    from drumbeat.domain.company import Company
    from drumbeat.domain.custom_object import CustomObject
    from drumbeat.domain.opportunity import Opportunity
    from drumbeat.domain.ruleset import Ruleset
    from drumbeat.domain.sequence import Sender, Sequence
    from drumbeat.domain.user import User


@cache
def table() -> Table:
    return Table(aws.client("dynamodb"), settings().table)


def numbers() -> Counters:
    from drumbeat.adapters.dynamodb.numbers import Counters

    return Counters(table())


def tenants() -> TenantStore:
    from drumbeat.adapters.dynamodb.tenants import TenantStore

    return TenantStore(table())


def workspaces() -> WorkspaceStore:
    from drumbeat.adapters.dynamodb.workspaces import WorkspaceStore

    return WorkspaceStore(table())


def contact_imports() -> ContactImportStore:
    from drumbeat.adapters.dynamodb.contact_imports import ContactImportStore

    return ContactImportStore(table())


def contacts() -> ContactStore:
    from drumbeat.adapters.dynamodb.contacts import ContactStore

    return ContactStore(table())


def contact_search() -> ContactSearchStore:
    from drumbeat.adapters.dynamodb.contact_search import ContactSearchStore

    return ContactSearchStore(table())


def links() -> LinkStore:
    from drumbeat.adapters.dynamodb.links import LinkStore

    return LinkStore(table())


def listeners() -> ListenerStore:
    from drumbeat.adapters.dynamodb.listeners import ListenerStore

    return ListenerStore(table())


def event_log() -> EventStore:
    from drumbeat.adapters.dynamodb.event_log import EventStore

    return EventStore(table())


def statistics() -> StatisticsStore:
    from drumbeat.adapters.dynamodb.statistics import StatisticsStore

    return StatisticsStore(table())


def recipients() -> RecipientStore:
    from drumbeat.adapters.dynamodb.recipients import RecipientStore

    return RecipientStore(table())


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


def rulesets() -> Records[Ruleset]:
    from drumbeat.adapters.dynamodb.kinds import ruleset_records

    return ruleset_records(table())


def sequence_records() -> Records[Sequence]:
    from drumbeat.adapters.dynamodb.kinds import sequence_records

    return sequence_records(table())


def sender_records() -> Records[Sender]:
    from drumbeat.adapters.dynamodb.kinds import sender_records

    return sender_records(table())


def enrollments() -> EnrollmentStore:
    from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore

    return EnrollmentStore(table())


def leads() -> LeadStore:
    from drumbeat.adapters.dynamodb.leads import LeadStore

    return LeadStore(table())


def parked() -> ParkedStore:
    from drumbeat.adapters.dynamodb.parked import ParkedStore

    return ParkedStore(table())


def circumstances() -> CircumstanceStore:
    from drumbeat.adapters.dynamodb.circumstances import CircumstanceStore

    return CircumstanceStore(table())


def batches() -> BatchStore:
    from drumbeat.adapters.dynamodb.batches import BatchStore

    return BatchStore(table())


def skips() -> SkipStore:
    from drumbeat.adapters.dynamodb.skips import SkipStore

    return SkipStore(table())


def lanes() -> DynamoLanes:
    from drumbeat.adapters.dynamodb.lanes import DynamoLanes

    return DynamoLanes(table())


def vault() -> KmsVault:
    from drumbeat.adapters.kms import KmsVault

    return KmsVault(aws.client("kms"), settings().sender_key_id)


def webhooks() -> Webhooks:
    from drumbeat.adapters.webhooks import Webhooks

    return Webhooks(private_allowed=settings().private_servers_allowed)


def batch_queue() -> SqsBatchQueue:
    from drumbeat.adapters.sqs import SqsBatchQueue

    return SqsBatchQueue(aws.client("sqs"), settings().batch_queue_url)


def mail_domains() -> DnsMailDomains:
    from drumbeat.adapters.dns import DnsMailDomains

    return DnsMailDomains(settings().dns_server)


def signals() -> SignalStore:
    from drumbeat.adapters.dynamodb.signals import SignalStore

    return SignalStore(table())


def suppressions() -> SuppressionStore:
    from drumbeat.adapters.dynamodb.suppressions import SuppressionStore

    return SuppressionStore(table())


def subscriptions() -> SubscriptionStore:
    from drumbeat.adapters.dynamodb.subscriptions import SubscriptionStore

    return SubscriptionStore(table())


def throttles() -> ThrottleStore:
    from drumbeat.adapters.dynamodb.throttles import ThrottleStore

    return ThrottleStore(table())


def enrollment_changes() -> EnrollmentChangeStore:
    from drumbeat.adapters.dynamodb.enrollment_changes import EnrollmentChangeStore

    return EnrollmentChangeStore(table())


def references() -> ReferenceStore:
    from drumbeat.adapters.dynamodb.references import ReferenceStore

    return ReferenceStore(table())


def credit_ledger() -> CreditStore:
    from drumbeat.adapters.dynamodb.credits import CreditStore

    return CreditStore(table())


def call_groups() -> CallGroupStore:
    from drumbeat.adapters.dynamodb.call_groups import CallGroupStore

    return CallGroupStore(table())
