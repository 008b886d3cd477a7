"""What the addresses of the table are about: things of the small year, by what the table calls them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.core.workflow import things as t
from kaoping.files.journal.held import HeldCheckpoints
from kaoping.web.actions.drafts import begin_draft
from kaoping.web.actions.noticing import renew_calendar
from kaoping.web.actions.people import Handed, keep_list
from kaoping.web.actions.verifying import ask_for
from kaoping.web.models import (
    Account,
    Cause,
    DraftSource,
    Entry,
    Message,
    Preview,
    PreviewPart,
    PreviewState,
    Upload,
    UploadState,
)
from kaoping.web.queries.desk import own_todos
from kaoping.web.queries.todo_words import short_key
from kaoping.web.viewer import Viewer
from tests.examples import CITY
from tests.web.year_scheme import scheme_text
from tests.world_set_up import OWNED_TASK, uid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.web.site import Site

    Thing = Callable[[Site], Mapping[str, Any]]

LIAISON = "青禾县联络员"
PEOPLE = "姓名,工号,单位,科室,角色,账号,自,至\n丁一,G900,青禾县,,联络员,dingyi,2024-10-08,\n"


def entry_of(name: str) -> Thing:
    """The last entry that a person has made."""
    return lambda _site: {"index": Entry.objects.filter(actor=uid(name)).latest("index").index}


def named(key: str, name: str) -> Thing:
    """A thing of the year by its name."""
    return lambda _site: {key: uid(name)}


def appointment(site: Site) -> Mapping[str, Any]:
    """Somebody's office."""
    return {"appointment": next(iter(site.state.every(t.Appointment))).id}


def todo(site: Site) -> Mapping[str, Any]:
    """The first matter on a section's desk."""
    viewer = Viewer(uid("综合科经办人"), site.state, site.installation.now())
    return {"key": short_key(own_todos(viewer)[0])}


def message(_site: Site) -> Mapping[str, Any]:
    """A reminder of somebody."""
    at = "2024-12-20T01:00:00Z"
    one = Message.objects.create(
        person=uid(LIAISON), kind="reminder", at=at, subject="提醒", text="办"
    )
    return {"number": one.pk}


def calendar(site: Site) -> Mapping[str, Any]:
    """Somebody's secret address."""
    return {"token": renew_calendar(uid(LIAISON), site.installation.now())}


def factor(_site: Site) -> Mapping[str, Any]:
    """Somebody's authenticator."""
    account = Account.objects.get(person=uid(LIAISON))
    kept, _ = Authenticator.objects.get_or_create(
        user=account, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    return {"factor": kept.pk}


def draft(site: Site) -> Mapping[str, Any]:
    """A draft of the coordinating section."""
    text = scheme_text(site.world.indicators, 2)
    return {"draft": begin_draft(text, "方案.toml", uid("评估督导科经办人")).id}


def draft_of_notice(site: Site) -> Mapping[str, Any]:
    """A draft read from a notice, with its papers."""
    papers = SimpleUploadedFile("通知.txt", (CITY / "notice.txt").read_bytes())
    site.client("评估督导科经办人").post("/scheme/drafts/read", {"notice": papers})
    return {"draft": DraftSource.objects.latest("pk").draft_id}


def people_list(site: Site) -> Mapping[str, Any]:
    """A list between its two halves."""
    handed = Handed("人员名单.csv", PEOPLE.encode())
    return {"people_list": keep_list(site.installation, handed, uid("系统管理员")).id}


def verification(site: Site) -> Mapping[str, Any]:
    """A verification that waits."""
    return {"pk": ask_for(site.installation, Cause.ASKED, uid("审计管理员乙")).pk}


def checkpoint(site: Site) -> Mapping[str, Any]:
    """A checkpoint that is kept."""
    here = site.installation
    return {"size": HeldCheckpoints.beside(here.data, here.journal).keep().size}


def filing(site: Site) -> Mapping[str, Any]:
    """Something that a unit has filed."""
    found = (one for one in site.state.every(t.Filing) if one.unit == uid("青禾县"))
    return {"filing": next(found).id}


def evidence_file(site: Site) -> Mapping[str, Any]:
    """A file of it."""
    (identity,) = filing(site).values()
    entry = Entry.objects.filter(subject=identity, type="evidence.filed/1").latest("index")
    (file,) = json.loads(entry.body)["act"]["content"]["files"]
    return {"filing": identity, "sha256": file["sha256"]}


def note_file(_site: Site) -> Mapping[str, Any]:
    """A file with a note of a section."""
    note = uid("平时记录")
    entry = Entry.objects.get(subject=note)
    (file,) = json.loads(entry.body)["act"]["content"]["files"]
    return {"note": note, "sha256": file["sha256"]}


def preview(site: Site) -> Mapping[str, Any]:
    """A page of the preview of it."""
    file = evidence_file(site)
    blob = site.installation.previews.put(BytesIO(b"RIFF....WEBP"))
    one, _ = Preview.objects.get_or_create(
        sha256=file["sha256"], defaults={"state": PreviewState.MADE.value, "of": 1}
    )
    PreviewPart.objects.get_or_create(
        preview=one,
        number=1,
        defaults={
            "width": 3,
            "height": 4,
            "sha256": blob.sha256,
            "sm3": blob.sm3,
            "size": blob.size,
        },
    )
    return {**file, "number": 1}


def upload(site: Site) -> Mapping[str, Any]:
    """A file that somebody has handed in."""
    blob = site.installation.blobs.put(BytesIO(b"%PDF-1.7"))
    one = Upload.objects.create(
        owner=uid("青禾县"), person=uid(LIAISON), name="总结.pdf", size=blob.size, received=blob.size,
        state=UploadState.READY.value, sha256=blob.sha256, sm3=blob.sm3, begun_at="2024-12-20T01:00:00Z",
    )  # fmt: skip
    return {"upload": one.id}


THINGS: Mapping[str, Thing] = {
    "综合科的平时记录": named("note", "平时记录"),
    "平时记录的附件": note_file,
    "综合科提供的数据": lambda _site: {"task": OWNED_TASK},
    "联络员的办理": entry_of(LIAISON),
    "别县的办理": entry_of("白石县联络员"),
    "系统管理员的办理": entry_of("系统管理员"),
    "经办人的待办": todo,
    "联络员的提醒": message,
    "联络员的日历": calendar,
    "联络员的验证器": factor,
    "第 1 版": lambda _site: {"number": 1},
    "草稿": draft,
    "青禾县": named("house", "青禾县"),
    "综合科": named("house", "综合科"),
    "联络员": named("person", LIAISON),
    "科长的职责": named("duty", "职责 综合科科长 section_head"),
    "任职": appointment,
    "名单": people_list,
    "核验": verification,
    "检查点": checkpoint,
    "联络员的上传": upload,
    "青禾县的任务": lambda _site: {"task": "1.1"},
    "青禾县的材料": filing,
    "青禾县的进度": named("unit", "青禾县"),
    "青禾县的文件": evidence_file,
    "青禾县的预览": preview,
    "来文": draft_of_notice,
    "一项任务": lambda _site: {"?": "task=1.1"},
    "青禾县的清单": lambda _site: {"?": f"unit={quote('青禾县')}"},
    "别县的清单": lambda _site: {"?": f"unit={quote('白石县')}"},
    "草稿中青禾县的清单": lambda site: {**draft(site), "?": f"unit={quote('青禾县')}"},
    "考核评分": lambda _site: {"step": "score"},
}
