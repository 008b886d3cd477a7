"""Settings of the platform, all from the environment; a wrong one stops the start, in plain words.

KAOPING_DATA          the folder of this installation: database, journal, files (required)
KAOPING_SECRET_KEY    secret of sessions and forms, at least 50 characters; without it that of the
                      installation, `session.secret` in the data folder
KAOPING_DATABASE      postgresql://user:password@host/name; SQLite in the data folder without it
KAOPING_SEALER        socket of the sealer (`kaoping seal`); without it this server signs itself,
                      and every page says 试用
KAOPING_HOSTS         names under which the server is asked, with commas; loopback without it
KAOPING_HTTPS         1: the server stands behind TLS, cookies go over nothing else
KAOPING_JOBS          inline: reminders and other jobs run within the web server (usual with SQLite);
                      worker: `kaoping worker` runs them (usual with PostgreSQL)
KAOPING_BLOBS         s3://bucket/prefix: evidence is kept in an object store; in the data folder without
                      it. Keys are those that boto3 finds (AWS_ACCESS_KEY_ID and others)
KAOPING_BLOBS_ENDPOINT address of that store, as https://host:port; the public cloud's without it
KAOPING_NEAR_PHOTO_BITS photos that differ in at most so many of 256 bits are hinted as near, 0 to 80 (48)
KAOPING_CLAMAV        socket of clamd: files that are handed in are scanned for viruses; not without it
KAOPING_UPLOAD_MB     largest file that is taken, in megabytes (2000)
KAOPING_QUOTA_GB      most that one unit or section may hand in, in gigabytes (50)
KAOPING_CLOCK_OFFSET  seconds by which the clock of an example differs; refused for real journals
KAOPING_PROXIES       addresses of our own proxies, with commas; only they are believed when they say
                      where a request came from

Signing in (docs/guide/signing-in.md):

KAOPING_SECOND_FACTOR        required (without it): who scores, signs or administers needs one; off:
                             only those are asked who set one up themselves
KAOPING_IDLE_MINUTES         after how long without use a session ends (30)
KAOPING_SESSION_HOURS        after how long it ends at the latest (8)
KAOPING_FRESH_MINUTES        how old the last proof may be for what signs or administers (5)
KAOPING_DORMANT_DAYS         after how long without a sign-in an account is locked (90)
KAOPING_PASSWORD_DAYS        after how long a password must be changed; 0, without it: never
KAOPING_PASSWORD_COMPOSITION 1: three of capital letters, small letters, digits and signs
KAOPING_OIDC_ISSUER          address of the unified sign-in (OpenID Connect); without it there is none
KAOPING_OIDC_CLIENT_ID       as which it knows this platform
KAOPING_OIDC_CLIENT_SECRET   and by which secret
KAOPING_OIDC_CLAIM           the claim that names a person (preferred_username)
KAOPING_OIDC_MATCH           what that is here: login (without it) or staff_number
KAOPING_OIDC_CA              file of the authority that issued its certificate
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from kaoping.config import messaging
from kaoping.config.database import database_of
from kaoping.config.storing import object_store
from kaoping.files.likeness import FARTHEST

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


def _number(name: str, usual: int, least: int = 1, most: int | None = None) -> int:
    """A whole number of the environment, neither below the least nor above the most."""
    given = os.environ.get(name, str(usual))
    if given.isdecimal() and most is not None and int(given) > most:
        raise ImproperlyConfigured(
            f"环境变量 {name} 不能大于 {most}，现在是「{given}」，不能启动。\n"
            f"The environment variable {name} must not be above {most}, it is {given!r}."
        )
    if not given.isdecimal() or int(given) < least:
        raise ImproperlyConfigured(
            f"环境变量 {name} 应是不小于 {least} 的整数，现在是「{given}」，不能启动。\n"
            f"The environment variable {name} must be a whole number from {least} on, not {given!r}."
        )
    return int(given)


def _issuer() -> str:
    """The address of the unified sign-in; empty where there is none."""
    given = os.environ.get("KAOPING_OIDC_ISSUER", "").rstrip("/")
    parts = urlsplit(given)
    is_near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if given and parts.scheme != "https" and not is_near:
        raise ImproperlyConfigured(
            f"环境变量 KAOPING_OIDC_ISSUER 应以 https:// 开头，现在是「{given}」，不能启动。\n"
            f"KAOPING_OIDC_ISSUER must begin with https://, not {given!r}."
        )
    return given


DATA_FOLDER = Path(_needed("KAOPING_DATA", "本系统的数据文件夹"))
SECRET_KEY = _secret(DATA_FOLDER)
CLOCK_OFFSET = timedelta(seconds=int(os.environ.get("KAOPING_CLOCK_OFFSET", "0")))
"""Only examples have another time than the machine; an opened installation of real acts refuses it."""


@cache
def INSTANCE_SECRET() -> bytes:  # noqa: N802 - a setting
    """The installation's own secret, which lies in its folder and not in the database."""
    return (DATA_FOLDER / "instance.secret").read_bytes()


def CLOCK() -> datetime:  # noqa: N802 - a setting
    """The server's time; that of an example lies in its year."""
    return datetime.now(UTC) + CLOCK_OFFSET  # noqa: TID251 - the server's clock is read here only


DEBUG = False
_LOOPBACK = ("127.0.0.1", "localhost")  # who watches over the server asks it from here
ALLOWED_HOSTS = [*filter(None, os.environ.get("KAOPING_HOSTS", "").split(",")), *_LOOPBACK]
SEALER = Path(os.environ["KAOPING_SEALER"]) if os.environ.get("KAOPING_SEALER") else None
"""The socket of the sealer; None where this server signs itself (试用)."""
DATABASES: dict[str, dict[str, Any]] = {
    "default": database_of(os.environ.get("KAOPING_DATABASE", ""), DATA_FOLDER)
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "kaoping.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kaoping.web.middleware.Headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kaoping.web.middleware.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "kaoping.web.middleware.Viewers",
    "kaoping.web.middleware.Sessions",
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
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
SESSION_ENGINE = "kaoping.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_SECONDS = 60 * _number("KAOPING_IDLE_MINUTES", 30)
SESSION_SECONDS = SESSION_COOKIE_AGE = 3600 * _number("KAOPING_SESSION_HOURS", 8)
FRESH_SECONDS = 60 * _number("KAOPING_FRESH_MINUTES", 5)
DORMANT_DAYS = _number("KAOPING_DORMANT_DAYS", 90)
PASSWORD_DAYS = _number("KAOPING_PASSWORD_DAYS", 0, least=0)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email"), "max_similarity": 0.5},
    },
]
if os.environ.get("KAOPING_PASSWORD_COMPOSITION", "") == "1":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "kaoping.web.passwords.Composition"})

# Wrong passwords: counted for an account from an address.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what the page said about the end stays true
AXES_HANDLER = "kaoping.web.lockout.Handler"
AXES_LOCKOUT_CALLABLE = "kaoping.web.lockout.page_as_it_is"
AXES_CLIENT_IP_CALLABLE = "kaoping.web.security_log.address_of"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "credential", "new", "again"]
AXES_DISABLE_ACCESS_LOG = True  # the security log has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Files that are handed in.
SCANNER = Path(os.environ["KAOPING_CLAMAV"]) if os.environ.get("KAOPING_CLAMAV") else None
UPLOAD_LIMIT = 1_000_000 * _number("KAOPING_UPLOAD_MB", 2_000)
UPLOAD_QUOTA = 1_000_000_000 * _number("KAOPING_QUOTA_GB", 50)
BLOBS = object_store(os.environ)
"""Where evidence is kept; None: in the data folder."""
NEAR_PHOTO_BITS = _number("KAOPING_NEAR_PHOTO_BITS", 48, least=0, most=FARTHEST)

# Second factors.
SECOND_FACTOR = messaging.one_of(
    os.environ, "KAOPING_SECOND_FACTOR", ("required", "off"), "required"
)
MFA_ADAPTER = "kaoping.web.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
"""Steps of 30 s by which a phone's clock may differ."""
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; no address leads there
ACCOUNT_EMAIL_VERIFICATION = "none"

# 统一身份认证.
OIDC_ISSUER = _issuer()
OIDC_CLIENT_ID = _needed("KAOPING_OIDC_CLIENT_ID", "统一身份认证的应用标识") if OIDC_ISSUER else ""
OIDC_CLIENT_SECRET = os.environ.get("KAOPING_OIDC_CLIENT_SECRET", "")
OIDC_CLAIM = os.environ.get("KAOPING_OIDC_CLAIM", "preferred_username")
OIDC_MATCH = messaging.one_of(os.environ, "KAOPING_OIDC_MATCH", ("login", "staff_number"), "login")
OIDC_CA = os.environ.get("KAOPING_OIDC_CA", "")
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kaoping.web.views.errors.csrf_failed"

# --- the wire -------------------------------------------------------------------------------------
_IS_HTTPS = os.environ.get("KAOPING_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _IS_HTTPS
# No other host of the domain can set a cookie of such a name.
SESSION_COOKIE_NAME = "__Host-sessionid" if _IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _IS_HTTPS else "csrftoken"
TRUSTED_PROXIES = frozenset(filter(None, os.environ.get("KAOPING_PROXIES", "").split(",")))
SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_REDIRECT_EXEMPT = ["^health$"]  # asked on loopback, without the proxy that speaks TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _IS_HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # no browser maker's list knows an office network
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
"""Bytes of a form without its files: a scheme as text, a matrix with every cell."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- jobs -----------------------------------------------------------------------------------------
JOBS_INLINE = (
    messaging.one_of(
        os.environ,
        "KAOPING_JOBS",
        ("inline", "worker"),
        "worker" if os.environ.get("KAOPING_DATABASE") else "inline",
    )
    == "inline"
)
"""Jobs run within the web server; else `kaoping worker` runs them."""
_TASKS = "tasks.backends.immediate.ImmediateBackend" if JOBS_INLINE else "tasks_db.DatabaseBackend"
TASKS = {"default": {"BACKEND": f"django_{_TASKS}"}}

# --- reminders (kaoping.config.messaging) ---------------------------------------------------------
MAIL_SERVER = messaging.mail_server(os.environ)
WECOM = messaging.address(os.environ, "KAOPING_WECOM")
DINGTALK = messaging.address(os.environ, "KAOPING_DINGTALK")
DINGTALK_SECRET = os.environ.get("KAOPING_DINGTALK_SECRET", "")
ADDRESS = messaging.address(os.environ, "KAOPING_ADDRESS").rstrip("/")
REMIND_AT = messaging.time_of_day(os.environ, "KAOPING_REMIND_AT", "08:30")
ESCALATE_AFTER = _number("KAOPING_ESCALATE_AFTER", 2)

# --- language, time, files ------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [DATA_FOLDER / "locale"]
"""Catalogues made from the package's texts when the platform starts (`kaoping.web.catalogue`)."""
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# What is told on the next page travels in a signed cookie: a session that is written for every act would
# cost as much as the act itself. What is too long for one goes into the session.
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
