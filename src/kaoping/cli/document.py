"""`kaoping document sign|verify|bind|check`: signatures in PDFs and on paper, and what they are worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.arguments import add_file, add_inner_verbs, add_json, add_out, add_verb, now
from kaoping.cli.hand_signing import add_bind, add_check
from kaoping.cli.language import said
from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.core.report.document import chinese_day
from kaoping.files.atomic import refuse_taken_place, write_whole
from kaoping.files.documents import read_bytes

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from kaoping.cli.arguments import Verbs
    from kaoping.files.pdf_signature import FoundSignature

MAX_PDF = 200_000_000
"""Largest PDF signed or verified, in bytes."""
_MAX_PEM = 1_000_000


def add_document(verbs: Verbs) -> None:
    """Add `kaoping document`."""
    document = add_verb(
        verbs,
        "document",
        "文件：签名、核验签名，绑定手签的扫描件",
        "sign PDFs, verify signatures, bind papers signed by hand",
    )
    inner = add_inner_verbs(document)
    _add_sign(inner)
    _add_verify(inner)
    add_bind(inner)
    add_check(inner)


def _add_sign(inner: Verbs) -> None:
    sign = add_verb(
        inner, "sign", "用单位的证书签一份 PDF", "sign a PDF with an office's certificate"
    )
    add_file(sign, "file", said("文件", "FILE"), said("要签名的 PDF", "the PDF to sign"))
    sign.add_argument(
        "--key",
        type=Path,
        required=True,
        metavar=said("私钥", "FILE"),
        help=said("PEM 格式的私钥", "the private key, in PEM"),
    )
    sign.add_argument(
        "--certificate",
        type=Path,
        required=True,
        metavar=said("证书", "FILE"),
        help=said(
            "PEM 格式的证书，后面可接上级证书", "its certificate in PEM, those above it may follow"
        ),
    )
    sign.add_argument(
        "--password-file",
        type=Path,
        metavar=said("口令文件", "FILE"),
        help=said(
            "私钥有口令的，口令在这个文件里", "a file with the key's password, if it has one"
        ),
    )
    sign.add_argument(
        "--reason",
        default=said("审核签发", "issued"),
        metavar=said("事由", "TEXT"),
        help=said("签名里写明的事由（默认：审核签发）", "why, as it stands in the signature"),
    )
    add_out(sign, said("签好的 PDF", "the signed PDF"))
    sign.set_defaults(command=_sign)


def _add_verify(inner: Verbs) -> None:
    verify = add_verb(inner, "verify", "核验 PDF 里的签名", "verify the signatures in a PDF")
    add_file(verify, "file", said("文件", "FILE"), said("签过名的 PDF", "a signed PDF"))
    verify.add_argument(
        "--trust",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar=said("根证书", "FILE"),
        help=said(
            "信任的根证书（PEM）；不写则只核对文件有无改动，不核对签名人身份",
            "root certificates that are trusted; without them only changes are found, not who signed",
        ),
    )
    add_json(verify)
    verify.set_defaults(command=_verify)


def _sign(chosen: argparse.Namespace) -> int:
    from kaoping.files.pdf_signature import read_signer, sign_pdf  # noqa: PLC0415 - large libraries

    password = None
    if chosen.password_file:
        password = read_bytes(chosen.password_file, _MAX_PEM).rstrip(b"\r\n")
    signer = read_signer(
        read_bytes(chosen.key, _MAX_PEM), read_bytes(chosen.certificate, _MAX_PEM), password
    )
    signed = sign_pdf(read_bytes(chosen.file, MAX_PDF), signer, chosen.reason, now())
    refuse_taken_place(chosen.out, may_replace=signed.__eq__)
    write_whole(chosen.out, signed)
    show.print_line(
        said(
            f"已签名：{chosen.out}。原文件没有改动；签名后再改文件，核验时会发现。",
            f"Signed: {chosen.out}. The original is unchanged; any later change will be found.",
        )
    )
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    from kaoping.files.pdf_signature import (  # noqa: PLC0415 - large libraries
        read_certificates,
        signatures_of,
    )

    roots = [
        one
        for path in chosen.trust
        for one in read_certificates(read_bytes(path, _MAX_PEM), path.name)
    ]
    found = signatures_of(read_bytes(chosen.file, MAX_PDF), roots, now(), chosen.file.name)
    if not found:
        raise InputError(
            f"{chosen.file.name} 里没有签名。请确认是签过名的那一份。",
            f"{chosen.file.name} holds no signature. Check that it is the signed copy.",
        )
    refusal = _refusal(chosen.file.name, found, is_known=bool(roots))
    if chosen.json:
        show.print_json(
            {
                "signatures": [_as_json(one, is_known=bool(roots)) for one in found],
                "refused": refusal and {"code": refusal.code, "zh": refusal.zh, "en": refusal.en},
            }
        )
        return refusal.exit_code if refusal else 0
    _print(found, is_known=bool(roots))
    if refusal:
        raise refusal
    show.print_line(_conclusion(found, is_known=bool(roots)))
    return 0


def _print(found: tuple[FoundSignature, ...], *, is_known: bool) -> None:
    heads = (
        said("签名", "Field"),
        said("签名人", "Signer"),
        said("自述时间（北京）", "Claimed time (Beijing)"),
        said("内容", "Content"),
        said("签名人证书", "Certificate"),
    )
    rows = [
        (
            one.field,
            one.signer,
            show.beijing(one.claimed_at.isoformat()) if one.claimed_at else said("未写", "none"),
            _content_words(one),
            _trust_words(one, is_known=is_known),
        )
        for one in found
    ]
    show.print_table(heads, rows)


def _content_words(one: FoundSignature) -> str:
    if not one.is_intact:
        return said("已被改动或签名无效", "changed, or the signature is invalid")
    if not one.covers_all:
        return said("签名后又有改动", "changed after it was signed")
    return said("与签名时一致", "as it was signed")


def _trust_words(one: FoundSignature, *, is_known: bool) -> str:
    if not is_known:
        return said("未核对（未给根证书）", "not checked (no roots given)")
    if one.distrust is None:
        return said("可信", "trusted") if one.is_trusted else said("不能认定", "unknown")
    short = {
        "no_path": said("追不到根证书", "leads to no root"),
        "expired": said("已到期", "ended"),
        "not_yet_valid": said("未到生效日期", "not yet valid"),
        "key_usage": said("用途不含签名", "not meant for signing"),
    }
    return short[one.distrust]


def _refusal(
    name: str, found: tuple[FoundSignature, ...], *, is_known: bool
) -> TamperError | RefusedError | None:
    """Why the file is not accepted, the gravest first.

    An alarm where something was changed, or a certificate leads to no root; refused where it leads to one,
    but did not allow this signature. That it ended since is neither.
    """
    for one in found:
        if not one.is_intact or not one.covers_all:
            return TamperError(
                f"{name}：“{one.field}”（{one.signer}）{_content_words(one)}，不能作为依据。请向出具单位重新索取。",
                f"{name}: {one.field} ({one.signer}) does not hold. Ask whoever issued it for another copy.",
            )
    if not is_known:
        return None
    for one in found:
        if one.distrust == "no_path":
            return TamperError(
                f"{name}：“{one.field}”的证书（{one.signer}）不能追到所给的根证书，不能认定是谁签的。"
                "请核对根证书，或向出具单位核实。",
                f"{name}: the certificate of {one.field} ({one.signer}) leads to none of the roots given.",
            )
    for one in found:
        if not one.is_trusted and not one.has_ended_since:
            chinese, english = _reason(one)
            return RefusedError(
                f"{name}：文件与签名时一致，但“{one.field}”（{one.signer}）的{chinese}，"
                "不能认定签名有效。请向出具单位核实，或请其换证书重签。",
                f"{name}: as it was signed, but {one.field} ({one.signer}): {english}. "
                "Ask whoever issued it.",
            )
    return None


def _reason(one: FoundSignature) -> tuple[str, str]:
    """Why its certificate is not trusted, where it leads to a root: in Chinese and in English."""
    if one.distrust == "key_usage":
        return (
            "证书的用途不含签名（数字签名或抗抵赖）",
            "the certificate is not meant for signing",
        )
    if one.distrust == "not_yet_valid":
        return (
            f"证书自{_day(one.valid_from)}起才有效（本机日期不对的，先改正）",
            f"the certificate begins on {_iso_day(one.valid_from)}; check this machine's date",
        )
    ended = f"证书已于{_day(one.valid_until)}到期"
    english = f"the certificate ended on {_iso_day(one.valid_until)}"
    if one.claimed_at is None:
        return f"{ended}，签名没有写时间", f"{english}, and no time of signing is claimed"
    claimed = f"签名自述时间（{_day(one.claimed_at)}）"
    if one.has_ended_since:
        return (
            f"{ended}；{claimed}在有效期内，自述时间不是证明",
            f"{english}; the claimed day of signing, {_iso_day(one.claimed_at)}, is no proof",
        )
    return (
        f"{ended}，{claimed}不在有效期内",
        f"{english}; the claimed day of signing, {_iso_day(one.claimed_at)}, is not within it",
    )


def _day(at: datetime | None) -> str:
    return chinese_day(at.astimezone(SHANGHAI).date() if at else None)


def _iso_day(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}" if at else ""


def _conclusion(found: tuple[FoundSignature, ...], *, is_known: bool) -> str:
    if not is_known:
        return said(
            "文件与签名时一致；签名人是谁没有核对，核对请用 --trust 给出根证书。",
            "The file is as it was signed; who signed was not checked: give the roots with --trust.",
        )
    ended = [one for one in found if one.has_ended_since]
    if not ended:
        return said(
            "签名有效：文件与签名时一致，签名人的证书可信。",
            "The signatures hold: the file is as it was signed, by certificates that are trusted.",
        )
    told = [(one, *_reason(one)) for one in ended]
    return said(
        "文件与签名时一致，证书能追到所给的根证书。"
        + "".join(f"“{one.field}”（{one.signer}）的{chinese}。" for one, chinese, _ in told)
        + "需要确认签名时间的，请向出具单位核实。",
        "The file is as it was signed, by certificates that lead to the roots given. "
        + " ".join(f"{one.field} ({one.signer}): {english}." for one, _, english in told)
        + " Ask whoever issued it where the time of signing matters.",
    )


def _as_json(one: FoundSignature, *, is_known: bool) -> dict[str, object]:
    """It for a program; `trusted` and `reason` are null where no root was given."""
    return {
        "field": one.field,
        "signer": one.signer,
        "claimed_at": one.claimed_at.isoformat() if one.claimed_at else None,
        "intact": one.is_intact,
        "covers_all": one.covers_all,
        "trusted": one.is_trusted if is_known else None,
        "reason": one.distrust if is_known else None,
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
    }
