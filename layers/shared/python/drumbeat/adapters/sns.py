"""SNS over HTTPS: which of its messages are genuine, and the answer to its question whether they are wanted."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from drumbeat.adapters.certificates import system_roots, trusted
from drumbeat.application.take_hook import NotGenuine
from drumbeat.domain.sns_message import SIGNED, SnsKind, SnsMessage
from drumbeat.domain.times import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cryptography.x509.verification import Store

    from drumbeat.adapters.certificates import Fetch

OLDEST = HOUR + 5 * MINUTE
"""SNS repeats a message for an hour at most, with the timestamp of its first attempt."""
FROM_THE_FUTURE = 5 * MINUTE
_HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}
_SIGNER = re.compile(
    r"https://(sns\.([a-z]{2}(?:-[a-z]+)+-\d{1,2})\.(amazonaws\.com(?:\.cn)?))/SimpleNotificationService-[0-9a-f]{32}\.pem"
)
_MOST_KEPT = 8


@dataclass(slots=True)
class SnsMessages:
    """Tells messages of these topics from everything else. Certificates are fetched once and checked each time."""

    topics: frozenset[str]
    fetch: Fetch
    roots: Callable[[], Store] = system_roots
    _kept: dict[str, bytes] = field(default_factory=dict)

    def read(self, body: bytes, now: int) -> SnsMessage:
        """The message that a body holds. Raises NotGenuine, and what `fetch` raises where nobody can tell now."""
        said = _members(body)
        topic = said.get("TopicArn", "")
        if said.get("Type") not in SnsKind or topic not in self.topics:
            raise NotGenuine("not a message of a topic that we listen to")
        kind = SnsKind(said["Type"])
        if not -FROM_THE_FUTURE <= now - _instant(said.get("Timestamp", "")) <= OLDEST:
            raise NotGenuine("not of this hour")
        self._check_signature(kind, said, now)
        return SnsMessage(kind, topic, _region_of(topic), said["Message"], said.get("Token", ""))

    def _check_signature(self, kind: SnsKind, said: Mapping[str, str], now: int) -> None:
        signer = _SIGNER.fullmatch(said.get("SigningCertURL", ""))
        version = _HASHES.get(said.get("SignatureVersion", ""))
        if signer is None or signer[2] != _region_of(said["TopicArn"]) or version is None:
            raise NotGenuine("not signed by SNS")
        # The certificates themselves name no region: theirs is sns.amazonaws.com.
        key = self._key(signer[0], (signer[1], f"sns.{signer[3]}"), now)
        try:
            signature = base64.b64decode(said.get("Signature", ""), validate=True)
            key.verify(signature, _signed_text(kind, said), padding.PKCS1v15(), version())
        except (binascii.Error, ValueError, InvalidSignature) as trouble:
            raise NotGenuine("the signature is not good") from trouble

    def _key(self, url: str, names: tuple[str, str], now: int) -> rsa.RSAPublicKey:
        try:
            pem = self._kept.get(url) or self.fetch(url)
            key = trusted(pem, names, now, fetch=self.fetch, roots=self.roots).public_key()
        except ValueError as trouble:
            raise NotGenuine(str(trouble)) from trouble
        if not isinstance(key, rsa.RSAPublicKey):
            raise NotGenuine("not a key that SNS signs with")
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[url] = pem
        return key


@dataclass(frozen=True, slots=True)
class SnsSubscriptions:
    """Answers by the API, under our own rights: a URL in a message is never called."""

    client: Callable[[str], Any]

    def confirm(self, topic: str, token: str) -> None:
        """Confirms a subscription; again, too. Only who may administer the topic can end it then."""
        client = self.client(_region_of(topic))
        client.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")


def _members(body: bytes) -> dict[str, str]:
    """The message's members as they are signed, all of them texts."""
    try:
        said: Any = json.loads(body, object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError) as trouble:
        raise NotGenuine("no message") from trouble
    if not isinstance(said, dict):
        raise NotGenuine("no message")
    return {name: value for name, value in said.items() if isinstance(value, str)}


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is given twice")
    return members


def _signed_text(kind: SnsKind, said: Mapping[str, str]) -> bytes:
    missing = [name for name in SIGNED[kind] if name not in said and name != "Subject"]
    if missing:
        raise ValueError(f"without {missing[0]}")
    text = "".join(f"{name}\n{said[name]}\n" for name in SIGNED[kind] if name in said)
    return text.encode("utf-8", "surrogatepass")


def _region_of(topic: str) -> str:
    """The region that the topic's ARN names."""
    return topic.split(":")[3]


def _instant(text: str) -> int:
    """Raises NotGenuine."""
    try:
        moment = datetime.fromisoformat(text)
        return int(moment.timestamp() * SECOND) if moment.tzinfo is not None else -1
    except (ValueError, OverflowError) as trouble:
        raise NotGenuine("no timestamp") from trouble
