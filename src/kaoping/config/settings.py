"""Settings of the platform, all from the environment; a wrong one stops the start, in plain words.

KAOPING_DATA          the folder of this installation: database, journal, files (required)
KAOPING_SECRET_KEY    secret of sessions and forms, at least 50 characters; without it that of the
                      installation, `session.secret` in the data folder
KAOPING_DATABASE      postgresql://user:password@host/name; SQLite in the data folder without it
KAOPING_HOSTS         names under which the server is asked, with commas; loopback without it
KAOPING_HTTPS         1: the server stands behind TLS, cookies go over nothing else
KAOPING_CLOCK_OFFSET  seconds by which the clock of an example differs; refused for real journals
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kaoping.config.database import database_of

SHORTEST_SECRET = 50
SECRET_FILE = "session.secret"  # noqa: S105 - the name of a file


def _needed(name: str, what: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"没有设置环境变量 {name}（{what}），不能启动。请设置后再启动。\n"
            f"The environment variable {name} is not set; the platform cannot start."
        )
    return value


def _secret(folder: Path) -> str:
    """The secret of sessions and forms: of the environment, else of the installation's own file."""
    given = os.environ.get("KAOPING_SECRET_KEY", "")
    kept = folder / SECRET_FILE
    secret = given or (kept.read_text().strip() if kept.is_file() else "")
    if not secret:
        secret = _needed("KAOPING_SECRET_KEY", "会话和表单的密钥")
    if len(secret) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"KAOPING_SECRET_KEY 至少 {SHORTEST_SECRET} 个字符，不能启动。\n"
            f"KAOPING_SECRET_KEY needs {SHORTEST_SECRET} characters at least."
        )
    return secret


def _number(name: str, usual: int) -> int:
    """A whole number of the environment, at least one."""
    given = os.environ.get(name, str(usual))
    if not given.isdecimal() or int(given) < 1:
        raise ImproperlyConfigured(
            f"环境变量 {name} 应是大于 0 的整数，现在是「{given}」，不能启动。\n"
            f"The environment variable {name} must be a whole number above 0, not {given!r}."
        )
    return int(given)


DATA_FOLDER = Path(_needed("KAOPING_DATA", "本系统的数据文件夹"))
SECRET_KEY = _secret(DATA_FOLDER)
CLOCK_OFFSET = timedelta(seconds=int(os.environ.get("KAOPING_CLOCK_OFFSET", "0")))


def CLOCK() -> datetime:  # noqa: N802 - a setting
    """The server's time; that of an example lies in its year."""
    return datetime.now(UTC) + CLOCK_OFFSET  # noqa: TID251 - the server's clock is read here only


DEBUG = False
ALLOWED_HOSTS = os.environ.get("KAOPING_HOSTS", "127.0.0.1,localhost").split(",")
DATABASES: dict[str, dict[str, Any]] = {
    "default": database_of(os.environ.get("KAOPING_DATABASE", ""), DATA_FOLDER)
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "kaoping.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kaoping.web.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kaoping.web.middleware.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kaoping.web.middleware.Viewers",
    "kaoping.web.middleware.Errors",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kaoping.web.middleware.Doors",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kaoping.web.chrome.chrome",
            ],
            "builtins": ["kaoping.web.templatetags.words", "django.templatetags.i18n"],
        },
    }
]
ROOT_URLCONF = "kaoping.config.urls"
WSGI_APPLICATION = "kaoping.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "web.Account"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk"
PASSWORD_HASHERS = [
    "kaoping.web.passwords.Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_SECONDS = 60 * _number("KAOPING_IDLE_MINUTES", 30)
SESSION_SECONDS = SESSION_COOKIE_AGE = 3600 * _number("KAOPING_SESSION_HOURS", 8)
FRESH_SECONDS = 60 * _number("KAOPING_FRESH_MINUTES", 5)
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kaoping.web.views.errors.csrf_failed"

# --- the wire -------------------------------------------------------------------------------------
_IS_HTTPS = os.environ.get("KAOPING_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
"""Bytes of a form without its files: a scheme as text, a matrix with every cell."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- language, time, files ------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
