"""One official act from a page: take it, say where it stands in the journal, go on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from kaoping.core.acts.names import act_name
from kaoping.core.errors import InputError
from kaoping.web.actions.perform import Asked
from kaoping.web.actions.taking import take
from kaoping.web.opening import installation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from kaoping.core.acts.union import Content
    from kaoping.web.actions.taking import Taken
    from kaoping.web.views.doors import Request

ACT_FIELD = "act"
"""The hidden field with the act's id: a form that is sent twice asks for the same act."""
_ACCEPTED = 202


def fresh_id() -> str:
    """An id for an act or a thing that is still to come."""
    return str(uuid4())


def act_id_of(request: Request) -> str:
    """The id under which the form asks for its act.

    Raises:
        InputError: where the form has none.
    """
    given = request.POST.get(ACT_FIELD, "")
    try:
        return str(UUID(given))
    except ValueError as error:
        raise InputError(
            "页面缺少办理编号，没有办理。请刷新页面后重新提交。",
            "The page has no act id; nothing was done. Reload the page and submit again.",
        ) from error


def act(
    request: Request, subject: str, content: Content, to: str, supersedes: str | None = None
) -> HttpResponse:
    """Take an act for who is signed in, and go to an address with its receipt at the head.

    Raises:
        StepRefused, InputError, TamperError, EnvironmentFault: as `actions.taking.take`.
    """
    person = request.user.person
    asked = Asked(act_id_of(request), person, subject, content, supersedes)
    taken = take(installation(), asked)
    if not taken.is_sealed:
        return waiting(request, taken.index, act_name(content.wire), to)
    tell_done(request, act_name(content.wire), taken.index)
    return see(to)


def waiting(request: Request, index: int, term: str, to: str) -> HttpResponse:
    """An act that was taken and has no seal yet: 已受理，待存证."""
    context = {"index": index, "to": to, "term": term}
    return render(request, "receipt/waiting.html", context, status=_ACCEPTED)


def see(to: str) -> HttpResponse:
    """Send the browser on after a form."""
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def see_several(request: Request, taken: Sequence[Taken], term: str, to: str) -> HttpResponse:
    """Go on after several acts of one form, with the receipt of the one, or the way to those of several.

    Where the sealer does not answer, the last of them is shown as waiting (已受理，待存证).
    """
    if not all(one.is_sealed for one in taken):
        return waiting(request, taken[-1].index, term, to)
    if len(taken) == 1:
        tell_done(request, term, taken[0].index)
    else:
        said = _("已办理并存证 {} 项，条目 {} 至 {}。")
        tell_several(request, said.format(len(taken), taken[0].index, taken[-1].index))
    return see(to)


def tell_several(request: Request, said: str) -> None:
    """At the head of the next page: that several acts were done, and where each has its receipt."""
    link = format_html('<a href="{}">{}</a>', reverse("desk_done"), _("到“已办”看各条回执"))
    messages.success(request, format_html("{} {}", said, link))


def tell_done(request: Request, term: str, index: int) -> None:
    """At the head of the next page: what was done, and its receipt."""
    receipt = reverse("receipt", args=[index])
    said = _("已办理并存证：{}，条目 {}。")
    link = format_html('<a href="{}">{}</a>', receipt, _("查看回执"))
    messages.success(request, format_html("{} {}", said.format(term, index), link))
