"""The server's entry: what gunicorn loads."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
if settings.JOBS_INLINE:
    from kaoping.web.jobs import begin_embedded

    begin_embedded()
