"""Ids as UUIDs, in the dialects that spell them so."""

from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_key, resource_number

_KINDS = {
    "contact": Kind.CONTACT,
    "contact_import": Kind.CONTACT_IMPORT,
    "program": Kind.PROGRAM,
    "sequence": Kind.SEQUENCE,
    "sender": Kind.SENDER,
    "api_key": Kind.API_KEY,
    "workspace": Kind.WORKSPACE,
    "webhook": Kind.WEBHOOK,
}


def number_of(kind: str, tenant: int, spelled: str) -> int:
    """The number behind an id. Raises NotFound for anything that is not an id of this kind and tenant."""
    number = resource_number(_KINDS[kind], tenant, spelled)
    if number is None:
        raise NotFound(kind)
    return number


def key_of_enrollment(tenant: int, spelled: str) -> EnrollmentKey:
    """The enrollment behind an id. Raises NotFound for anything that is not the id of one of this tenant."""
    key = enrollment_key(tenant, spelled)
    if key is None:
        raise NotFound("enrollment")
    return key
