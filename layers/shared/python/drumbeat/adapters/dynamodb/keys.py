"""The only place, with the modules it gathers, that spells a key of the table (docs/data-model.md explains them)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb.address_keys import *
from drumbeat.adapters.dynamodb.batch_keys import *
from drumbeat.adapters.dynamodb.event_keys import *
from drumbeat.adapters.dynamodb.inbox_keys import *
from drumbeat.adapters.dynamodb.index_keys import *

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey

PAGE_BITS = 8
PAGE = 1 << PAGE_BITS
SHARDS = 16
REFERENCE = "R#"
type Key = tuple[str, str]


def tenant(number: int) -> Key:
    return f"T#{number}", "TENANT"


def api_keys(tenant_number: int) -> Key:
    """The partition of a tenant's keys and their common prefix."""
    return f"T#{tenant_number}", "KEY#"


def api_key(tenant_number: int, digest: str) -> Key:
    return f"T#{tenant_number}", f"KEY#{digest}"


def workspaces(tenant_number: int) -> str:
    return f"T#{tenant_number}#WORKSPACE"


def workspace(tenant_number: int, number: int) -> Key:
    return workspaces(tenant_number), f"{number:016d}"


def counter(tenant_number: int, kind: int) -> Key:
    return f"T#{tenant_number}#COUNTER", f"{kind}"


def signups(source: str, hour: int) -> Key:
    """How often an address signed up in an hour."""
    return f"T#0#SIGNUPS#{source}", f"{hour}"


def calls(tenant_number: int, api_key_number: int, api: str, block: int) -> Key:
    """How many calls a key has made of an API, in each window of a block."""
    return f"T#{tenant_number}#CALLS#{api_key_number}", f"{api}#{block}"


def made(tenant_number: int, intent: str) -> Key:
    """What a create call with this intent has made."""
    return f"T#{tenant_number}#MADE#{intent}", "MADE"


def contact_page(tenant_number: int, number: int) -> str:
    """The partition of the contacts numbered like this one."""
    return f"T#{tenant_number}#C#{number >> PAGE_BITS}"


def contact(tenant_number: int, number: int) -> Key:
    return contact_page(tenant_number, number), contact_sort(number)


def contact_sort(number: int) -> str:
    return f"{number:016d}"


def contacts_of_company(tenant_number: int, company_number: int) -> str:
    """Related index: the contacts of a company, sorted like the contacts themselves."""
    return f"T#{tenant_number}#CC#{company_number}"


def company(tenant_number: int, number: int) -> Key:
    return f"T#{tenant_number}#CO#{number >> PAGE_BITS}", contact_sort(number)


def user(tenant_number: int, number: int) -> Key:
    return f"T#{tenant_number}#USER", f"{number:016d}"


def opportunity(tenant_number: int, number: int) -> Key:
    return f"T#{tenant_number}#OPPORTUNITY", f"{number:016d}"


def custom_object(tenant_number: int, object_name: str, number: int) -> Key:
    """A record of a kind that the tenant made up."""
    return f"T#{tenant_number}#OBJECT#{object_name}", f"{number:016d}"


def contact_imports(tenant_number: int) -> str:
    return f"T#{tenant_number}#IMPORT"


def contact_import(tenant_number: int, number: int) -> Key:
    return contact_imports(tenant_number), f"{number:016d}"


def programs(tenant_number: int) -> str:
    return f"T#{tenant_number}#PROGRAM"


def program(tenant_number: int, number: int) -> Key:
    return programs(tenant_number), f"{number:016d}"


def membership(tenant_number: int, program_number: int, contact_number: int) -> Key:
    """Which of a program's sequences took the contact first."""
    return f"T#{tenant_number}#P#{program_number}#{contact_number >> PAGE_BITS}", contact_sort(contact_number)


def fence(tenant_number: int, contact_number: int) -> Key:
    """How often the contact was added to a sequence where exclusivity counts: of two adds at once one must know."""
    return f"T#{tenant_number}#X#{contact_number >> PAGE_BITS}", contact_sort(contact_number)


def sequences(tenant_number: int) -> str:
    return f"T#{tenant_number}#SEQUENCE"


def sequence(tenant_number: int, number: int) -> Key:
    return sequences(tenant_number), f"{number:016d}"


def rulesets(tenant_number: int) -> str:
    return f"T#{tenant_number}#RULESET"


def ruleset(tenant_number: int, number: int) -> Key:
    return rulesets(tenant_number), f"{number:016d}"


def senders(tenant_number: int) -> str:
    return f"T#{tenant_number}#SENDER"


def sender(tenant_number: int, number: int) -> Key:
    return senders(tenant_number), f"{number:016d}"


def lane(tenant_number: int, sender_number: int) -> Key:
    return f"T#{tenant_number}#LANE", f"{sender_number:016d}"


def allowance(tenant_number: int, sequence_number: int, day: int) -> Key:
    """What the lanes of a sequence with a daily cap have drawn on a UTC day."""
    return f"T#{tenant_number}#CAP#{sequence_number}", f"{day:06d}"


def throttle(tenant_number: int, sequence_number: int) -> Key:
    """How many enrollments a sequence has let in."""
    return f"T#{tenant_number}#THROTTLE", f"{sequence_number:016d}"


def enrollment_shard(tenant_number: int, sequence_number: int, shard: int) -> str:
    return f"T#{tenant_number}#S#{sequence_number}#{shard:x}"


def enrollment(tenant_number: int, key: EnrollmentKey) -> Key:
    shard = enrollment_shard(tenant_number, key.sequence, key.contact % SHARDS)
    return shard, f"{key.contact:016d}#{key.run:04d}"


def draft(tenant_number: int, key: EnrollmentKey, step: int) -> Key:
    """The text that the tenant's app wrote for a step of an enrollment."""
    page = f"T#{tenant_number}#S#{key.sequence}#DRAFTS#{key.contact >> PAGE_BITS}"
    return page, f"{key.contact:016d}#{key.run:04d}#{step:04d}"


def lead_lock(tenant_number: int, sequence_number: int, digest: str) -> Key:
    """Which enrollment of a sequence has an external id."""
    return f"T#{tenant_number}#S#{sequence_number}#LEAD#{digest}", "LOCK"


def lead_context(tenant_number: int, key: EnrollmentKey) -> Key:
    """What the tenant's app is told about an enrollment's lead."""
    page = f"T#{tenant_number}#S#{key.sequence}#CONTEXTS#{key.contact >> PAGE_BITS}"
    return page, f"{key.contact:016d}#{key.run:04d}"


def callee(tenant_number: int, key: EnrollmentKey) -> Key:
    """Whom an enrollment calls."""
    page = f"T#{tenant_number}#S#{key.sequence}#CALLEES#{key.contact >> PAGE_BITS}"
    return page, f"{key.contact:016d}#{key.run:04d}"


def call_result(tenant_number: int, key: EnrollmentKey, asked: int) -> Key:
    """What a call of an enrollment came to; `asked` is the number of the request for it."""
    page = f"T#{tenant_number}#S#{key.sequence}#CALLS#{key.contact >> PAGE_BITS}"
    return page, f"{key.contact:016d}#{key.run:04d}#{asked:06d}"


def references(tenant_number: int, digest: str) -> str:
    """The partition of a variable with a value: who was accepted with it, and since when that is canceled."""
    return f"T#{tenant_number}#VARIABLE#{digest}"


def reference(tenant_number: int, digest: str, key: EnrollmentKey) -> Key:
    """That an enrollment's callee has this variable with this value."""
    return references(tenant_number, digest), f"{REFERENCE}{key.sequence:016d}#{key.contact:016d}#{key.run:04d}"


def cancellation(tenant_number: int, digest: str) -> Key:
    """Up to when everything that was accepted with this variable and value is canceled."""
    return references(tenant_number, digest), "CANCELED"


def credit_account(tenant_number: int) -> Key:
    """How many credits a tenant has a month, how many are set aside, and what each month has spent."""
    return credit_ledger(tenant_number), "ACCOUNT"


def credit_ledger(tenant_number: int) -> str:
    return f"T#{tenant_number}#CREDITS"


def credit_day(tenant_number: int, day: int, sequence_number: int) -> Key:
    """What the calls of a sequence have spent on a UTC day."""
    return credit_ledger(tenant_number), f"{credit_day_sort(day)}{sequence_number:016d}"


def credit_day_sort(day: int) -> str:
    """The beginning of all sequences' sort keys of a UTC day."""
    return f"DAY#{day:06d}#"


def returned_hold(tenant_number: int, key: EnrollmentKey) -> Key:
    """That what an enrollment had set aside was given back after the enrollment itself was gone."""
    page = f"T#{tenant_number}#S#{key.sequence}#RETURNED#{key.contact >> PAGE_BITS}"
    return page, f"{key.contact:016d}#{key.run:04d}"


def call_group(tenant_number: int, sequence_number: int, digest: str) -> Key:
    """People who are called one after the other; its members lie beside it."""
    return f"T#{tenant_number}#S#{sequence_number}#GROUP#{digest}", "GROUP"


def call_member(tenant_number: int, sequence_number: int, digest: str, ordinal: int) -> Key:
    partition, _ = call_group(tenant_number, sequence_number, digest)
    return partition, call_member_sort(ordinal)


def call_member_sort(ordinal: int) -> str:
    """The first of a group has 1; twelve digits hold every ordinal."""
    return f"M#{ordinal:012d}"


def skips(tenant_number: int, sequence_number: int) -> str:
    return f"T#{tenant_number}#S#{sequence_number}#SKIPS"


def skip_page(tenant_number: int, sequence_number: int, import_number: int, first_contact: int) -> Key:
    return skips(tenant_number, sequence_number), f"{import_number:016d}#{first_contact:016d}"
