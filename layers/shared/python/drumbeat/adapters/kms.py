"""KMS: secrets that open only in the context they were sealed in."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@dataclass(frozen=True, slots=True)
class KmsVault:
    """Encrypts under one KMS key, with tenant and sender as the encryption context."""

    client: KMSClient
    key_id: str

    def seal(self, secret: str, *, tenant: int, sender: int) -> str:
        """The ciphertext as base64."""
        answer = self.client.encrypt(
            KeyId=self.key_id, Plaintext=secret.encode(), EncryptionContext=_context(tenant, sender)
        )
        return base64.b64encode(answer["CiphertextBlob"]).decode()

    def open(self, sealed: str, *, tenant: int, sender: int) -> str:
        """The secret. Fails for a ciphertext of another tenant or sender."""
        answer = self.client.decrypt(
            KeyId=self.key_id, CiphertextBlob=base64.b64decode(sealed), EncryptionContext=_context(tenant, sender)
        )
        return answer["Plaintext"].decode()


def _context(tenant: int, sender: int) -> dict[str, str]:
    return {"tenant": str(tenant), "sender": str(sender)}
