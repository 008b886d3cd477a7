"""Making previews of files that were accepted, and noting which photos are nearly the same: never in a request."""

from __future__ import annotations

import io
import logging
from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from kaoping.core.errors import InputError, TamperError
from kaoping.files.likeness import FARTHEST, bits_apart
from kaoping.files.previewing import preview_of, require_showable
from kaoping.web.models import NearPhoto, Preview, PreviewPart, PreviewState, Upload
from kaoping.web.models.preview import REASON, WORDS
from kaoping.web.queue import first_come

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaoping.files import previewing
    from kaoping.web.installation import Installation

_LOG = logging.getLogger(__name__)
_LOCK_FILE = "previews.lock"
_SECONDS = 45.0
"""After which no further preview is begun: the job comes again every minute, and others wait for their turn."""


def previews_missing() -> bool:
    """Whether a file was accepted of which nobody has tried to make a preview."""
    return _without_preview().exists()


def make_previews(installation: Installation, seconds: float = _SECONDS) -> int:
    """Make what is missing, file by file, the oldest first; one process at a time.

    A file that cannot be shown, or that breaks off whoever reads it, is noted as such and holds up no other.

    Args:
        installation: whose files.
        seconds: after which no further one is begun.

    Returns:
        How many were tried.

    Raises:
        EnvironmentFault: where disk, store or processes fail; the rest is tried again later.
    """
    until, tried = monotonic() + seconds, 0
    with first_come(installation.data / _LOCK_FILE) as is_first:
        while is_first and monotonic() < until:
            upload = _without_preview().order_by("done_at", "id").first()
            if upload is None:
                break
            _make(installation, upload)
            tried += 1
    return tried


def _without_preview() -> QuerySet[Upload]:
    made = Preview.objects.filter(sha256=OuterRef("sha256"))
    return Upload.objects.ready().filter(~Exists(made))


def _make(installation: Installation, upload: Upload) -> None:
    with ExitStack() as stack:
        try:
            require_showable(upload.ending, upload.size)
            file = stack.enter_context(installation.blobs.copied(upload.blob))
            made = stack.enter_context(preview_of(upload.ending, file))
        except InputError as error:
            _LOG.info("no preview of %s: %s", upload.sha256, "; ".join([error.en, *_notes(error)]))
            _note_none(upload.sha256, error.zh, error.en)
        except TamperError as error:
            _LOG.critical("tamper: %s", error.en)
            _note_none(
                upload.sha256,
                "保存的文件与上传时不同，已停止。请通知审计管理员。",
                "The stored file is not what was uploaded. Tell the audit administrator.",
            )
        else:
            _keep(installation, upload.sha256, made)


def _notes(error: InputError) -> list[str]:
    return getattr(error, "__notes__", [])


def _note_none(sha256: str, zh: str, en: str) -> None:
    """Note why there is none: the first sentence; what one should do stands on the page."""
    why_zh = zh.removeprefix("文件：").partition("。")[0]
    why_en = en.removeprefix("文件: ").partition(". ")[0].rstrip(".")
    Preview.objects.create(
        sha256=sha256,
        state=PreviewState.NONE.value,
        why_zh=f"{why_zh}。"[:REASON],
        why_en=f"{why_en[:1].upper()}{why_en[1:]}."[:REASON],
    )


def _keep(installation: Installation, sha256: str, made: previewing.Preview) -> None:
    """Bring the bytes to the disk, then enter them, with the photos that are near."""
    preview = Preview(
        sha256=sha256, state=PreviewState.MADE.value, of=made.of, likeness=made.likeness
    )
    parts = [
        _part(installation, preview, number, one.content, (one.width, one.height))
        for number, one in enumerate(made.pictures, 1)
    ]
    if made.words:
        parts.append(_part(installation, preview, WORDS, made.words))
    near = _near(sha256, made.likeness) if made.likeness else []
    with transaction.atomic():
        preview.save(force_insert=True)
        PreviewPart.objects.bulk_create(parts)
        NearPhoto.objects.bulk_create(near)


def _part(
    installation: Installation,
    preview: Preview,
    number: int,
    content: bytes,
    size: tuple[int, int] = (0, 0),
) -> PreviewPart:
    blob = installation.previews.put(io.BytesIO(content))
    return PreviewPart(
        preview=preview, number=number, width=size[0], height=size[1],
        sha256=blob.sha256, sm3=blob.sm3, size=blob.size,
    )  # fmt: skip


def _near(sha256: str, likeness: str) -> list[NearPhoto]:
    """All photos so far that are near to this one."""
    found = []
    others = Preview.objects.exclude(likeness="").values_list("sha256", "likeness")
    for other, its in others.iterator():
        bits = bits_apart(likeness, its)
        if bits <= FARTHEST:
            first, second = sorted((sha256, other))
            found.append(NearPhoto(first=first, second=second, bits=bits))
    return found
