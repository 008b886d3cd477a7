"""Things of the small year that an enemy was allowed to name."""

from __future__ import annotations

from hashlib import sha256

from django.test import Client

from kaoping.core.acts.setting_up import PersonRegistered, SectionRegistered, UnitRegistered
from kaoping.web.models import Account
from tests.world_set_up import uid

CANARY = "<img src=x onerror=alert(7)>\"'><b>鸟</b>{{7*7}}"
ESCAPED = "&lt;img src=x onerror=alert(7)&gt;"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("//e.example")')


def name_things(site):
    """A unit, a section and persons whose names are marks and formulas, and an account to match."""
    admin = "系统管理员"
    unit, section = uid("Vogel"), uid("Vogel Abteilung")
    site.do(admin, unit, UnitRegistered("<U>", CANARY))
    site.do(admin, section, SectionRegistered("<S>", CANARY, unit))
    for number, name in enumerate((CANARY, *FORMULAS)):
        digest = sha256(name.encode()).hexdigest()
        site.do(admin, uid(f"Vogel {number}"), PersonRegistered(name, unit, None, digest))
    Account.objects.create(login=CANARY, person=uid("Vogel 0"), password="!")
    Client().post("/sign-in", {"login": CANARY, "password": CANARY})
