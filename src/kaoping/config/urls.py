"""The addresses of the platform."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("kaoping.web.urls"))]

handler400 = "kaoping.web.views.errors.bad_request"
handler403 = "kaoping.web.views.errors.closed_door"
handler404 = "kaoping.web.views.errors.not_found"
handler500 = "kaoping.web.views.errors.server_error"
