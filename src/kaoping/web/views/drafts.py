"""方案草稿: import, check, mend, accept, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaoping.files.acceptance import accept_problem, withdraw_acceptance
from kaoping.web.actions.drafts import (
    acceptable,
    begin_draft,
    close_draft,
    lay_aside,
    rebase_draft,
    require_current,
    save_draft,
)
from kaoping.web.actions.papers import draft_from_papers
from kaoping.web.actions.schemes import publication_content
from kaoping.web.forms.scheme import (
    edited_text,
    intent_of,
    new_draft,
    papers_sent,
    reason_of,
    revision_of,
    whole,
)
from kaoping.web.models import SchemeDraft
from kaoping.web.opening import installation
from kaoping.web.queries.drafts import MOST_SHOWN, checked, pieces, publication, tabs
from kaoping.web.queries.papers import has_papers, papers_shown, work_list_xlsx
from kaoping.web.queries.problem_list import problems_docx, problems_xlsx
from kaoping.web.queries.scheme import versions
from kaoping.web.viewer import COORDINATING
from kaoping.web.views.acting import act, act_id_of, fresh_id, see
from kaoping.web.views.doors import Request, for_audience, tell, with_fresh_sign_in
from kaoping.web.views.downloads import TOML, handed_over, workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@for_audience(COORDINATING)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a draft: from a file, from the version in force, or from the empty form."""
    found = versions(request.viewer)
    if request.method == "POST":
        in_force = found[0].content if found else None
        name, text = new_draft(request.POST, request.FILES, in_force, installation().blobs)
        return _to(begin_draft(text, name, request.user.person))
    context = {"part": "scheme", "in_force": found[0] if found else None}
    return render(request, "draft/new.html", context)


@for_audience(COORDINATING)
@require_POST
def read(request: Request) -> HttpResponse:
    """Read a notice and its annexes into a draft."""
    notice, annexes = papers_sent(request.FILES)
    one = draft_from_papers(notice, annexes, request.user.person)
    return see(reverse("draft_papers", args=[one.id]))


@for_audience(COORDINATING)
@require_GET
def papers(request: Request, draft: UUID) -> HttpResponse:
    """The notice with the list of what was read, what was not, and what must be decided."""
    one = _draft(request, draft)
    found = papers_shown(one, request.GET.get("part", ""))
    return render(request, "draft/papers.html", {"part": "scheme", "draft": one, "papers": found})


@for_audience(COORDINATING)
@require_GET
def work_list(request: Request, draft: UUID) -> HttpResponse:
    """That list as a workbook."""
    return workbook(request, work_list_xlsx(_draft(request, draft)), _("工作清单.xlsx"))


@for_audience(COORDINATING)
@require_GET
def draft(request: Request, draft: UUID) -> HttpResponse:
    """校核: the text with its problems beside it."""
    one = _draft(request, draft)
    found = checked(one)
    tab = request.GET.get("level", "")
    problems = found.of(tab)
    context = {
        "part": "scheme",
        "draft": one,
        "checked": found,
        "has_papers": has_papers(one),
        "tabs": tabs(found, tab),
        "problems": problems[:MOST_SHOWN],
        "left_out": max(0, len(problems) - MOST_SHOWN),
        "lines": found.excerpt(problems[:MOST_SHOWN]),
        "publication": publication(one, request.viewer, installation().blobs),
    }
    return render(request, "draft/draft.html", context)


@for_audience(COORDINATING)
@require_http_methods(["GET", "POST"])
def edit(request: Request, draft: UUID) -> HttpResponse:
    """Mend the text: all of it, or the piece around a line."""
    one = _draft(request, draft)
    if request.method == "POST":
        text, revision = edited_text(request.POST), revision_of(request.POST)
        return _to(save_draft(one, text, revision, request.user.person))
    context = {"part": "scheme", "draft": one, "pieces": pieces(one, request.GET.get("line", ""))}
    return render(request, "draft/edit.html", context)


@for_audience(COORDINATING)
@require_POST
def accept(request: Request, draft: UUID) -> HttpResponse:
    """Accept a problem with a reason."""
    one = _draft(request, draft)
    revision, reason = revision_of(request.POST), reason_of(request.POST)
    found = acceptable(one, revision, whole(request.POST, "number"))
    text = accept_problem(one.text, found.code, found.where, reason, request.viewer.name)
    return _to(save_draft(one, text, revision, request.user.person))


@for_audience(COORDINATING)
@require_POST
def withdraw(request: Request, draft: UUID) -> HttpResponse:
    """Take an acceptance back: the problem is open again."""
    one = _draft(request, draft)
    revision = revision_of(request.POST)
    require_current(one, revision)
    code, where = (request.POST.get(key, "") for key in ("code", "where"))
    text = withdraw_acceptance(one.text, code, where)
    return _to(save_draft(one, text, revision, request.user.person))


@for_audience(COORDINATING)
@require_POST
def aside(request: Request, draft: UUID) -> HttpResponse:
    """Lay a draft aside, or take it up again."""
    one = _draft(request, draft)
    if request.POST.get("to") == "open":
        lay_aside(one, is_aside=False)
        tell(request, _("草稿“{}”已恢复。").format(one.name))
        return _to(one)
    lay_aside(one)
    tell(request, _("草稿“{}”已搁置，在方案页的“已搁置”里，可以恢复。").format(one.name))
    return see(reverse("scheme"))


@for_audience(COORDINATING)
@require_POST
def rebase(request: Request, draft: UUID) -> HttpResponse:
    """Let a draft stand on the version that is in force now."""
    one = _draft(request, draft)
    rebase_draft(one)
    return see(reverse("draft_publish", args=[one.id]))


@for_audience(COORDINATING)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def publish(request: Request, draft: UUID) -> HttpResponse:
    """Publish: what it would mean, what stands in the way, and the act itself."""
    one = _draft(request, draft)
    if request.method == "POST":
        asked = intent_of(request.POST, act_id_of(request))
        content = publication_content(one, request.viewer, asked)
        done = act(request, one.scheme, content, reverse("scheme"), asked.supersedes)
        close_draft(one, asked.act)
        return done
    found = publication(one, request.viewer, installation().blobs)
    context = {"part": "scheme", "draft": one, "publication": found, "act": fresh_id()}
    return render(request, "draft/publish.html", context)


@for_audience(COORDINATING)
@require_GET
def text(request: Request, draft: UUID) -> HttpResponse:
    """The draft's text as a file."""
    one = _draft(request, draft)
    return handed_over(request, one.text, "scheme-draft.toml", TOML)


@for_audience(COORDINATING)
@require_GET
def problems_as_xlsx(request: Request, draft: UUID) -> HttpResponse:
    """The list of problems as a workbook."""
    one = _draft(request, draft)
    return workbook(request, problems_xlsx(one.name, checked(one)), _("问题清单.xlsx"))


@for_audience(COORDINATING)
@require_GET
def problems_as_docx(request: Request, draft: UUID) -> HttpResponse:
    """The list of problems as a document."""
    one = _draft(request, draft)
    content = problems_docx(one.name, checked(one), request.viewer.at)
    return handed_over(request, content, _("问题清单.docx"), _DOCUMENT)


def _draft(request: Request, draft: UUID) -> SchemeDraft:
    return get_object_or_404(SchemeDraft.objects.visible_to(request.viewer), id=str(draft))


def _to(one: SchemeDraft) -> HttpResponse:
    return see(reverse("draft", args=[one.id]))
