"""SNS as it signs: a certificate with a real chain to a root of our own, and messages signed with its key."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Store

from drumbeat.domain.sns_message import SIGNED, SnsKind
from drumbeat.domain.times import SECOND, iso

REGION = "eu-west-1"
HOST = f"sns.{REGION}.amazonaws.com"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:bounces"
CERTIFICATE_URL = f"https://{HOST}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
ISSUER_URL = "http://crt.r2m01.amazontrust.com/r2m01.cer"
_HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


@dataclass(frozen=True)
class Authority:
    """Who issues certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def authority(words: str, at: int, issuer: Authority | None = None) -> Authority:
    """A root, or whom an issuer lets issue."""
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _begun(words, at, key.public_key(), issuer)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Authority(key, _signed(made, issuer or Authority(key, None)))  # type: ignore[arg-type]


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """The key that messages are signed with."""
    return rsa.generate_private_key(65537, 2048)


def server_certificate(
    host: str, at: int, issuer: Authority, *, key: Any = None, days: int = 300, published: str | None = None
) -> x509.Certificate:
    """A server's certificate; `published` is where it says that its issuer's is."""
    made = (
        _begun(host, at, (key or signing_key()).public_key(), issuer, days=days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    if published is not None:
        place = x509.UniformResourceIdentifier(published)
        described = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
        made = made.add_extension(x509.AuthorityInformationAccess([described]), critical=False)
    return _signed(made, issuer)


def _begun(
    words: str, at: int, public_key: Any, issuer: Authority | None, *, days: int = 300
) -> x509.CertificateBuilder:
    start = datetime.fromtimestamp(at // SECOND, UTC) - timedelta(days=1)
    begun = (
        x509.CertificateBuilder()
        .subject_name(_name(words))
        .issuer_name(_name(words) if issuer is None else issuer.certificate.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    if issuer is None:
        return begun
    known_as = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return begun.add_extension(known_as, critical=False)


def _signed(made: x509.CertificateBuilder, issuer: Authority) -> x509.Certificate:
    return made.sign(issuer.key, hashes.SHA256())


def pem(*certificates: x509.Certificate) -> bytes:
    """Certificates as a file holds them."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


@dataclass
class SnsOffice:
    """What SNS serves and signs with: by default all is as it should be."""

    now: int

    def __post_init__(self) -> None:
        self.root = authority("Root", self.now)
        self.between = authority("Between", self.now, self.root)
        leaf = server_certificate(HOST, self.now, self.between)
        self.served = {CERTIFICATE_URL: pem(leaf, self.between.certificate)}
        self.fetched: list[str] = []

    def roots(self) -> Store:
        """What is trusted."""
        return Store([self.root.certificate])

    def fetch(self, url: str) -> bytes:
        """Raises ValueError for what is not served."""
        self.fetched.append(url)
        if url not in self.served:
            raise ValueError("404")
        return self.served[url]

    def message(self, text: str, *, kind: str = "Notification", version: str = "2", **changes: Any) -> dict[str, Any]:
        """A signed message; `changes` are made before it is signed, None leaves a member out."""
        said = {
            "Type": kind,
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": TOPIC,
            "Message": text,
            "Timestamp": iso(self.now),
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
        }
        if kind != "Notification":
            said |= {"Token": "2336412f37", "SubscribeURL": f"https://{HOST}/?Action=ConfirmSubscription"}
        said = {name: value for name, value in (said | changes).items() if value is not None}
        return said | {"Signature": signature(said)}


def signature(said: Mapping[str, Any], key: rsa.RSAPrivateKey | None = None) -> str:
    """What SNS writes under these members."""
    names = SIGNED.get(said["Type"], SIGNED[SnsKind.NOTIFICATION])
    text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
    chosen = _HASHES.get(said["SignatureVersion"], hashes.SHA256)
    return base64.b64encode((key or signing_key()).sign(text.encode(), padding.PKCS1v15(), chosen())).decode()
