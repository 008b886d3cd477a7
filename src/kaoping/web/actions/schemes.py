"""方案发布: a draft's text becomes a document that an act names, frozen from then on (P01)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.setting_up import Late, SchemePublished
from kaoping.core.errors import RefusedError
from kaoping.core.journal import read_body
from kaoping.core.publishing import indicator_duties
from kaoping.web.models import Entry
from kaoping.web.opening import installation
from kaoping.web.queries.drafts import publication

if TYPE_CHECKING:
    from kaoping.web.models import SchemeDraft
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody saw and asks to publish.

    Attributes:
        act: the id of the act.
        revision: of the draft, as it was on the page.
        digest: of its text, as it was on the page: SHA-256 in hexadecimal.
        number: of the version that it is to become.
        supersedes: the act in force on the page; None for a first version.
        reason: of the change; empty for a first version.
    """

    act: str
    revision: int
    digest: str
    number: int
    supersedes: str | None
    reason: str


def publication_content(draft: SchemeDraft, viewer: Viewer, intent: Intent) -> SchemePublished:
    """What the act says, with the draft's text stored as its document.

    Raises:
        RefusedError: where something stands in the way, or the draft is no longer what was seen.
        TamperError: where the version in force is not as it was published.
    """
    again = _said_before(draft, intent.act)
    if again is not None:
        return again
    here = installation()
    found = publication(draft, viewer, here.blobs)
    if found.obstacles or found.ties is None:
        raise RefusedError(
            "方案还不能发布：" + "".join(found.obstacles),
            "The scheme cannot be published yet: problems of grade A, houses that are not "
            "registered, or no duty for it. See the draft's page.",
            found.checked.blocking,
        )
    if draft.revision != intent.revision:
        raise RefusedError(
            f"草稿在您打开发布页之后又被保存过（第 {draft.revision} 次），没有发布。请重新查看后再发布。",
            "The draft was saved again after you opened the page; it was not published. Look again.",
        )
    if draft.digest != intent.digest:
        raise RefusedError(
            "草稿的内容和您在发布页看到的不一致，没有发布。请重新打开发布页，逐处核对后再发布；如果没有人保存过，"
            "请告诉审计管理员。",
            "The draft's text is not the one on the page; it was not published. Open the page anew and look "
            "at it again; if nobody has saved it, tell the audit administrator.",
        )
    scheme = found.checked.loaded.scheme
    assert scheme is not None
    return SchemePublished(
        intent.number,
        scheme.document_number,
        here.blobs.put(BytesIO(draft.text.encode())),
        found.section,
        Late(scheme.late.value),
        indicator_duties(scheme, found.ties),
        intent.reason,
    )


def _said_before(draft: SchemeDraft, act: str) -> SchemePublished | None:
    """What this very act said, where it was taken already: asking again is the same act."""
    entry = Entry.objects.filter(act=act, subject=draft.scheme, type=SchemePublished.wire).first()
    if entry is None or draft.published not in (None, entry.index):
        return None
    content = decode_act(read_body(entry.body)["act"]).content
    return content if isinstance(content, SchemePublished) else None
