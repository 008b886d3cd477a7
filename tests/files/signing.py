"""Certificates for tests: a root of one's own, and who signs under it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Office:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def certificate_pem(self):
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, password=None):
        locked = BestAvailableEncryption(password) if password else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def named(common_name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def certified(name, by=None, key=None, days=(-1, 365), uses=("signature", "commitment")):
    """An office whose certificate another one signed; a root without one."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    is_root = by is None
    issuer, issuing = (named(name), key) if by is None else (by.certificate.subject, by.key)
    signs, commits = (not is_root and use in uses for use in ("signature", "commitment"))
    enciphers = not is_root and "key" in uses
    usage = x509.KeyUsage(signs, commits, enciphers, False, False, is_root, is_root, False, False)
    built = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + dt.timedelta(days=days[0]))
        .not_valid_after(NOW + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), critical=False
        )
        .add_extension(usage, critical=True)
        .sign(issuing, hashes.SHA256())
    )
    return Office(key, built)
