"""How our own calls name an enrollment."""

from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, enrollment_key


def key_of_enrollment(tenant: int, spelled: str) -> EnrollmentKey:
    """The enrollment an id names. Raises NotFound for anything else."""
    key = enrollment_key(tenant, spelled)
    if key is None:
        raise NotFound("enrollment")
    return key
