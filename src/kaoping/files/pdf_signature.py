"""Signatures in PDFs (PAdES, ETSI EN 319 142): made with an office's certificate, and validated offline.

What a signature says is about the file alone; who signs for an office is a matter of its certificates, which are given.
An electronic seal service (电子印章) puts its own signature into the same file: it is found and validated here, too.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import keys, pem, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.sign.validation import EmbeddedPdfSignature

_FIELD = "签名"
_UNREADABLE = (PdfError, SigningError, ValueError, KeyError, TypeError, IndexError, RecursionError)
"""What the library raises of a file that is no PDF, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a private key, its certificate, and the certificates between it and the root."""

    key: keys.PrivateKeyInfo
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class FoundSignature:
    """What validating one signature found.

    Attributes:
        field: the name of its field in the file.
        signer: who signed, by the certificate.
        claimed_at: when, by the signer's own clock; None where it says nothing.
        is_intact: whether what it covers is as it was signed, by the signer's key.
        covers_all: whether nothing was added to the file after it, but what leaves it as it was.
        is_trusted: whether the certificate leads to one of the roots given.
    """

    field: str
    signer: str
    claimed_at: datetime | None
    is_intact: bool
    covers_all: bool
    is_trusted: bool


def read_certificates(content: bytes, name: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file.

    Raises:
        InputError: where it holds none.
    """
    try:
        blocks = list(pem.unarmor(content, multiple=True))
        found = tuple(
            x509.Certificate.load(body) for kind, _, body in blocks if kind == "CERTIFICATE"
        )
        for one in found:
            one.native  # noqa: B018 - reads it to its end
    except (ValueError, TypeError):
        found = ()
    if not found:
        raise InputError(
            f"{name}：不是 PEM 格式的证书。请给出以 -----BEGIN CERTIFICATE----- 开头的文件。",
            f"{name}: no certificate in PEM. Give a file that begins with -----BEGIN CERTIFICATE-----.",
        )
    return found


def read_signer(key: bytes, certificates: bytes, password: bytes | None) -> Signer:
    """Who signs, from a private key and a certificate with those above it, both in PEM.

    Raises:
        InputError: where either cannot be read, or the key is not that of the certificate.
    """
    first, *chain = read_certificates(certificates, "证书")
    try:
        private = load_pem_private_key(key, password)
        info = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        public = private.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InputError(
            "私钥读不出来：请给出 PEM 格式的私钥；有口令的，用 --password-file 给出口令文件。",
            "The private key cannot be read: give it in PEM, and its password with --password-file.",
        ) from error
    if _public_bits(public) != first.public_key.dump():
        raise InputError(
            "私钥和证书不是一对，没有签名。请核对两个文件。",
            "The private key is not that of the certificate; nothing was signed. Check both files.",
        )
    return Signer(keys.PrivateKeyInfo.load(info), first, tuple(chain))


def _public_bits(public: PublicKeyTypes) -> bytes:
    bits: bytes = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return bits


_LAST_VERSION = (1, 7)
"""Of PDF, on which PDF/A-2 rests."""


class _ArchivalWriter(IncrementalPdfFileWriter):
    """Adds a signature and nothing else: a PDF/A-2 stays one.

    The library would raise the file to PDF 2.0 for the kind of the key, and write its metadata anew.
    """

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        if version <= _LAST_VERSION:
            super().ensure_output_version(version)  # type: ignore[no-untyped-call]

    def register_extension(self, ext: DeveloperExtension) -> None:
        if ext.base_version <= f"/{_LAST_VERSION[0]}.{_LAST_VERSION[1]}":
            super().register_extension(ext)

    def _update_meta(self) -> None:
        pass


def sign_pdf(content: bytes, signer: Signer, reason: str) -> bytes:
    """The same file with one more signature at its end; what is there already stays byte for byte.

    Args:
        content: a PDF.
        signer: who signs.
        reason: why, as it stands in the signature.

    Raises:
        InputError: where it is no PDF that can be signed.
    """
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(signer.chain)
    simple = SimpleSigner(
        signing_cert=signer.certificate, signing_key=signer.key, cert_registry=store
    )
    try:
        writer = _ArchivalWriter(io.BytesIO(content))
        field = f"{_FIELD}{1 + len(writer.prev.embedded_signatures)}"
        about = PdfSignatureMetadata(
            field_name=field, reason=reason, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
        )
        signed: bytes = PdfSigner(about, simple).sign_pdf(writer).getvalue()
    except _UNREADABLE as error:
        raise InputError(
            "这个文件不是可以签名的 PDF，没有签名。请给出本系统生成的 PDF。",
            "This is no PDF that can be signed; nothing was signed. Give a PDF that Kaoping made.",
        ) from error
    return signed


def signatures_of(
    content: bytes, roots: Sequence[x509.Certificate], at: datetime
) -> tuple[FoundSignature, ...]:
    """Every signature of a PDF, validated without any network.

    Args:
        content: a PDF.
        roots: certificates that are trusted.
        at: the moment at which certificates must be valid.

    Raises:
        InputError: where it is no PDF.
    """
    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures
        return tuple(_validated(one, roots, at) for one in found)
    except _UNREADABLE as error:
        raise InputError(
            "这个文件不是完整的 PDF，无法核验。请向出具单位重新索取。",
            "This is no whole PDF and cannot be verified. Ask whoever issued it for another copy.",
        ) from error


def _validated(
    one: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], at: datetime
) -> FoundSignature:
    certificate = one.signer_cert
    signer = (
        str(certificate.subject.native.get("common_name", "")) or certificate.subject.human_friendly
    )
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=at)
    try:
        status = validate_pdf_signature(one, context)
    except SignatureValidationError:
        return FoundSignature(one.field_name, signer, None, False, False, False)  # noqa: FBT003
    is_untouched = status.modification_level in (
        ModificationLevel.NONE,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,  # a further signature is one
    )
    covers_its_own = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    return FoundSignature(
        field=one.field_name,
        signer=signer,
        claimed_at=status.signer_reported_dt,
        is_intact=status.intact and status.valid,
        covers_all=covers_its_own and is_untouched,
        is_trusted=status.trusted,
    )
