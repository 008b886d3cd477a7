"""人员: who is registered, her account, her first password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kaoping.web.actions.people import (
    change_account,
    issue_passwords,
    register_account,
    require_login_free,
)
from kaoping.web.forms.people import chosen, login_of, new_person, reason_of, without_nul
from kaoping.web.opening import installation
from kaoping.web.queries.exports import people_workbook
from kaoping.web.queries.people import (
    ACCOUNT_FILTERS,
    Wanted,
    accounts_without_password,
    house_choices,
    people_page,
    person_card,
)
from kaoping.web.viewer import ADMINISTRATORS, SECURITY_ADMIN, SYSTEM_ADMIN
from kaoping.web.views.acting import act, act_id_of, fresh_id, see
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from kaoping.web.queries.people import PersonCard


@for_audience(ADMINISTRATORS)
@require_GET
def people(request: Request) -> HttpResponse:
    """The list, narrowed by words, unit or section, and account."""
    wanted = _wanted(request)
    context = {
        "part": "people",
        "wanted": wanted,
        "found": people_page(request.viewer, wanted, installation().clock()),
        "houses": house_choices(request.viewer),
        "accounts": ACCOUNT_FILTERS.items(),
        "may_register": SYSTEM_ADMIN.admits(request.viewer),
    }
    return render(request, "people/people.html", context)


_DIGITS = 6
"""Longest number of a page that is read at all."""


def _wanted(request: Request) -> Wanted:
    words, house, account, page = (
        without_nul(request.GET.get(name, "")).strip()
        for name in ("words", "house", "account", "page")
    )
    number = int(page) if page.isdecimal() and len(page) <= _DIGITS else 1
    return Wanted(words[:100], house[:36], account, number)


@for_audience(ADMINISTRATORS)
@require_GET
def export(request: Request) -> HttpResponse:
    """All persons and their duties as a workbook."""
    content = people_workbook(request.viewer, installation().clock())
    return workbook(request, content, _("人员和职责.xlsx"))


@for_audience(ADMINISTRATORS)
@require_GET
def person(request: Request, person: UUID) -> HttpResponse:
    """One person."""
    context = {
        "part": "people",
        "person": _card(request, person),
        "may_register": SYSTEM_ADMIN.admits(request.viewer),
        "may_give": SECURITY_ADMIN.admits(request.viewer),
    }
    return render(request, "people/person.html", context)


def _card(request: Request, person: UUID) -> PersonCard:
    found = person_card(request.viewer, str(person), installation().clock())
    if found is None:
        raise Http404
    return found


@for_audience(SYSTEM_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Register a person, and open her account."""
    if request.method == "POST":
        subject = act_id_of(request)
        form = new_person(request.POST, installation(), subject)
        require_login_free(form.login, subject)
        done = act(request, subject, form.content, reverse("person", args=[subject]))
        register_account(installation(), request, form.login, subject)
        return done
    context = {
        "part": "people",
        "act": fresh_id(),
        "houses": house_choices(request.viewer),
        "house": request.GET.get("house", ""),
    }
    return render(request, "people/new.html", context)


@for_audience(SYSTEM_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def account(request: Request, person: UUID) -> HttpResponse:
    """Open, disable or enable an account."""
    card = _card(request, person)
    if request.method == "POST":
        if card.account is None:
            login = login_of(request.POST)
            register_account(installation(), request, login, card.id)
        else:
            is_enabled = request.POST.get("to") == "enabled"
            reason = reason_of(request.POST)
            change_account(request, card.account, reason, is_enabled=is_enabled)
        return see(reverse("person", args=[card.id]))
    return render(request, "people/account.html", {"part": "people", "person": card})


@for_audience(SYSTEM_ADMIN)
@with_fresh_sign_in
@never_cache
@require_http_methods(["GET", "POST"])
def slips(request: Request) -> HttpResponse:
    """口令条: choose for whom; what is then shown is shown once."""
    if request.method == "POST":
        made = issue_passwords(installation(), request, chosen(request.POST))
        return render(request, "people/slips.html", {"part": "people", "slips": made})
    house = without_nul(request.GET.get("house", ""))
    context = {
        "part": "people",
        "persons": accounts_without_password(request.viewer, house),
        "houses": house_choices(request.viewer),
        "house": house,
    }
    return render(request, "people/choose_slips.html", context)
