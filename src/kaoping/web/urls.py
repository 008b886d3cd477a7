"""Every address of the platform."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from kaoping.web.views import comparison, desk, drafts, receipts, scheme, session, trial
from kaoping.web.views.doors import for_strangers

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("confirm", session.confirm, name="confirm"),
    path("account", session.account, name="account"),
    path("language", for_strangers(set_language), name="set_language"),
    path("scheme", scheme.scheme, name="scheme"),
    path("scheme/versions/<int:number>", scheme.version, name="scheme_version"),
    path("scheme/versions/<int:number>/text", scheme.version_text, name="scheme_text"),
    path("scheme/comparison", comparison.comparison, name="scheme_comparison"),
    path("scheme/comparison.xlsx", comparison.as_xlsx, name="scheme_comparison_xlsx"),
    path("scheme/trial", trial.trial, name="scheme_trial"),
    path("scheme/drafts/new", drafts.new, name="draft_new"),
    path("scheme/drafts/<uuid:draft>", drafts.draft, name="draft"),
    path("scheme/drafts/<uuid:draft>/edit", drafts.edit, name="draft_edit"),
    path("scheme/drafts/<uuid:draft>/accept", drafts.accept, name="draft_accept"),
    path("scheme/drafts/<uuid:draft>/withdraw", drafts.withdraw, name="draft_withdraw"),
    path("scheme/drafts/<uuid:draft>/aside", drafts.aside, name="draft_aside"),
    path("scheme/drafts/<uuid:draft>/rebase", drafts.rebase, name="draft_rebase"),
    path("scheme/drafts/<uuid:draft>/publish", drafts.publish, name="draft_publish"),
    path("scheme/drafts/<uuid:draft>/text", drafts.text, name="draft_text"),
    path(
        "scheme/drafts/<uuid:draft>/problems.xlsx",
        drafts.problems_as_xlsx,
        name="draft_problems_xlsx",
    ),
    path(
        "scheme/drafts/<uuid:draft>/problems.docx",
        drafts.problems_as_docx,
        name="draft_problems_docx",
    ),
    path("receipts/<int:index>", receipts.receipt, name="receipt"),
    path("receipts/<int:index>/proof", receipts.proof, name="receipt_proof"),
    path("receipts/<int:index>/body", receipts.body, name="receipt_body"),
]
