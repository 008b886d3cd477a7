"""Settings of the platform, all from the environment; a wrong one stops the start, in plain words.

KAOPING_DATA         the folder of this installation: database, journal, files (required)
KAOPING_SECRET_KEY   secret of sessions and forms; at least 50 characters (required)
KAOPING_DATABASE     postgresql://user:password@host/name; SQLite in the data folder without it
KAOPING_HOSTS        names under which the server is asked, with commas; loopback without it
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kaoping.config.database import database_of

SHORTEST_SECRET = 50


def _needed(name: str, what: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"没有设置环境变量 {name}（{what}），不能启动。请设置后再启动。\n"
            f"The environment variable {name} is not set; the platform cannot start."
        )
    return value


DATA_FOLDER = Path(_needed("KAOPING_DATA", "本系统的数据文件夹"))
SECRET_KEY = _needed("KAOPING_SECRET_KEY", "会话和表单的密钥")
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(
        f"KAOPING_SECRET_KEY 至少 {SHORTEST_SECRET} 个字符，不能启动。\n"
        f"KAOPING_SECRET_KEY needs {SHORTEST_SECRET} characters at least."
    )

DEBUG = False
ALLOWED_HOSTS = os.environ.get("KAOPING_HOSTS", "127.0.0.1,localhost").split(",")
DATABASES: dict[str, dict[str, Any]] = {
    "default": database_of(os.environ.get("KAOPING_DATABASE", ""), DATA_FOLDER)
}
INSTALLED_APPS = ["kaoping.web"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "kaoping.config.urls"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
