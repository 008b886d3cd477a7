"""The one Django app of the platform."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """考评平台."""

    name = "kaoping.web"
    label = "web"
    verbose_name = "考评"
