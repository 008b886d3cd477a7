"""What the pages of schemes are sent: files, texts, reasons, and what is to be published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.core.errors import InputError
from kaoping.core.problems import Problem
from kaoping.files.contents import LOST, decoded
from kaoping.files.evidence import shown_name
from kaoping.files.kinds import Kind, kind_of, refuse_kind
from kaoping.web.actions.schemes import Intent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict

    from kaoping.core.acts.setting_up import SchemePublished
    from kaoping.files.blobs import Blobs

MAX_BYTES = 4_000_000
"""Largest scheme file that is taken, in bytes."""
MAX_PAPERS, MOST_ANNEXES = 30_000_000, 6
_LONGEST_REASON = 2000


def uploaded_text(files: Mapping[str, UploadedFile[Any]]) -> tuple[str, str]:
    """The name and the text of a scheme file that was sent as `scheme`.

    Raises:
        InputError: where there is none, or it is no text that can be read without loss.
    """
    file = files.get("scheme")
    if file is None:
        raise InputError(
            "没有选择文件，没有导入。请选择方案文件（.toml）后再提交。",
            "No file was chosen. Choose a scheme file (.toml) and submit again.",
        )
    name = shown_name(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise InputError(
            f"{name}：超过 {MAX_BYTES // 1_000_000} MB，没有导入。请检查是否选错了文件。",
            f"{name}: larger than {MAX_BYTES // 1_000_000} MB; not imported. Check the file.",
        )
    content = file.read()
    kind = kind_of(content)
    if kind is not Kind.TEXT:
        raise refuse_kind(kind, name)
    text = decoded(content)
    if LOST in text:
        line = text[: text.index(LOST)].count("\n") + 1
        raise InputError(
            f"{name}：第 {line} 行有不能识别的字节，没有导入。请用文本编辑器以 UTF-8 编码另存后再选。",
            f"{name}: line {line} holds bytes that are no text; not imported. Save it as UTF-8.",
        )
    return name, text


def papers_sent(
    files: MultiValueDict[str, UploadedFile[Any]],
) -> tuple[UploadedFile[Any], list[UploadedFile[Any]]]:
    """The notice and the annexes that were sent.

    Raises:
        InputError: where there is no notice, or too much of everything.
    """
    notice, annexes = files.get("notice"), files.getlist("annexes")
    if notice is None:
        raise InputError(
            "没有选择通知，没有读取。请选择通知文件后再提交。",
            "No notice was chosen. Choose its file and submit again.",
        )
    size = sum(file.size or 0 for file in (notice, *annexes))
    if size > MAX_PAPERS or len(annexes) > MOST_ANNEXES:
        raise InputError(
            f"文件超过 {MAX_PAPERS // 1_000_000} MB，或附件超过 {MOST_ANNEXES} 个，没有读取。"
            "请只选与考评有关的附件。",
            f"More than {MAX_PAPERS // 1_000_000} MB or {MOST_ANNEXES} annexes; nothing was read. "
            "Choose only annexes that are about the assessment.",
        )
    return notice, annexes


def new_draft(
    sent: Mapping[str, str],
    files: Mapping[str, UploadedFile[Any]],
    in_force: SchemePublished | None,
    blobs: Blobs,
) -> tuple[str, str]:
    """The name and the text that a draft begins with: of a file, of the version in force, or of the form.

    Args:
        sent: the form; `source` says which.
        files: what was sent with it.
        in_force: what was published last.
        blobs: where its document lies.

    Raises:
        InputError: where there is nothing that can be begun with.
        TamperError: where the version in force is not as it was published.
    """
    source = sent.get("source", "")
    if source == "version" and in_force is not None:
        name = f"据第 {in_force.version} 版改"
        return name, blobs.read(in_force.scheme).decode()
    if source == "form":
        return "据空白样式", (Path(__file__).parent / "scheme_form.toml").read_text("utf-8")
    return uploaded_text(files)


def edited_text(sent: Mapping[str, str]) -> str:
    """A text that was edited in up to three pieces: what stands before, the piece itself, the rest."""
    return "\n".join(sent[key] for key in ("before", "text", "after") if sent.get(key))


def revision_of(sent: Mapping[str, str]) -> int:
    """Which revision of a draft the page showed.

    Raises:
        InputError: where the page does not say.
    """
    return _whole(sent, "revision")


def whole(sent: Mapping[str, str], key: str) -> int:
    """A whole number that the page itself wrote into its form.

    Raises:
        InputError: where it is none.
    """
    return _whole(sent, key)


def _whole(sent: Mapping[str, str], key: str) -> int:
    text = sent.get(key, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - far beyond any count
        raise InputError(
            "页面内容不完整，没有办理。请刷新页面后重新提交。",
            "The page is not complete; nothing was done. Reload it and submit again.",
        )
    return int(text)


def reason_of(sent: Mapping[str, str], *, is_due: bool = True) -> str:
    """The reason that was written.

    Args:
        sent: the form.
        is_due: whether it must not be empty.

    Raises:
        InputError: where it is missing, too long, or says nothing.
    """
    reason = " ".join(sent.get("reason", "").split())
    if not any(c.isalnum() for c in reason):
        if not is_due:
            return ""
        problem = Problem("KEY-MISSING", "理由", "没有写理由", "请写明为什么，供审计时查看")
        raise InputError(
            "没有写理由，没有办理。请写明理由后重新提交。",
            "No reason was given; nothing was done. Give the reason and submit again.",
            [problem],
        )
    if len(reason) > _LONGEST_REASON:
        raise InputError(
            f"理由超过 {_LONGEST_REASON} 字，没有办理。请写得简短些。",
            f"The reason is longer than {_LONGEST_REASON} characters. Make it shorter.",
        )
    return reason


def intent_of(sent: Mapping[str, str], act: str) -> Intent:
    """What the form of the page of publishing says.

    Raises:
        InputError: where it is not complete, or the reason of a later version is missing.
    """
    number = whole(sent, "number")
    return Intent(
        act,
        revision_of(sent),
        sent.get("digest", ""),
        number,
        sent.get("supersedes") or None,
        reason_of(sent) if number > 1 else "",
    )
