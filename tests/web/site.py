"""The platform with the small year of tests.worlds in it, and browsers of everybody in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.test import Client

from kaoping.web import opening, sessions
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.keeper import Keeper
from kaoping.web.models import Account, Entry
from tests.world_set_up import uid

if TYPE_CHECKING:
    from kaoping.web.installation import Installation
    from tests.web.conftest import Clock
    from tests.worlds import World


@dataclass
class Site:
    """An installation with its world.

    `client` gives a browser in which somebody of the world is signed in, `nobody` one of a stranger.
    """

    installation: Installation
    clock: Clock
    world: World

    def client(self, name):
        browser = Client()
        sign_in(browser, Account.objects.get(person=uid(name)))
        return browser

    @property
    def nobody(self):
        return Client()

    @property
    def size(self):
        """How many entries there are: the same number afterwards means that nothing changed."""
        return Entry.objects.count()

    @property
    def state(self):
        return self.installation.keeper.state()

    def start_anew(self):
        """As when the server is started again: the state is followed from the first entry on."""
        self.installation = replace(self.installation, keeper=Keeper())
        opening.hold(self.installation)

    def at(self, moment):
        """Let the server's clock show a time, in universal time."""
        self.clock.now = datetime.fromisoformat(moment)

    def do(self, name, subject, content, supersedes=None):
        """An act past the pages, for setting a scene."""
        asked = Asked(str(uuid4()), uid(name), subject, content, supersedes)
        index = perform(self.installation, asked)
        self.installation.sealer.seal()
        return index


def sign_in(browser, account):
    """A session as one has it after the whole of signing in, every factor included."""
    browser.force_login(account)
    session = browser.session
    sessions.begin(session, factor="totp")
    session.save()


def fresh(**fields):
    """A form's fields with an act's id of their own."""
    return {"act": str(uuid4()), **fields}


def text_of(response):
    """What a page says, without its marks."""
    words = re.sub(
        r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", words)
