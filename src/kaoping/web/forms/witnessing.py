"""What the page of witnesses is sent: how far a witness holds, and what it gave back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.note import MAX_NOTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

_DIGITS = 15


def read_held(given: Mapping[str, str]) -> int:
    """How many entries the witness has cosigned; nothing said: none.

    Raises:
        InputError: where it is no number.
    """
    text = given.get("held", "").strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise InputError(
            "“见证人已签到”应为整数（条数），没有生成请求。请照见证人告知的条数填写；首次见证填 0。",
            "How far the witness has cosigned must be a whole number; 0 for the first time.",
        )
    return int(text)


def read_answer(request: HttpRequest) -> str:
    """The text that a witness gave back, pasted or as a file.

    Raises:
        InputError: where there is neither, or it is too long or no text.
    """
    upload = request.FILES.get("file")
    try:
        content = upload.read(MAX_NOTE + 1).decode("utf-8") if upload else ""
    except UnicodeDecodeError:
        content = ""
    text = content or request.POST.get("answer", "")
    if not text.strip() or len(text) > MAX_NOTE:
        raise InputError(
            "没有见证签名，或不是文本文件，没有收下。请上传见证人交回的文件，或粘贴其中以“—”开头的行。",
            "There is no cosignature, or it is no text; nothing was taken. Upload the witness's file "
            "or paste its line.",
        )
    return text
