"""Ids as Julian spells them (contract 4.1): a word for the kind, a dot, and letters and digits in small.

An agent's and a call sequence's hold the UUID that the other APIs know, so that reading one needs no look-up. A call's
holds nothing: it is the same for every delivery of the same call, and another one for every other call.
"""

import re
from uuid import UUID

from drumbeat.domain.digest import digest
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_key, enrollment_uuid, resource_number, resource_uuid

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH = 25
_CALL_LENGTH = 26
_TAIL = re.compile(f"[0-9a-z]{{{_LENGTH}}}")
_AGENT = "agent."
_SEQUENCE = "call-sequence."
_CALL = "call."


def agent_id(tenant: int, number: int) -> str:
    """What clients call the agent that this sequence is."""
    return _AGENT + _spelled(UUID(resource_uuid(Kind.SEQUENCE, tenant, number)).int)


def agent_number(tenant: int, spelled: str) -> int:
    """The sequence that an agent is. Raises NotFound for any text that is not the id of one of this tenant's."""
    number = resource_number(Kind.SEQUENCE, tenant, _uuid(_AGENT, spelled))
    if number is None:
        raise NotFound("agent")
    return number


def sequence_id(tenant: int, key: EnrollmentKey) -> str:
    """What clients call the sequence of calls that this enrollment is."""
    return _SEQUENCE + _spelled(UUID(enrollment_uuid(tenant, key)).int)


def sequence_key(tenant: int, spelled: str) -> EnrollmentKey:
    """The enrollment that a call sequence is. Raises NotFound for any text that is not the id of one of this tenant."""
    key = enrollment_key(tenant, _uuid(_SEQUENCE, spelled))
    if key is None:
        raise NotFound("sequence")
    return key


def call_id(tenant: int, key: EnrollmentKey, batch_tag: str, asked: int) -> str:
    """What clients call the call that the enrollment with this tag asked for under this number, which only grows."""
    return _CALL + digest(f"{enrollment_uuid(tenant, key)}\x00{batch_tag}\x00{asked}")[:_CALL_LENGTH]


def _spelled(value: int) -> str:
    text = ""
    for _ in range(_LENGTH):
        value, digit = divmod(value, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text


def _uuid(word: str, spelled: str) -> str:
    """The UUID behind an id; empty for a text that is none."""
    tail = spelled.removeprefix(word)
    if tail == spelled or not _TAIL.fullmatch(tail) or int(tail, 36) >> 128:
        return ""
    return str(UUID(int=int(tail, 36)))
