"""方案草稿: private work of the coordinating section, saved so that nobody's words are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import InputError, RefusedError
from kaoping.core.scheme import MAX_TEXT
from kaoping.core.workflow import things
from kaoping.files.acceptance import names_added
from kaoping.web.models import Entry, Person, SchemeDraft
from kaoping.web.models.draft import NAME
from kaoping.web.opening import installation
from kaoping.web.queries.drafts import checked
from kaoping.web.queries.scheme import draft_scheme, scheme_in_force, scheme_of_year

if TYPE_CHECKING:
    from kaoping.core.problems import Problem

_ORDINARY = "\t\n\r"


def begin_draft(text: str, name: str, person: str) -> SchemeDraft:
    """Begin a draft; of the year of a scheme that was published it is the next version of that one.

    Args:
        text: the TOML text, in whatever state.
        name: what the draft is called in the list, such as the name of the file it came from.
        person: who begins it.

    Raises:
        InputError: where the text cannot be kept.
        TamperError: where a published scheme is not as it was published.
    """
    draft = SchemeDraft(
        name=_checked_name(name),
        text=_checked(text),
        saved_by=person,
        saved_at=installation().now(),
    )
    found = _scheme_of(draft)
    if found is not None:
        draft.scheme, draft.base = found.id, found.act
    draft.save(force_insert=True)
    return draft


def _scheme_of(draft: SchemeDraft) -> things.Scheme | None:
    here = installation()
    state = here.keeper.state()
    scheme = draft_scheme(draft)
    if scheme is None:
        return scheme_in_force(state)
    return scheme_of_year(state, here.blobs, scheme.year)


def rebase_draft(draft: SchemeDraft) -> None:
    """Let a draft stand on the version in force now: whoever asks has compared the two."""
    found = installation().keeper.state().find(things.Scheme, draft.scheme)
    if found is not None:
        SchemeDraft.objects.filter(id=draft.id, published=None).update(base=found.act)


def lay_aside(draft: SchemeDraft, *, is_aside: bool = True) -> None:
    """Take a draft out of the list of those that are worked on, or back into it; its text stays."""
    SchemeDraft.objects.filter(id=draft.id, published=None).update(is_aside=is_aside)


def close_draft(draft: SchemeDraft, act: str) -> None:
    """Close a draft that an act has published."""
    entry = Entry.objects.filter(act=act, subject=draft.scheme).first()
    if entry is not None:
        SchemeDraft.objects.filter(id=draft.id, published=None).update(published=entry.index)


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
        RefusedError: where somebody else saved meanwhile, the draft was published, or the text says
            that others accept a problem: each does that herself.
    """
    text = _checked(text)
    _require_own_name(draft, text, person)
    now = installation().now()
    changed = SchemeDraft.objects.filter(
        id=draft.id, revision=expected_revision, published=None
    ).update(text=text, revision=expected_revision + 1, saved_by=person, saved_at=now)
    there = SchemeDraft.objects.get(id=draft.id)
    if changed or (there.text == text and there.published is None):
        return there
    raise _overtaken(there, _kept_aside(there, text, person))


def _require_own_name(draft: SchemeDraft, text: str, person: str) -> None:
    others = names_added(draft.text, text) - {_name_of(person)}
    if others:
        names = "、".join(sorted(others))
        raise RefusedError(
            f"文本里新写了由{names}接受的问题，没有保存。接受问题只能由本人在系统中办理，不能代写别人的姓名。",
            f"The text says that {names} accepts a problem; it was not saved. Each person accepts "
            "problems herself, nobody writes another's name.",
        )


def require_current(draft: SchemeDraft, revision: int) -> None:
    """That a page showed the draft as it is.

    Raises:
        RefusedError: where somebody saved it since.
    """
    if draft.revision != revision:
        raise RefusedError(
            f"{_name_of(draft.saved_by)}刚刚保存了这份草稿（第 {draft.revision} 次保存），这一步没有办理。"
            "请刷新页面，看过现在的内容再办。",
            f"{_name_of(draft.saved_by)} has just saved this draft (revision {draft.revision}); "
            "nothing was done. Reload the page and look again.",
        )


def acceptable(draft: SchemeDraft, revision: int, number: int) -> Problem:
    """The problem of a draft that is to be accepted.

    Args:
        draft: as it is.
        revision: as the page showed it.
        number: the problem's number on the page.

    Raises:
        RefusedError: where the draft is another now, or nobody can accept the problem.
    """
    require_current(draft, revision)
    for one in checked(draft).problems:
        if one.number == number and one.can_be_accepted:
            return one.problem
    raise RefusedError(
        "这个问题不能接受，只能改正：计分所用的内容必须明确。请在“修改文本”中改正。",
        "This problem cannot be accepted, only mended: what is scored must be clear. Edit the text.",
    )


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


def _checked_name(name: str) -> str:
    """A name of one line that fits its column."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:NAME] or "方案"


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
