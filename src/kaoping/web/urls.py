"""Every address of the platform."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from kaoping.web.views import desk, receipts, session
from kaoping.web.views.doors import for_strangers

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("confirm", session.confirm, name="confirm"),
    path("account", session.account, name="account"),
    path("language", for_strangers(set_language), name="set_language"),
    path("receipts/<int:index>", receipts.receipt, name="receipt"),
    path("receipts/<int:index>/proof", receipts.proof, name="receipt_proof"),
    path("receipts/<int:index>/body", receipts.body, name="receipt_body"),
]
