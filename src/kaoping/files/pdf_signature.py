"""Signatures in PDFs (PAdES, ETSI EN 319 142): made with an office's certificate, and validated offline.

What a signature says is about the file alone; who signs for an office is a matter of its certificates, which are given.
An electronic seal service (电子印章) puts its own signature into the same file: it is found and validated here, too.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

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
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import InputError
from kaoping.core.report.document import chinese_day
from kaoping.files.confined import Limits, confined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.sign.validation import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

_FIELD = "签名"
_UNREADABLE = (
    *(PdfError, SigningError, ValueError, KeyError, TypeError, IndexError, RecursionError),
    *(AssertionError, AttributeError, OverflowError),
)
"""What the library raises of a file that is no PDF, or a damaged one."""
_FOR_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
"""A certificate must be meant for one of these: offices have either (RFC 5280, 4.2.1.3)."""
_LIMITS = Limits(processor=4, patience=15, memory=700_000_000)
"""For validating a PDF of a stranger: what it holds is in memory more than once."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a private key, its certificate, and the certificates between it and the root."""

    key: keys.PrivateKeyInfo
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


class Distrust(StrEnum):
    """Why a certificate is not trusted."""

    NO_PATH = "no_path"
    """It leads to none of the roots given."""
    EXPIRED = "expired"
    """It leads to one, but it or one above it has ended."""
    NOT_YET_VALID = "not_yet_valid"
    """It leads to one, but it or one above it has not begun."""
    KEY_USAGE = "key_usage"
    """It leads to one, but is not meant for signing."""


@dataclass(frozen=True, slots=True)
class FoundSignature:
    """What validating one signature found.

    Attributes:
        field: the name of its field in the file.
        signer: who signed, by the certificate.
        claimed_at: when, by the signer's own clock; None where it says nothing.
        is_intact: whether what it covers is as it was signed, by the signer's key.
        covers_all: whether nothing was added to the file after it, but what leaves it as it was.
        distrust: why the certificate is not trusted; None where it is, or where nothing holds anyway.
        valid_from: since when the certificates up to the root are valid; None where they lead to none.
        valid_until: until when.
    """

    field: str
    signer: str
    claimed_at: datetime | None
    is_intact: bool
    covers_all: bool
    distrust: Distrust | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    @property
    def is_trusted(self) -> bool:
        """Whether it holds and its certificate leads to one of the roots given."""
        return self.is_intact and self.distrust is None

    @property
    def is_claimed_in_time(self) -> bool:
        """Whether it says of itself that it was made while the certificates were valid."""
        if self.claimed_at is None or self.valid_from is None or self.valid_until is None:
            return False
        return self.valid_from <= self.claimed_at <= self.valid_until

    @property
    def has_ended_since(self) -> bool:
        """Whether nothing speaks against it but that its certificate has ended since."""
        return self.distrust is Distrust.EXPIRED and self.is_claimed_in_time


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


def sign_pdf(content: bytes, signer: Signer, reason: str, at: datetime) -> bytes:
    """The same file with one more signature at its end; what is there already stays byte for byte.

    Args:
        content: a PDF.
        signer: who signs.
        reason: why, as it stands in the signature.
        at: the moment at which the certificate must be valid.

    Raises:
        InputError: where it is no PDF that can be signed, or nobody would accept the certificate.
    """
    _refuse_unfit(signer.certificate, at)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(signer.chain)
    simple = SimpleSigner(
        signing_cert=signer.certificate, signing_key=signer.key, cert_registry=store
    )
    try:
        writer = _ArchivalWriter(io.BytesIO(content))
        if writer.prev.encrypt_dict is not None:
            raise InputError(
                "这个 PDF 加密了，没有签名。请用原来的软件重新导出，不要设口令和权限限制，再签名。",
                "This PDF is encrypted; nothing was signed. Export it anew without password or "
                "restrictions, then sign it.",
            )
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


def _refuse_unfit(certificate: x509.Certificate, at: datetime) -> None:
    """A signature that whoever receives it cannot accept is not made.

    Raises:
        InputError: with everything that is wrong with the certificate.
    """
    faults = list(_faults(certificate, at))
    if faults:
        chinese, english = zip(*faults, strict=True)
        raise InputError(
            f"证书{'；'.join(chinese)}，没有签名。请向发证机构换领可以签名的证书，再签名。",
            f"The certificate {' and '.join(english)}; nothing was signed. Have a new one issued.",
        )


def _faults(certificate: x509.Certificate, at: datetime) -> Iterator[tuple[str, str]]:
    begin, end = certificate.not_valid_before, certificate.not_valid_after
    if end < at:
        yield f"已于{_day(end)}到期", f"ended on {end.astimezone(SHANGHAI):%Y-%m-%d}"
    if at < begin:
        yield f"自{_day(begin)}起才有效", f"begins on {begin.astimezone(SHANGHAI):%Y-%m-%d}"
    try:
        _FOR_SIGNING.validate(certificate)
    except InvalidCertificateError:
        yield "的用途不含签名（数字签名或抗抵赖）", "is not meant for signing"


def _day(at: datetime) -> str:
    return chinese_day(at.astimezone(SHANGHAI).date())


def signatures_of(
    content: bytes, roots: Sequence[x509.Certificate], at: datetime, name: str = "PDF"
) -> tuple[FoundSignature, ...]:
    """Every signature of a PDF, validated without any network, in a process of its own.

    Args:
        content: a PDF, perhaps one made to harm.
        roots: certificates that are trusted.
        at: the moment at which certificates must be valid.
        name: the file's name, for messages.

    Raises:
        InputError: where it is no PDF, is encrypted, or takes too much to read.
        EnvironmentFault: where no process can be started to read it.
    """
    ders = [one.dump() for one in roots]
    told = confined(as_told, content, ders, at, about=name, limits=_LIMITS)
    return tuple(_found(one) for one in cast(list[dict[str, Any]], told))


def as_told(content: bytes, roots: Sequence[bytes], at: datetime) -> list[dict[str, object]]:
    """What `signatures_of` finds, fit for JSON; runs in a process of its own.

    Raises:
        InputError: as `signatures_of`.
    """
    found = read_signatures(content, [x509.Certificate.load(one) for one in roots], at)
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(one).items()
        }
        for one in found
    ]


def _found(told: dict[str, Any]) -> FoundSignature:
    times = ("claimed_at", "valid_from", "valid_until")
    read = {one: datetime.fromisoformat(told[one]) if told[one] else None for one in times}
    distrust = Distrust(told["distrust"]) if told["distrust"] else None
    return FoundSignature(**{**told, **read, "distrust": distrust})


def read_signatures(
    content: bytes, roots: Sequence[x509.Certificate], at: datetime
) -> tuple[FoundSignature, ...]:
    """What `signatures_of` finds, in this process: for a file that is one's own.

    Raises:
        InputError: where it is no PDF, or is encrypted.
    """
    try:
        reader = PdfFileReader(io.BytesIO(content))
        if reader.encrypt_dict is not None:
            raise InputError(
                "这个 PDF 加密了（设了口令或权限限制），无法核验签名。请向出具单位索取没有加密的签名件；"
                "不要自己去掉口令另存，另存后签名就失效了。",
                "This PDF is encrypted, so its signatures cannot be verified. Ask whoever issued it "
                "for a signed copy without password or restrictions; saving it anew breaks them.",
            )
        return tuple(_validated(one, roots, at) for one in reader.embedded_signatures)
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
    try:
        status = _status(one, roots, at)
        distrust, begin, end = _trust(one, status, roots, at)
    except SignatureValidationError:
        return FoundSignature(one.field_name, signer, None, is_intact=False, covers_all=False)
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
        distrust=distrust,
        valid_from=begin,
        valid_until=end,
    )


def _status(
    one: EmbeddedPdfSignature,
    roots: Sequence[x509.Certificate],
    at: datetime,
    *,
    of_certificate_alone: bool = False,
) -> PdfSignatureStatus:
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=at)
    return validate_pdf_signature(
        one, context, key_usage_settings=_FOR_SIGNING, skip_diff=of_certificate_alone
    )


def _trust(
    one: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> tuple[Distrust | None, datetime | None, datetime | None]:
    """Why its certificate is not trusted, and since and until when it and those above it are valid.

    Time is looked at by the library first, so whether there is a path at all is asked at moments at which
    the certificate was valid: the claimed one, its beginning, its end.
    """
    if not (status.intact and status.valid):
        return None, None, None
    own = one.signer_cert
    moments = (at, status.signer_reported_dt, own.not_valid_before, own.not_valid_after)
    for moment in moments:
        if moment is None:
            continue
        then = _status(one, roots, moment, of_certificate_alone=True)
        if then.trust_problem_indic is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE:
            return Distrust.KEY_USAGE, own.not_valid_before, own.not_valid_after
        if then.trusted and then.validation_path is not None:
            path = [
                own,
                *then.validation_path.iter_certs(include_root=False),
            ]  # a root is trusted whatever its dates
            begin = max(part.not_valid_before for part in path)
            end = min(part.not_valid_after for part in path)
            if moment == at:
                return None, begin, end
            return (Distrust.EXPIRED if end < at else Distrust.NOT_YET_VALID), begin, end
    return Distrust.NO_PATH, None, None
