"""来文读成草稿: a notice and its annexes become a draft that a person confirms (P05)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kaoping.core.draft.work_list import work_list
from kaoping.files.archive import safe_name
from kaoping.files.papers import read_beside_original
from kaoping.web.actions.drafts import begin_draft
from kaoping.web.models import DraftItem, DraftSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile

    from kaoping.core.draft.papers import Papers
    from kaoping.core.original import Original
    from kaoping.web.models import SchemeDraft


def draft_from_papers(
    notice: UploadedFile[Any], annexes: Iterable[UploadedFile[Any]], person: str
) -> SchemeDraft:
    """Read a notice with its annexes into a draft, with the list of what is to be looked at.

    The files themselves are not kept: the draft holds the notice's text, line by line.

    Raises:
        InputError: where the notice cannot be read; an annex that cannot is told in the list.
        UsageError: where two files have one name.
    """
    with tempfile.TemporaryDirectory(prefix="kaoping-papers-") as folder:
        first, *others = (_written(Path(folder), file) for file in (notice, *annexes))
        papers, original = read_beside_original(first, others, lambda _zh, _en: None)
    with transaction.atomic():
        draft = begin_draft(papers.draft(), f"由“{original.name}”读出", person)
        _keep(draft, papers, original)
    return draft


def _written(folder: Path, file: UploadedFile[Any]) -> Path:
    path = folder / safe_name(Path(file.name or "").name)
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.stem}-{number}{path.suffix}")
    with path.open("wb") as target:
        for piece in file.chunks():
            target.write(piece)
    return path


def _keep(draft: SchemeDraft, papers: Papers, original: Original) -> None:
    flat = (" ".join(line.split("\n")) for line in original.lines)
    DraftSource.objects.create(
        draft=draft,
        name=original.name[:200],
        text=_plain("\n".join(flat)),
        places="\n".join(original.places),
    )
    DraftItem.objects.bulk_create(
        DraftItem(
            draft=draft,
            number=item.number,
            part=item.part.value,
            severity=item.severity.value if item.severity else "",
            code=item.code,
            what=_plain(item.what.strip()),
            words=_plain(item.words),
            place=_plain(item.place),
            todo=item.todo,
        )
        for item in work_list(papers)
    )


def _plain(text: str) -> str:
    """A text without what a database does not keep."""
    return text.replace("\x00", "�")
