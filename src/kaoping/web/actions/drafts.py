"""方案草稿: private work of the coordinating section, saved so that nobody's words are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import InputError, RefusedError
from kaoping.core.scheme import MAX_TEXT
from kaoping.web.models import Person, SchemeDraft
from kaoping.web.opening import installation

if TYPE_CHECKING:
    from kaoping.core.workflow import things

_ORDINARY = "\t\n\r"


def begin_draft(
    text: str, name: str, person: str, in_force: things.Scheme | None = None
) -> SchemeDraft:
    """Begin a draft of the next version.

    Args:
        text: the TOML text, in whatever state.
        name: what the draft is called in the list, such as the name of the file it came from.
        person: who begins it.
        in_force: the scheme that it is to become a version of; none: a new one.

    Raises:
        InputError: where the text cannot be kept.
    """
    draft = SchemeDraft(
        name=name[:200], text=_checked(text), saved_by=person, saved_at=installation().now()
    )
    if in_force is not None:
        draft.scheme, draft.base = in_force.id, in_force.act
    draft.save(force_insert=True)
    return draft


def save_draft(draft: SchemeDraft, text: str, expected_revision: int, person: str) -> SchemeDraft:
    """Save a text over the revision that its writer had before her.

    Where somebody else has saved meanwhile, neither text gives way: what is there stays, and what
    was to be saved is kept as a draft of its own, to be compared. The same text twice is one save.

    Args:
        draft: the draft as it was found.
        text: the whole new text.
        expected_revision: the revision that the writer saw.
        person: who saves.

    Returns:
        The draft as it is now.

    Raises:
        InputError: where the text cannot be kept; nothing was changed.
        RefusedError: where somebody else saved meanwhile, or the draft was published.
    """
    text = _checked(text)
    now = installation().now()
    changed = SchemeDraft.objects.filter(
        id=draft.id, revision=expected_revision, published=None
    ).update(text=text, revision=expected_revision + 1, saved_by=person, saved_at=now)
    there = SchemeDraft.objects.get(id=draft.id)
    if changed or (there.text == text and there.published is None):
        return there
    raise _overtaken(there, _kept_aside(there, text, person))


def _kept_aside(there: SchemeDraft, text: str, person: str) -> SchemeDraft:
    """What could not be saved, as a draft of its own; the same text is kept once."""
    mine = SchemeDraft.objects.filter(
        scheme=there.scheme, saved_by=person, text=text, revision=1, published=None
    ).first()
    if mine is not None:
        return mine
    return SchemeDraft.objects.create(
        scheme=there.scheme,
        base=there.base,
        name=f"{there.name[:150]}（{_name_of(person)}另存）",
        text=text,
        saved_by=person,
        saved_at=installation().now(),
    )


def _overtaken(there: SchemeDraft, mine: SchemeDraft) -> RefusedError:
    if there.published is not None:
        return RefusedError(
            f"草稿“{there.name}”已经发布，不能再改。您这次的内容没有丢，已另存为草稿“{mine.name}”，"
            "请在方案页打开。",
            f"The draft “{there.name}” has been published and cannot be changed. What you wrote is "
            f"kept as the draft “{mine.name}”; open it from the scheme page.",
        )
    return RefusedError(
        f"{_name_of(there.saved_by)}先保存了“{there.name}”（第 {there.revision} 次保存），"
        f"没有用您的内容覆盖它。您这次的内容没有丢，已另存为草稿“{mine.name}”，"
        "请在方案页打开两份比较后再改。",
        f"{_name_of(there.saved_by)} saved “{there.name}” before you (revision {there.revision}); "
        f"it was not overwritten. What you wrote is kept as the draft “{mine.name}”; compare the "
        "two on the scheme page.",
    )


def _name_of(person: str) -> str:
    found = Person.objects.filter(id=person).first()
    return found.name if found else person


def _checked(text: str) -> str:
    """The text with plain line ends, if it can be kept.

    Raises:
        InputError: where it is too long, or holds signs that no text has.
    """
    if len(text) > MAX_TEXT:
        raise InputError(
            f"方案文本超过 {MAX_TEXT // 10_000} 万字，没有保存。请检查是否选错了文件。",
            f"The scheme is longer than {MAX_TEXT} characters; it was not saved. Check the file.",
        )
    odd = next((c for c in text if (c < " " and c not in _ORDINARY) or c == "\x7f"), None)
    if odd is not None:
        line = text[: text.index(odd)].count("\n") + 1
        raise InputError(
            f"第 {line} 行有不可见的控制字符，没有保存。请选用文本编辑器另存的文件，或删去该字符。",
            f"Line {line} holds a control character; nothing was saved. Remove it.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
