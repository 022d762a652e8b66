"""What our links, ids and addresses say to us, and to nobody else: each kind of token with what it names."""

from typing import NamedTuple

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sealing import Purpose, TokenKeys, seal, unseal

MOST_LINK_BYTES = 2_000
"""The longest address that a click's token carries: the request must pass through the gateway with its headers."""
_TENANT, _SEQUENCE, _CONTACT, _RUN, _STEP, _EPOCH, _ASKED, _SENDER = 4, 4, 6, 2, 2, 4, 4, 4
_STEP_PAYLOAD = _TENANT + _SEQUENCE + _CONTACT + _RUN + _STEP
_SENT_PAYLOAD = _STEP_PAYLOAD + _SENDER


class Sent(NamedTuple):
    """Which mail: a step of an enrollment, and who sent it; 0 where the token is older than senders in tokens."""

    tenant: int
    enrollment: EnrollmentKey
    step: int
    sender: int


class Mailed(NamedTuple):
    """Which mail, at which start of its step, to which contact and by whom; sender 0 as in `Sent`."""

    tenant: int
    enrollment: EnrollmentKey
    step: int
    epoch: int
    contact: int
    sender: int


class Asked(NamedTuple):
    """Which request to a tenant's app an answer is about: the one that had the number `asked`, about this step."""

    tenant: int
    enrollment: EnrollmentKey
    step: int
    epoch: int
    asked: int


def open_token(keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, sender: int) -> str:
    """The token of the open pixel in one mail."""
    return seal(keys, Purpose.OPEN, _sent_payload(tenant, enrollment, step, sender))


def opened_by(keys: TokenKeys, token: str) -> Sent | None:
    """The mail of a pixel's token; None for anything else."""
    return _sent_of(unseal(keys, Purpose.OPEN, token))


def click_token(keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, sender: int, url: str) -> str:
    """The token of one link in one mail. Raises ValueError for an address longer than `MOST_LINK_BYTES`."""
    address = url.encode()
    if len(address) > MOST_LINK_BYTES:
        raise ValueError("the address is too long to be carried")
    return seal(keys, Purpose.CLICK, _sent_payload(tenant, enrollment, step, sender) + address)


def clicked_by(keys: TokenKeys, token: str) -> tuple[Sent, str] | None:
    """The mail and the address of a link's token, byte for byte as it was signed; None for anything else."""
    payload = unseal(keys, Purpose.CLICK, token)
    sent = None if payload is None else _sent_of(payload[:_SENT_PAYLOAD])
    return None if payload is None or sent is None else (sent, payload[_SENT_PAYLOAD:].decode())


def unsubscribe_token(keys: TokenKeys, tenant: int, contact: int) -> str:
    """The token of a contact's unsubscribe link."""
    return seal(keys, Purpose.UNSUBSCRIBE, tenant.to_bytes(_TENANT) + contact.to_bytes(_CONTACT))


def unsubscribed_by(keys: TokenKeys, token: str) -> tuple[int, int] | None:
    """Tenant and contact of an unsubscribe token; None for anything else."""
    payload = unseal(keys, Purpose.UNSUBSCRIBE, token)
    if payload is None or len(payload) != _TENANT + _CONTACT:
        return None
    return int.from_bytes(payload[:_TENANT]), int.from_bytes(payload[_TENANT:])


def message_id(keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, domain: str) -> str:
    """The Message-ID of one step's mail: the same whenever it is made, and a reply to it can be read back."""
    return f"<{seal(keys, Purpose.MESSAGE, _step_payload(tenant, enrollment, step))}@{domain}>"


def identified_by(keys: TokenKeys, message_id: str) -> tuple[int, EnrollmentKey, int] | None:
    """Tenant, enrollment and step of one of our Message-IDs, with or without its brackets; None for anything else."""
    return _step_of(unseal(keys, Purpose.MESSAGE, message_id.removeprefix("<").partition("@")[0]))


def feedback_token(
    keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, epoch: int, contact: int, sender: int
) -> str:
    """The token that a provider is given with a mail and hands back with what it reports about it.

    `contact` is who is mailed; the token names it where that is not who was enrolled.
    """
    return seal(keys, Purpose.FEEDBACK, _mailed_payload(Mailed(tenant, enrollment, step, epoch, contact, sender)))


def reported_on(keys: TokenKeys, token: str) -> Mailed | None:
    """The mail of a feedback token; None for anything else."""
    return _mailed_of(unseal(keys, Purpose.FEEDBACK, token))


def return_path_token(
    keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, epoch: int, contact: int, sender: int
) -> str:
    """The token in the address that a mail's bounces go to: 39 signs where numbers are small, 75 at most.

    It is as short as the numbers are, as what is left of an @ may have 64 signs (RFC 5321, 4.5.3.1.1).
    """
    other = 0 if contact == enrollment.contact else contact
    numbers = tenant, enrollment.sequence, enrollment.contact, enrollment.run, step, epoch, other, sender
    return seal(keys, Purpose.RETURN_PATH, b"".join(_short(number) for number in numbers))


def returned_to(keys: TokenKeys, token: str) -> Mailed | None:
    """The mail of a return path's token; None for anything else."""
    payload = unseal(keys, Purpose.RETURN_PATH, token)
    if payload is None:
        return None
    tenant, sequence, enrolled, run, step, epoch, other, sender = _numbers_of(payload)
    key = EnrollmentKey(sequence, enrolled, run)
    return Mailed(tenant, key, step, epoch, other or enrolled, sender)


def hook_token(keys: TokenKeys, tenant: int, sender: int) -> str:
    """The token in the URL at which a provider reports about a sender's mails; sender 0 is the whole tenant."""
    return seal(keys, Purpose.HOOK, tenant.to_bytes(_TENANT) + sender.to_bytes(_SENDER))


def hooked_by(keys: TokenKeys, token: str) -> tuple[int, int] | None:
    """Tenant and sender of a hook's token; None for anything else."""
    payload = unseal(keys, Purpose.HOOK, token)
    return None if payload is None else (int.from_bytes(payload[:_TENANT]), int.from_bytes(payload[_TENANT:]))


def connector_token(keys: TokenKeys, request: Asked) -> str:
    """The token in the URLs at which the tenant's app answers one request."""
    payload = _step_payload(request.tenant, request.enrollment, request.step)
    return seal(keys, Purpose.CONNECTOR, payload + request.epoch.to_bytes(_EPOCH) + request.asked.to_bytes(_ASKED))


def answered_by(keys: TokenKeys, token: str) -> Asked | None:
    """What a token that the tenant's app brings back was given out for; None for anything else."""
    payload = unseal(keys, Purpose.CONNECTOR, token)
    about = None if payload is None else _step_of(payload[: -_EPOCH - _ASKED])
    if payload is None or about is None:
        return None
    epoch, asked = payload[-_EPOCH - _ASKED : -_ASKED], payload[-_ASKED:]
    return Asked(*about, int.from_bytes(epoch), int.from_bytes(asked))


def _step_payload(tenant: int, key: EnrollmentKey, step: int) -> bytes:
    numbers = (tenant, _TENANT), (key.sequence, _SEQUENCE), (key.contact, _CONTACT), (key.run, _RUN), (step, _STEP)
    return b"".join(number.to_bytes(size) for number, size in numbers)


def _step_of(payload: bytes | None) -> tuple[int, EnrollmentKey, int] | None:
    if payload is None or len(payload) != _STEP_PAYLOAD:
        return None
    numbers = []
    for size in (_TENANT, _SEQUENCE, _CONTACT, _RUN, _STEP):
        numbers.append(int.from_bytes(payload[:size]))
        payload = payload[size:]
    tenant, sequence, contact, run, step = numbers
    return tenant, EnrollmentKey(sequence, contact, run), step


def _sent_payload(tenant: int, key: EnrollmentKey, step: int, sender: int) -> bytes:
    return _step_payload(tenant, key, step) + sender.to_bytes(_SENDER)


def _sent_of(payload: bytes | None) -> Sent | None:
    """An older payload ends before the sender."""
    if payload is None or len(payload) not in {_STEP_PAYLOAD, _SENT_PAYLOAD}:
        return None
    about = _step_of(payload[:_STEP_PAYLOAD])
    return None if about is None else Sent(*about, int.from_bytes(payload[_STEP_PAYLOAD:]))


def _mailed_payload(mail: Mailed) -> bytes:
    other = b"" if mail.contact == mail.enrollment.contact else mail.contact.to_bytes(_CONTACT)
    tail = mail.epoch.to_bytes(_EPOCH) + other + mail.sender.to_bytes(_SENDER)
    return _step_payload(mail.tenant, mail.enrollment, mail.step) + tail


def _mailed_of(payload: bytes | None) -> Mailed | None:
    """After the epoch come the contact that was mailed, if it was another, and the sender: older ones end before it."""
    about = None if payload is None else _step_of(payload[:_STEP_PAYLOAD])
    if payload is None or about is None:
        return None
    epoch, tail = payload[_STEP_PAYLOAD:][:_EPOCH], payload[_STEP_PAYLOAD + _EPOCH :]
    other, sender = (tail[:_CONTACT], tail[_CONTACT:]) if len(tail) >= _CONTACT else (b"", tail)
    contact = int.from_bytes(other) if other else about[1].contact
    return Mailed(*about, int.from_bytes(epoch), contact, int.from_bytes(sender))


def _short(number: int) -> bytes:
    """The number in as few bytes as it takes: seven bits each, the last one marked."""
    tail = bytes([number & 0x7F | 0x80])
    while number := number >> 7:
        tail = bytes([number & 0x7F]) + tail
    return tail


def _numbers_of(payload: bytes) -> list[int]:
    numbers, number = [], 0
    for byte in payload:
        number = number << 7 | byte & 0x7F
        if byte & 0x80:
            numbers.append(number)
            number = 0
    return numbers
