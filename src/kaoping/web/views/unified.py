"""统一身份认证: to the provider and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kaoping.web import oidc
from kaoping.web.actions import signing_in
from kaoping.web.oidc import Purpose
from kaoping.web.views.doors import for_strangers, own_path, send_to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@for_strangers
@require_POST
def unified(request: HttpRequest) -> HttpResponse:
    """Leave for the provider. A page that goes on by itself: forms may not lead to other servers."""
    if not settings.OIDC_ISSUER:
        raise Http404
    purpose = Purpose.CONFIRM if request.user.is_authenticated else Purpose.SIGN_IN
    back = own_path(request.POST.get("next", "/"))
    address = oidc.begin(request.session, _back_to_us(request), purpose, back)
    return render(request, "unified/leaving.html", {"address": address})


@for_strangers
def unified_back(request: HttpRequest) -> HttpResponse:
    """Come back from the provider with its answer."""
    if not settings.OIDC_ISSUER:
        raise Http404
    proof = oidc.finish(request.session, request.GET.dict(), _back_to_us(request))
    if proof.purpose is Purpose.CONFIRM:
        signing_in.confirm_elsewhere(request, proof.name)
        return HttpResponseRedirect(proof.back)
    tried = signing_in.admit_from_elsewhere(request, proof.name)
    if tried.is_half:
        return send_to(request, "second_step", proof.back)
    if tried.is_in:
        return HttpResponseRedirect(proof.back)
    return send_to(request, "sign_in", proof.back, over=tried.outcome.value)


def _back_to_us(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("unified_back"))
