"""Receiving files: begun, taken piece by piece, then looked at and stored; nobody else's are ever touched."""

from __future__ import annotations

import logging
import unicodedata
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Sum

from kaoping.core.errors import EnvironmentFault, InputError, KaopingError, RefusedError
from kaoping.files.inner_checks import content_fault
from kaoping.files.parts import Parts
from kaoping.files.scanning import found_in
from kaoping.files.structure import KINDS, Fault
from kaoping.web.models import Upload, UploadState
from kaoping.web.models.upload import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.files.blobs import Source
    from kaoping.files.parts import Part
    from kaoping.web.installation import Installation
    from kaoping.web.viewer import Viewer

_LOG = logging.getLogger(__name__)
FOLDER = "uploads"
STALE = timedelta(hours=24)
"""How long an upload may be begun and not come as a whole."""
SCANNED_AT_ONCE = 32_000_000
"""Bytes of the largest file that the scanner judges while the browser waits; a larger one waits for the worker."""
_FOR_THE_WORKER = Fault(
    "文件较大，正在等待病毒扫描，一般一两分钟", "the file is large and waits for the virus scanner"
)
_UNJUDGED = (UploadState.COMING.value, UploadState.WAITING.value)
_OVER = (UploadState.READY.value, UploadState.REFUSED.value)
_KEPT = (UploadState.READY.value, UploadState.WAITING.value, UploadState.COMING.value)


class TooLargeError(InputError):
    """The file, or all of a unit's files together, would be larger than this installation takes."""


class OtherOffsetError(RefusedError):
    """A piece does not begin where the last one ended."""


def parts_of(installation: Installation) -> Parts:
    """Where files on their way lie."""
    return Parts(installation.data / FOLDER)


def begin_upload(installation: Installation, viewer: Viewer, name: str, size: int, owner: str = "") -> Upload:  # fmt: skip
    """Begin to receive a file for a unit or section for which the viewer works.

    Args:
        installation: whose folder takes it.
        viewer: who sends it.
        name: of the file.
        size: in bytes.
        owner: for which of his units and sections; may be left out where there is one.

    Raises:
        InputError: where the file can never be accepted, by its name or its size.
        RefusedError: where the viewer works for nobody of that id.
    """
    kept, house = _checked_name(name), _owner(viewer, owner)
    if size > settings.UPLOAD_LIMIT:
        raise TooLargeError(
            f"“{kept}”超过单个文件 {_words(settings.UPLOAD_LIMIT)} 的上限，没有上传。请压缩或拆分后再传。",
            f"“{kept}” is larger than {_words(settings.UPLOAD_LIMIT)}; it was not uploaded. Make it "
            "smaller or split it.",
        )
    used = (
        Upload.objects.filter(owner=house, state__in=_KEPT).aggregate(all=Sum("size"))["all"] or 0
    )
    if used + size > settings.UPLOAD_QUOTA:
        raise TooLargeError(
            f"本单位上传的文件合计将超过 {_words(settings.UPLOAD_QUOTA)}，没有上传。请联系系统管理员。",
            f"All files of your unit together would exceed {_words(settings.UPLOAD_QUOTA)}; nothing was "
            "uploaded. Ask the system administrator.",
        )
    upload = Upload(
        owner=house, person=viewer.person, name=kept, size=size, begun_at=installation.now()
    )
    parts_of(installation).begin(upload.id)
    upload.save(force_insert=True)
    return upload


def take_piece(
    installation: Installation,
    upload: Upload,
    offset: int,
    stream: Source,
    checksum: tuple[str, bytes] | None = None,
) -> Upload:
    """Take the next piece of a file; the last one has it looked at and stored.

    Raises:
        OtherOffsetError: where it does not begin where the last one ended.
        BusyError, DifferentError, TooLongError: as `files.parts`.
        EnvironmentFault: where the disk fails; what has come is kept.
    """
    with parts_of(installation).held(upload.id) as part:
        _know(installation, upload)
        if part.size < upload.received:  # the disk lost what had been answered
            upload.received = part.size
            Upload.objects.filter(id=upload.id).update(received=upload.received)
        if offset != upload.received or upload.state != UploadState.COMING.value:
            raise OtherOffsetError(
                f"应从第 {upload.received} 字节续传。请刷新页面后继续上传。",
                f"The next piece begins at byte {upload.received}. Reload the page and go on.",
            )
        upload.received = part.append(offset, stream, upload.size, checksum)
        Upload.objects.filter(id=upload.id).update(received=upload.received)
        if upload.received == upload.size:
            _judge_soon(installation, upload, part)
    return upload


def finish_upload(installation: Installation, upload: Upload) -> None:
    """Look at a file that is there as a whole, and store it, however long it takes; a refused one leaves nothing.

    Where the scanner does not answer the file waits (待查) and is looked at again (`scan_waiting`).

    Raises:
        BusyError: where another process is just doing it.
        EnvironmentFault: where the disk does not take it; it can be done again.
    """
    with parts_of(installation).held(upload.id) as part:
        _know(installation, upload)
        if upload.state in _UNJUDGED and part.size == upload.size == upload.received:
            _judge(installation, upload, part)


def _know(installation: Installation, upload: Upload) -> None:
    """The row as it is now, under the lock of its file; a file that nobody waits for goes.

    Raises:
        OtherOffsetError: where it was given up meanwhile.
    """
    try:
        upload.refresh_from_db()
    except Upload.DoesNotExist:
        parts_of(installation).remove(upload.id)
        raise OtherOffsetError(
            "这个上传已被放弃。请重新选择文件上传。",
            "This upload was given up. Choose the file again.",
        ) from None


def _judge_soon(installation: Installation, upload: Upload, part: Part) -> None:
    """Judge it while the browser waits, or leave a large one to the worker where there is a scanner."""
    if settings.SCANNER and upload.size > SCANNED_AT_ONCE:
        _note(upload, UploadState.WAITING, _FOR_THE_WORKER)
    else:
        _judge(installation, upload, part)


def _judge(installation: Installation, upload: Upload, part: Part) -> None:
    with part.opened() as stream:
        fault = content_fault(upload.ending, stream)
        if fault is None:
            stream.seek(0)
            try:
                fault = _virus(found_in(stream, settings.SCANNER)) if settings.SCANNER else None
            except EnvironmentFault as error:
                _note(upload, UploadState.WAITING, Fault(error.zh, error.en))
                return
        if fault is None:
            stream.seek(0)
            blob = installation.blobs.put(stream)
            upload.sha256, upload.sm3 = blob.sha256, blob.sm3
    upload.done_at = installation.now()
    _note(upload, UploadState.REFUSED if fault else UploadState.READY, fault)
    parts_of(installation).remove(upload.id)


def settle_upload(installation: Installation, upload: Upload) -> None:
    """Do what a killed server left undone: all of the file had come, and nobody has looked at it.

    Raises:
        BusyError: where another process is just doing it.
    """
    if upload.state == UploadState.COMING.value and upload.received == upload.size:
        with parts_of(installation).held(upload.id) as part:
            _know(installation, upload)
            if upload.state == UploadState.COMING.value and part.size == upload.size:
                _judge_soon(installation, upload, part)


def scan_waiting(installation: Installation) -> int:
    """Look again at files that the scanner has not judged; how many there were.

    One that cannot be judged just now holds up no other.
    """
    waiting = list(Upload.objects.filter(state=UploadState.WAITING.value))
    for one in waiting:
        _each(finish_upload, installation, one)
    return len(waiting)


def _each(
    do: Callable[[Installation, Upload], None], installation: Installation, one: Upload
) -> None:
    try:
        do(installation, one)
    except KaopingError as error:
        _LOG.warning("upload %s: %s", one.id, error.en)


def something_unscanned() -> bool:
    """Whether a file waits for the scanner's verdict."""
    return Upload.objects.filter(state=UploadState.WAITING.value).exists()


def drop_stale(installation: Installation) -> int:
    """Give up uploads that were begun more than a day ago and never came as a whole.

    Files that no upload knows, left by a server that was killed in between, go with them.

    Returns:
        How many uploads there were.
    """
    moment = installation.clock() - STALE
    before = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = parts_of(installation)
    old = parts.older_than(moment)
    coming = Upload.objects.filter(state=UploadState.COMING.value, begun_at__lt=before)
    stale = [one for one in coming if one.received < one.size and one.id in old]
    for one in stale:
        _each(drop_upload, installation, one)
    for one in coming.filter(received=F("size")):  # a killed server had not looked at it
        _each(finish_upload, installation, one)
    known = set(Upload.objects.exclude(state__in=_OVER).values_list("id", flat=True))
    for name in old - known:
        parts.remove(name)
    return len(stale)


def drop_upload(installation: Installation, upload: Upload) -> None:
    """Give up a file that has not come as a whole; what is stored stays."""
    parts = parts_of(installation)
    with parts.held(upload.id):
        Upload.objects.filter(id=upload.id, state__in=_UNJUDGED).delete()
        if not Upload.objects.filter(id=upload.id, state__in=_UNJUDGED).exists():
            parts.remove(upload.id)


def _note(upload: Upload, state: UploadState, fault: Fault | None) -> None:
    upload.state = state.value
    upload.why_zh, upload.why_en = (fault.zh[:400], fault.en[:400]) if fault else ("", "")
    fields = ("state", "why_zh", "why_en", "sha256", "sm3", "done_at")
    Upload.objects.filter(id=upload.id).update(**{name: getattr(upload, name) for name in fields})


def _virus(name: str) -> Fault | None:
    return Fault(f"含有恶意代码（{name}）", f"it holds malware ({name})") if name else None


def _owner(viewer: Viewer, wanted: str) -> str:
    """For whom it is: a unit before a section, where nothing was said."""
    own = [*sorted(viewer.units), *sorted(viewer.sections)]
    if (wanted and wanted not in own) or not own:
        raise RefusedError(
            "您现在不为这个单位或科室办理，没有上传。请联系安全管理员授予职责。",
            "You do not work for this unit or section now; nothing was uploaded.",
        )
    return wanted or own[0]


def _checked_name(name: str) -> str:
    """A file's own name as text: the last part of a path, what cannot be seen left out.

    Raises:
        InputError: where it has no ending that is accepted.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable()).strip()[-NAME:]
    ending = shown.rpartition(".")[2].lower() if "." in shown else ""
    if ending not in KINDS:
        raise InputError(
            f"不接受“{shown or '没有名称的文件'}”：可以上传 {'、'.join(KINDS)} 文件。请另存为其中一种再传。",
            f"“{shown}” is not accepted: {', '.join(KINDS)} files are. Save it as one of these.",
        )
    return shown


def _words(size: int) -> str:
    giga, mega = 1_000_000_000, 1_000_000
    return f"{size / giga:g} GB" if size >= giga else f"{size / mega:g} MB"
