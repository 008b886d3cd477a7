"""What the environment says about signing in: behind TLS, in production, and where it says nonsense."""

from __future__ import annotations

import json
import os
from http.cookies import SimpleCookie

import pytest

from tests.forking import run

ASK = """
import json, django
django.setup()
from django.core.management import call_command
from django.conf import settings
from django.test import RequestFactory
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.middleware.clickjacking import XFrameOptionsMiddleware
call_command("check", deploy=True, fail_level="WARNING")
names = ("SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE "
         "SESSION_COOKIE_DOMAIN SESSION_COOKIE_PATH CSRF_COOKIE_NAME CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS "
         "SECURE_SSL_REDIRECT SECOND_FACTOR IDLE_SECONDS SESSION_SECONDS PASSWORD_HASHERS").split()
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def started(tmp_path, script=ASK, **environment):
    """A process with the platform's own settings, not those of tests."""
    (tmp_path / "static").mkdir(exist_ok=True)
    given = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")},
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
        "KAOPING_DATA": str(tmp_path),
        "KAOPING_SECRET_KEY": "8Jq2v-Xw7pRkZ0tLm4cYb6nHs1dFgQaUoEi9VyTr3CxWz5",
        **environment,
    }
    given["KAOPING_SECRET_KEY"] += "-KjPm2"
    return run(["-c", script], given, 120)


def test_behind_tls_the_checks_for_production_are_clean(tmp_path):
    done = started(tmp_path, KAOPING_HTTPS="1", KAOPING_HOSTS="kaoping.example")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert said["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert said["SESSION_COOKIE_SECURE"]
    assert said["CSRF_COOKIE_SECURE"]
    assert said["SESSION_COOKIE_HTTPONLY"]
    assert said["SESSION_COOKIE_DOMAIN"] is None, "a name with __Host- has no domain"
    assert said["SESSION_COOKIE_PATH"] == "/"
    assert said["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert said["SECURE_SSL_REDIRECT"]
    assert said["SECOND_FACTOR"] == "required"
    assert said["PASSWORD_HASHERS"][0] == "kaoping.web.passwords.Hasher"
    assert (said["IDLE_SECONDS"], said["SESSION_SECONDS"]) == (1800, 28_800)


SERVED = """
import django, json
django.setup()
from django.test import Client
from kaoping.web.middleware import Headers
asked = Client(HTTP_HOST="kaoping.example")
plain = asked.get("/sign-in")
from django.test import RequestFactory
print(json.dumps([plain.status_code, plain["Location"]]))
"""


def test_behind_tls_a_plain_request_is_sent_to_tls(tmp_path):
    done = started(tmp_path, SERVED, KAOPING_HTTPS="1", KAOPING_HOSTS="kaoping.example")
    assert done.returncode == 0, done.stderr
    status, where = json.loads(done.stdout.splitlines()[-1])
    assert (status, where) == (301, "https://kaoping.example/sign-in")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KAOPING_SECOND_FACTOR", "maybe", "KAOPING_SECOND_FACTOR"),
        ("KAOPING_IDLE_MINUTES", "0", "不小于 1"),
        ("KAOPING_SESSION_HOURS", "eight", "整数"),
        ("KAOPING_PASSWORD_DAYS", "-1", "不小于 0"),
        ("KAOPING_OIDC_ISSUER", "http://sso.example", "https://"),
        ("KAOPING_OIDC_ISSUER", "https://sso.example", "KAOPING_OIDC_CLIENT_ID"),
        ("KAOPING_OIDC_MATCH", "mail", "KAOPING_OIDC_MATCH"),
        ("KAOPING_NEAR_PHOTO_BITS", "81", "不能大于 80"),
        ("KAOPING_BLOBS", "/mnt/evidence", "s3://"),
    ],
)
def test_nonsense_stops_the_start_in_plain_words(tmp_path, name, value, said):
    done = started(tmp_path, "import django; django.setup()", **{name: value})
    assert done.returncode != 0
    assert said in done.stderr
    assert "不能启动" in done.stderr


def test_cookies_and_headers_as_a_browser_gets_them(client, settings, site):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-sessionid", True
    settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE = "__Host-csrftoken", True
    settings.SECURE_HSTS_SECONDS, settings.LANGUAGE_COOKIE_SECURE = 31_536_000, True
    from django.test import Client

    from tests.web.pages.test_sign_in_page import tried, with_password

    browser = Client(headers={"x-forwarded-proto": "https"})
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    page = browser.get("/sign-in")
    assert page["X-Frame-Options"] == "DENY"
    assert page["Strict-Transport-Security"] == "max-age=31536000"
    tried(with_password("青禾县联络员"), browser=browser)
    browser.post("/language", {"language": "en"})
    assert set(browser.cookies) == {"__Host-sessionid", "__Host-csrftoken", "language"}
    for cookie in SimpleCookie(browser.cookies).values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
