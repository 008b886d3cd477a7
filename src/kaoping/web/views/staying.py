"""Forms that stay where they are: where something is wrong, the same page comes again with all that was typed."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from kaoping.core.errors import KaopingError
from kaoping.web.refilled import PageWithForm
from kaoping.web.views.doors import came_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.http import HttpRequest

    from kaoping.core.errors import InputError
    from kaoping.core.problems import Problem
    from kaoping.web.views.doors import View


def stays_on(page: str | Callable[..., str]) -> Callable[[View], View]:
    """The form that this view takes stays on its page where something in it is wrong.

    What the view raises as `InputError` then leads to no page of its own: the page on which the form stands
    is made anew, as who looks would see it now; the form on it is filled in as it was sent (hidden fields
    as well: they say which state was seen), folded parts around it are opened, the status is 422. At the
    head stands what is wrong; a `FieldProblem` is linked to its field, and told and marked there. No
    template has to know of it; one that shows more where a form comes again finds the form's address in
    `request.form_again`. Files do not come back by themselves: a view that receives them says in
    `request.POST` what they have become.

    Whoever opens an address that only takes the form (as a browser does that goes back to it) is led to
    the page.

    Args:
        page: the name of the page's address, where it takes the same arguments as that of the form; or a
            function that gives its address, asked with the request and these arguments.
    """

    def mark(view: View) -> View:
        view.page_of_form = page  # type: ignore[attr-defined]
        return view

    return mark


def led_to_the_page(request: HttpRequest) -> HttpResponse | None:
    """The way from an address that only takes a form to the form's page; None where there is none."""
    address = _page_of(request) if request.method in ("GET", "HEAD") else ""
    if not address:
        return None
    asked = request.META.get("QUERY_STRING", "")  # by links and filters of a page that came again
    return HttpResponseRedirect(f"{urlsplit(address).path}?{asked}" if asked else address)


def shown_again(
    request: HttpRequest, error: InputError, status: int, taken: list[int]
) -> HttpResponse | None:
    """The page of a form that was refused, filled in as it was sent.

    Args:
        request: that brought the form.
        error: what is wrong with it.
        status: of the answer.
        taken: entries of acts that were taken before the error came.

    Returns:
        None where the form does not stay, or its page does not open or has no such form any more: the error
        then wants a page of its own.
    """
    is_whole = request.method == "POST" and not getattr(request, "htmx", False)
    address = _page_of(request) if is_whole else ""
    page = _looked_at(request, address) if address else None
    if page is None:
        return None
    sent = {name: request.POST.getlist(name) for name in request.POST}
    again = PageWithForm(page.content.decode(), request.path, urlsplit(address).path, sent)
    if not again.has_form:
        return None
    context = {
        "error": error,
        "problems": _linked(again, error.problems),
        "taken": taken,
        "is_kept": again.keeps_typed,
    }
    head = render_to_string("layout/wrong.html", context)
    content = again.filled(error.problems, head, f"{_('请改正')} · ")
    return HttpResponse(content, status=status)


def _linked(again: PageWithForm, problems: tuple[Problem, ...]) -> list[tuple[Problem, str]]:
    """Each with the place of its field, where it names one."""
    return [(one, again.place_of(getattr(one, "field", ""))) for one in problems]


def _page_of(request: HttpRequest) -> str:
    """The address of the page on which the form stands, as it was looked at; empty for a form that leaves."""
    match = request.resolver_match
    page = getattr(match.func, "page_of_form", "") if match else ""
    if not page or match is None:
        return ""
    kwargs = match.kwargs
    address = page(request, **kwargs) if callable(page) else reverse(page, kwargs=kwargs)
    came = came_from(request, otherwise="")
    return came if urlsplit(came).path == urlsplit(address).path else address


def _looked_at(request: HttpRequest, address: str) -> HttpResponse | None:
    """A page as it is shown now to who sent the request; None where it does not open."""
    where = urlsplit(address)
    match = resolve(where.path)
    asked: Any = copy(request)
    more = {"REQUEST_METHOD": "GET", "PATH_INFO": where.path, "QUERY_STRING": where.query}
    asked.method, asked.META = "GET", {**request.META, **more}
    asked.path = asked.path_info = where.path
    asked.GET, asked.POST, asked._files = QueryDict(where.query), QueryDict(), MultiValueDict()  # noqa: SLF001 - Django has no setter for it
    asked.resolver_match, asked.page_to_speak_on = match, address
    asked.form_again = request.path
    if not match.func.audience.admits(asked.viewer):  # type: ignore[attr-defined]
        return None
    try:
        page: HttpResponse = match.func(asked, *match.args, **match.kwargs)
    except (Http404, PermissionDenied, KaopingError):
        return None
    return page if page.status_code == HttpResponse.status_code else None
