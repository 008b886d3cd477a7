"""The small year is built once for each file of tests; each test finds it as it was."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from django.db import transaction

from kaoping.core.acts.setting_up import SchemePublished
from kaoping.files.journal.folder import Journal
from kaoping.web import opening
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.models import Account, Person
from tests.core.workflow.stages import at_stage
from tests.journals import KEY, ORIGIN
from tests.web.conftest import Clock, at, fork
from tests.web.databases import guard
from tests.web.site import Site
from tests.web.year_scheme import scheme_text


@pytest.fixture(scope="module")
def built(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """The year at the stage that the file of tests names (`STAGE`): where it is installed, and its world."""
    folder = tmp_path_factory.mktemp("installation")
    world = at_stage(getattr(request.module, "STAGE", "opened"))
    with django_db_blocker.unblock(), transaction.atomic():
        guard()
        clock = Clock()
        here = at(
            folder, Journal.create(folder / "journal", ORIGIN, KEY, folder / "key.signed"), clock
        )
        for act in world.acts:
            clock.now = datetime.fromisoformat(act.at)
            content = with_document(here, world, act.content)
            perform(here, Asked(act.id, act.actor, act.subject, content, act.supersedes))
        here.sealer.seal()
        for number, person in enumerate(Person.objects.order_by("id")):
            Account.objects.create(login=f"login-{number}", person=person.id, password="!")
        here.keeper.last_at()
        yield here, world
        transaction.set_rollback(True)


def with_document(here, world, content):
    """A publication with the text that it is about, a filing with files that are stored; others as they are."""
    if getattr(content, "files", ()):
        stored = (here.blobs.put(BytesIO(one.sha256.encode())) for one in content.files)
        return replace(content, files=tuple(stored))
    if not isinstance(content, SchemePublished):
        return content
    text = scheme_text(world.indicators, content.version)
    return replace(content, scheme=here.blobs.put(BytesIO(text.encode())))


@pytest.fixture
def site(built, db, tmp_path):
    """The platform as it was built, with a journal of the test's own."""
    kept, world = built
    shutil.copytree(kept.data, tmp_path, dirs_exist_ok=True)
    clock = Clock()
    clock.now = world.now
    here = at(tmp_path, Journal.open(tmp_path / "journal"), clock, keeper=fork(kept.keeper))
    opening.hold(here)
    yield Site(here, clock, world)
    opening.hold(None)
