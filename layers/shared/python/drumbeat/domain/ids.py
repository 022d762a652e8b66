"""One number per resource and tenant, and its spelling as a UUID (architecture §4, RFC 9562 version 8).

A UUID packs kind, tenant and number, so that spelling and reading need no look-up. An enrollment's packs tenant,
sequence, contact and run: being enrolled is a property of the key.
"""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

TENANT_BITS = 30
NUMBER_BITS = 53
SEQUENCE_BITS = 26
CONTACT_BITS = 48
RUN_BITS = 10
_KIND_BITS = 5
_PAYLOAD_BITS = 122
_ENROLLMENT_TAIL = SEQUENCE_BITS + CONTACT_BITS + RUN_BITS


class Kind(IntEnum):
    """What a number counts. The values are part of every id ever handed out: never renumber."""

    TENANT = 1
    API_KEY = 2
    CONTACT = 3
    CONTACT_IMPORT = 4
    PROGRAM = 5
    SEQUENCE = 6
    SENDER = 7
    ENROLLMENT = 8
    BATCH = 9
    SKIP = 10
    USER = 11
    OPPORTUNITY = 12
    COMPANY = 13
    RULESET = 14
    CUSTOM_OBJECT = 15
    WORKSPACE = 16
    WEBHOOK = 17  # its numbers are counted with those of senders: a number names one receiver


@dataclass(frozen=True, slots=True, order=True)
class EnrollmentKey:
    """Names one run of one contact through one sequence."""

    sequence: int
    contact: int
    run: int = 0


def resource_uuid(kind: Kind, tenant: int, number: int) -> str:
    """The UUID of a resource. Raises OverflowError when a number has outgrown its bits."""
    _fits(tenant, TENANT_BITS)
    _fits(number, NUMBER_BITS)
    free = _PAYLOAD_BITS - _KIND_BITS - TENANT_BITS - NUMBER_BITS
    return _spell((((int(kind) << TENANT_BITS | tenant) << NUMBER_BITS) | number) << free)


def resource_number(kind: Kind, tenant: int, spelled: str) -> int | None:
    """The number behind a UUID of this kind and tenant, or None for any other text."""
    payload = _read(spelled)
    if payload is None:
        return None
    free = _PAYLOAD_BITS - _KIND_BITS - TENANT_BITS - NUMBER_BITS
    number = payload >> free & (1 << NUMBER_BITS) - 1
    head = payload >> free + NUMBER_BITS
    matches = head == (int(kind) << TENANT_BITS | tenant) and payload & (1 << free) - 1 == 0
    return number if matches else None


def tenant_number(spelled: str) -> int | None:
    """The tenant whose own UUID this is, or None for any other text."""
    payload = _read(spelled)
    if payload is None:
        return None
    number = payload >> _PAYLOAD_BITS - _KIND_BITS - TENANT_BITS & (1 << TENANT_BITS) - 1
    return number if number and resource_number(Kind.TENANT, number, spelled) == number else None


def enrollment_uuid(tenant: int, key: EnrollmentKey) -> str:
    """The UUID of an enrollment. Raises OverflowError when a number has outgrown its bits."""
    _fits(tenant, TENANT_BITS)
    _fits(key.sequence, SEQUENCE_BITS)
    _fits(key.contact, CONTACT_BITS)
    _fits(key.run, RUN_BITS)
    tail = (key.sequence << CONTACT_BITS | key.contact) << RUN_BITS | key.run
    free = _PAYLOAD_BITS - _KIND_BITS - TENANT_BITS - _ENROLLMENT_TAIL
    return _spell(((int(Kind.ENROLLMENT) << TENANT_BITS | tenant) << _ENROLLMENT_TAIL | tail) << free)


def enrollment_key(tenant: int, spelled: str) -> EnrollmentKey | None:
    """The key behind an enrollment's UUID of this tenant, or None for any other text."""
    payload = _read(spelled)
    if payload is None:
        return None
    free = _PAYLOAD_BITS - _KIND_BITS - TENANT_BITS - _ENROLLMENT_TAIL
    if payload >> free + _ENROLLMENT_TAIL != int(Kind.ENROLLMENT) << TENANT_BITS | tenant:
        return None
    tail = payload >> free
    return EnrollmentKey(
        sequence=tail >> CONTACT_BITS + RUN_BITS & (1 << SEQUENCE_BITS) - 1,
        contact=tail >> RUN_BITS & (1 << CONTACT_BITS) - 1,
        run=tail & (1 << RUN_BITS) - 1,
    )


NUMBERED_CONTACT_BITS = 29
NUMBERED_SEQUENCE_BITS = 18
NUMBERED_RUN_BITS = 6


def enrollment_number(key: EnrollmentKey) -> int:
    """The enrollment as one number of 53 bits, which JSON's numbers carry exactly (ADR 20).

    Raises OverflowError when contact, sequence or run has outgrown its bits.
    """
    _fits(key.contact, NUMBERED_CONTACT_BITS)
    _fits(key.sequence, NUMBERED_SEQUENCE_BITS)
    _fits(key.run, NUMBERED_RUN_BITS)
    return (key.contact << NUMBERED_SEQUENCE_BITS | key.sequence) << NUMBERED_RUN_BITS | key.run


def key_of_enrollment_number(number: int) -> EnrollmentKey | None:
    """The key behind an enrollment's number, or None for a number that names none."""
    if not 0 <= number < 1 << NUMBERED_CONTACT_BITS + NUMBERED_SEQUENCE_BITS + NUMBERED_RUN_BITS:
        return None
    return EnrollmentKey(
        sequence=number >> NUMBERED_RUN_BITS & (1 << NUMBERED_SEQUENCE_BITS) - 1,
        contact=number >> NUMBERED_SEQUENCE_BITS + NUMBERED_RUN_BITS,
        run=number & (1 << NUMBERED_RUN_BITS) - 1,
    )


def _fits(number: int, bits: int) -> None:
    if not 0 <= number < 1 << bits:
        raise OverflowError(f"{number} does not fit {bits} bits")


def _spell(payload: int) -> str:
    mixed = _mix(payload)
    high = mixed >> 74
    middle = mixed >> 62 & 0xFFF
    low = mixed & (1 << 62) - 1
    return str(UUID(int=high << 80 | 0x8 << 76 | middle << 64 | 0b10 << 62 | low))


def _read(spelled: str) -> int | None:
    try:
        value = UUID(spelled)
    except ValueError:
        return None
    if value.version != 8 or str(value) != spelled.lower():
        return None
    bits = value.int
    return _unmix((bits >> 80) << 74 | (bits >> 64 & 0xFFF) << 62 | bits & (1 << 62) - 1)


# Neighbouring numbers get ids that share nothing, and a mistyped id names nothing: unmixed, it has the wrong head. This
# hides no secret; it spares people ids that differ in one digit. The constants are part of every id ever handed out.
_MASK = (1 << _PAYLOAD_BITS) - 1
_HALF = _PAYLOAD_BITS // 2
_FACTORS = (0x2D358DCCAA6C78A5F1EA5C1D9E3779B, 0x1B873593CC9E2D51EB44ACCAB455165)
_INVERSES = tuple(pow(factor, -1, _MASK + 1) for factor in _FACTORS)


def _mix(payload: int) -> int:
    for factor in _FACTORS:
        payload ^= payload >> _HALF
        payload = payload * factor & _MASK
    return payload ^ payload >> _HALF


def _unmix(mixed: int) -> int:
    mixed ^= mixed >> _HALF
    for inverse in reversed(_INVERSES):
        mixed = mixed * inverse & _MASK
        mixed ^= mixed >> _HALF
    return mixed
