"""The platform's settings as tests have them: everything in a folder of this process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KAOPING_DATA", tempfile.mkdtemp(prefix="kaoping-tests-"))
os.environ.setdefault("KAOPING_SECRET_KEY", "only-for-tests-" * 5)
os.environ.setdefault("KAOPING_JOBS", "inline")  # on every database

from kaoping.config.settings import *
from kaoping.config.settings import DATA_FOLDER, DATABASES, LOCALE_PATHS, STORAGES, TEMPLATES
from kaoping.web.catalogue import compile_into

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # quick; the real one has tests of its own

compile_into(LOCALE_PATHS[0])
(Path(DATA_FOLDER) / "static").mkdir(exist_ok=True)  # nothing is gathered for tests
if DATABASES["default"]["ENGINE"].endswith("sqlite"):
    # A file, so that other programs can read it as they would a real one.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_FOLDER) / "test.sqlite3")}


def INSTANCE_SECRET() -> bytes:  # type: ignore[no-redef]  # noqa: N802 - a setting
    return b"only for tests"


class Undefined(str):
    """What Django writes where a template names what its view did not hand over: here, an error."""

    __slots__ = ()

    def __contains__(self, _sign: object) -> bool:
        """As if it had a place for the variable's name, so that Django asks to fill it in."""
        return True

    def __mod__(self, variable: object) -> str:
        raise LookupError(f"a template names {variable}, which its view does not hand over")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined")  # type: ignore[index]
