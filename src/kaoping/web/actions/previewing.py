"""Making previews of files that were accepted, and noting which photos are nearly the same: never in a request."""

from __future__ import annotations

import io
import logging
from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING

from django.db import transaction

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
    """Whether a file was accepted and has not had its turn."""
    return _waiting().exists()


def make_previews(installation: Installation, seconds: float = _SECONDS) -> int:
    """Make what is missing, file by file, the oldest first; one process at a time.

    A file that cannot be shown, or that breaks off whoever reads it, is noted as such and holds up no other. What
    another owner has handed in before is drawn anew and takes as long as ever: it would tell of the other (O25).

    Args:
        installation: whose files.
        seconds: after which no further one is begun.

    Returns:
        How many uploads had their turn.

    Raises:
        EnvironmentFault: where disk, store or processes fail; the rest is tried again later.
    """
    until, tried = monotonic() + seconds, 0
    with first_come(installation.data / _LOCK_FILE) as is_first:
        while is_first and monotonic() < until:
            upload = _waiting().order_by("done_at", "id").first()
            if upload is None:
                break
            _make(installation, upload)
            tried += 1
    return tried


def _waiting() -> QuerySet[Upload]:
    return Upload.objects.ready().filter(previewed_at="")


def _come_round(installation: Installation, upload: Upload) -> None:
    """Note that an upload has had its turn, with all the same ones of its owner."""
    same = _waiting().filter(owner=upload.owner, sha256=upload.sha256)
    same.update(previewed_at=installation.now())


def _make(installation: Installation, upload: Upload) -> None:
    own = Upload.objects.ready().filter(owner=upload.owner, sha256=upload.sha256)
    if own.exclude(previewed_at="").exists():
        _come_round(installation, upload)
        return
    with ExitStack() as stack:
        try:
            require_showable(upload.ending, upload.size)
            file = stack.enter_context(installation.blobs.copied(upload.blob))
            made = stack.enter_context(preview_of(upload.ending, file))
        except InputError as error:
            _LOG.info("no preview of %s: %s", upload.sha256, "; ".join([error.en, *_notes(error)]))
            _note_none(installation, upload, error.zh, error.en)
        except TamperError as error:
            _LOG.critical("tamper: %s", error.en)
            _note_none(
                installation,
                upload,
                "保存的文件与上传时不同，已停止。请通知审计管理员。",
                "The stored file is not what was uploaded. Tell the audit administrator.",
            )
        else:
            _keep(installation, upload, made)


def _notes(error: InputError) -> list[str]:
    return getattr(error, "__notes__", [])


def _note_none(installation: Installation, upload: Upload, zh: str, en: str) -> None:
    """Note why there is none: the first sentence; what one should do stands on the page.

    One that could be made for somebody stays.
    """
    why_zh = zh.removeprefix("文件：").partition("。")[0]
    why_en = en.removeprefix("文件: ").partition(". ")[0].rstrip(".")
    said = {
        "state": PreviewState.NONE.value,
        "why_zh": f"{why_zh}。"[:REASON],
        "why_en": f"{why_en[:1].upper()}{why_en[1:]}."[:REASON],
    }
    with transaction.atomic():
        Preview.objects.get_or_create(sha256=upload.sha256, defaults=said)
        _come_round(installation, upload)


def _keep(installation: Installation, upload: Upload, made: previewing.Preview) -> None:
    """Bring the bytes to the disk, then enter them, with the photos that are near; what was entered before stays."""
    preview = Preview(
        sha256=upload.sha256, state=PreviewState.MADE.value, of=made.of, likeness=made.likeness
    )
    parts = [
        _part(installation, preview, number, one.content, (one.width, one.height))
        for number, one in enumerate(made.pictures, 1)
    ]
    if made.words:
        parts.append(_part(installation, preview, WORDS, made.words))
    near = _near(upload.sha256, made.likeness) if made.likeness else []
    same = Preview.objects.filter(sha256=upload.sha256)
    with transaction.atomic():
        same.filter(state=PreviewState.NONE.value).delete()  # then, the machine was too busy
        if not same.exists():
            preview.save(force_insert=True)
            PreviewPart.objects.bulk_create(parts)
            NearPhoto.objects.bulk_create(near)
        _come_round(installation, upload)


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
    """All other photos so far that are near to this one."""
    found = []
    others = (
        Preview.objects.exclude(likeness="")
        .exclude(sha256=sha256)
        .values_list("sha256", "likeness")
    )
    for other, its in others.iterator():
        bits = bits_apart(likeness, its)
        if bits <= FARTHEST:
            first, second = sorted((sha256, other))
            found.append(NearPhoto(first=first, second=second, bits=bits))
    return found
