"""The server's entry: what gunicorn loads."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from kaoping.files.holidays import holiday_calendar

application = get_wsgi_application()
holiday_calendar()  # a second's work, so that no visitor waits for it
if settings.JOBS_INLINE:
    from kaoping.web.jobs import begin_embedded

    begin_embedded()
