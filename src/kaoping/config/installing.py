"""`kaoping install` and `kaoping upgrade`: making a real installation, and bringing it to this version."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.language import said
from kaoping.config.serving import keep_session_secret, load, set_up
from kaoping.core.acts.setting_up import Office
from kaoping.core.errors import EnvironmentFault, InputError, UsageError
from kaoping.core.journal import require_origin
from kaoping.files.contents import read_bytes
from kaoping.files.journal.folder import state_beside

if TYPE_CHECKING:
    from collections.abc import Iterable


OFFICES = {
    "系统管理员": Office.SYSTEM_ADMIN,
    "安全管理员": Office.SECURITY_ADMIN,
    "审计管理员": Office.AUDIT_ADMIN,
}
GOOD_FOR = timedelta(hours=24)
"""How long a first password may be used."""
MAX_PLAN = 100_000
"""Largest file of `--plan`, in bytes."""
_FIELDS = {"name": "姓名", "staff_number": "工号", "login": "账号"}
_ENGLISH = {"name": "name", "staff_number": "staff number", "login": "account"}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Administrator:
    """One of the three."""

    office: str
    name: str
    staff_number: str
    login: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an installation is made of: the journal's name, and the three administrators."""

    origin: str
    administrators: tuple[Administrator, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """Users of the machine: the platform's, the sealer's, and the group of both; None: who installs."""

    web: str | None
    seal: str | None
    group: str | None


# --- what it is made of ---------------------------------------------------------------------------


def read_plan(path: Path) -> Plan:
    """The plan of a TOML file: `origin`, and three `[[administrators]]`.

    Raises:
        InputError: with everything that is wrong in it.
    """
    try:
        table = tomllib.loads(read_bytes(path, MAX_PLAN).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} 不是可读的 TOML 文件：{error}。格式见 docs/guide/operating.md。",
            f"{path.name} is no readable TOML: {error}. See docs/guide/operating.md.",
        ) from None
    rows = table.get("administrators")
    given = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    people = tuple(
        Administrator(*(_text(row.get(key)) for key in ("office", *_FIELDS))) for row in given
    )
    return _sound(Plan(_text(table.get("origin")), people))


def ask_plan() -> Plan:
    """The same, asked for at the terminal.

    Raises:
        UsageError: where nobody sits there.
        InputError: with everything that is wrong in the answers.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            "请在终端上运行 kaoping install 回答提问，或用 --plan 给出写好的文件（docs/guide/operating.md）。",
            "Run kaoping install at a terminal, or give --plan FILE (docs/guide/operating.md).",
        )
    origin = _answer("日志名称，如 kaoping.某市.gov.cn/2025", "name of the journal")
    people = tuple(
        Administrator(
            office,
            *(_answer(f"{office}的{zh}", f"{OFFICES[office].value}: {_ENGLISH[key]}") for key, zh in _FIELDS.items()),
        )
        for office in OFFICES
    )  # fmt: skip
    return _sound(Plan(origin, people))


def _answer(zh: str, en: str) -> str:
    try:
        return _text(input(said(f"{zh}：", f"{en}: ")))
    except EOFError:
        raise UsageError("没有答完，没有安装。", "Not all was answered; not installed.") from None


def _text(value: object) -> str:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""


def _sound(plan: Plan) -> Plan:
    """The plan, if it can be one.

    Raises:
        InputError: with all that is wrong.
    """
    wrong = [*_wrong_people(plan.administrators)]
    if plan.origin.startswith("demo/"):
        wrong.append(("名称不能以 demo/ 开头（留给演示）", "the name must not begin with demo/"))
    if wrong:
        raise InputError(
            f"不能安装：{'；'.join(zh for zh, _ in wrong)}。",
            f"Cannot install: {'; '.join(en for _, en in wrong)}.",
        )
    require_origin(plan.origin)
    return plan


def _wrong_people(people: tuple[Administrator, ...]) -> Iterable[tuple[str, str]]:
    if sorted(one.office for one in people) != sorted(OFFICES):
        offices = "、".join(OFFICES)
        yield f"须恰好有{offices}各一人", f"exactly one of each is needed: {offices}"
    for field, zh in _FIELDS.items():
        values = [getattr(one, field) for one in people]
        if not all(0 < len(value) <= _LONGEST for value in values):
            yield f"有人没有填{zh}或过长", f"a {_ENGLISH[field]} is missing or too long"
        elif field != "name" and len(set(values)) < len(values):
            yield f"三人的{zh}不能相同", f"the three must not share a {_ENGLISH[field]}"


# --- making it ------------------------------------------------------------------------------------


def install(plan: Plan, signing_key: Path | None, owners: Owners, app_role: str | None) -> int:
    """Make the installation, found the three administrators, and show their first passwords once.

    What was begun and cut short is brought to its end by the same command.

    Raises:
        InputError: where there is an installation already, or the environment is not as it must be.
        EnvironmentFault: where something cannot be written, or the database not be reached.
    """
    data = _data_folder()
    _refuse_key_within(signing_key, data)
    users = _users(owners)
    keep_session_secret(data)
    load()
    from kaoping.config import checking, roles  # noqa: PLC0415 - Django stands only now
    from kaoping.web import opening  # noqa: PLC0415 - as above

    key_file = opening.create(data, plan.origin, signing_key)
    checking.check_database()
    set_up()
    checking.check_durable()
    roles.grant(app_role)
    passwords = _found(plan, data, key_file)
    _hand_over(data, key_file, users)
    _tell(plan, passwords, data, key_file, is_trial=signing_key is None)
    opening.finish(data)
    _own(data / opening.DONE, users[0], 0o600)
    return 0


def upgrade(app_role: str | None) -> int:
    """Bring the tables and the pages' files to this version.

    Raises:
        InputError: where there is no installation.
        EnvironmentFault: where the database cannot be reached.
    """
    load()
    from django.conf import settings  # noqa: PLC0415 - Django stands only now

    from kaoping.config import checking, roles  # noqa: PLC0415 - as above
    from kaoping.web.opening import DONE  # noqa: PLC0415 - as above

    if not (settings.DATA_FOLDER / DONE).exists():
        raise InputError(
            f"{settings.DATA_FOLDER} 里没有装好的系统，没有改动。请检查 KAOPING_DATA。",
            f"There is no complete installation in {settings.DATA_FOLDER}. Check KAOPING_DATA.",
        )
    checking.check_database()
    set_up()
    checking.check_durable()
    roles.grant(app_role)
    show.print_line(
        said("已升级到本版本，可以启动 kaoping serve。", "Upgraded; kaoping serve can be started.")
    )
    return 0


def _data_folder() -> Path:
    given = os.environ.get("KAOPING_DATA", "")
    if not given:
        raise InputError(
            "没有设置环境变量 KAOPING_DATA（本系统的数据文件夹），没有安装。",
            "KAOPING_DATA, the folder of the installation, is not set; not installed.",
        )
    return Path(given).absolute()


def _refuse_key_within(signing_key: Path | None, data: Path) -> None:
    if signing_key is not None and data in signing_key.absolute().parents:
        raise InputError(
            f"签名密钥不能放在数据文件夹 {data} 里：那里归平台读写。请换一个只有存证服务能读的位置。",
            f"The signing key must not lie in {data}, which the platform reads and writes. Choose a "
            "place that only the sealer can read.",
        )


def _found(plan: Plan, data: Path, key_file: Path) -> dict[str, str]:
    from django.conf import settings  # noqa: PLC0415 - Django stands only now

    from kaoping.web.actions.founding import Founder, found, open_accounts  # noqa: PLC0415 - as above
    from kaoping.web.opening import open_installation  # noqa: PLC0415 - as above

    here = open_installation(data, settings.CLOCK, key=key_file)
    founders = [
        Founder(one.name, one.staff_number, OFFICES[one.office])
        for office in OFFICES
        for one in plan.administrators
        if one.office == office
    ]
    persons = found(here, founders)
    here.sealer.seal()
    logins = {persons[OFFICES[one.office]]: one.login for one in plan.administrators}
    return open_accounts(logins, here.clock() + GOOD_FOR)


def _tell(
    plan: Plan, passwords: dict[str, str], data: Path, key_file: Path, *, is_trial: bool
) -> None:
    """What must be written down now, and what comes next."""
    lines = [
        said("安装完成。首次口令只显示这一次，24 小时内有效，首次登录须更改：", "Installed. First passwords, shown this once, good for 24 hours:"),
        *(f"  {one.office}  {one.name}  {one.login}  {passwords[one.login]}" for one in plan.administrators),
        said("请把日志的公钥印在纸上，交纪检、审计和各单位留存：", "Print the journal's verifier key and hand it out:"),
        f"  {(data / 'journal' / 'vkey').read_text('utf-8').strip()}",
    ]  # fmt: skip
    if is_trial:
        lines.append(said("没有给出 --signing-key：平台自己签署，各页标明“试用”，不要用于正式考评。", "Without --signing-key the platform signs itself: a trial (试用), not for official use."))  # fmt: skip
    else:
        lines += [
            said("下一步：", "Next:"),
            said(f"  一、备份 {key_file} 和 {state_beside(key_file)}（同时，离线保存）", f"  1. back up {key_file} and {state_beside(key_file)}, together and off-line"),
            f"  {said('二、启动存证服务', '2. start the sealer')}  kaoping seal --journal {data / 'journal'} --signing-key {key_file} --socket /run/kaoping/seal.sock",
            f"  {said('三、启动平台', '3. start the platform')}  KAOPING_SEALER=/run/kaoping/seal.sock kaoping serve",
            said("  作为系统服务启动、备份和恢复，见 docs/guide/operating.md。", "  As services, backups: docs/guide/operating.md."),
        ]  # fmt: skip
    for line in lines:
        show.print_line(line)


# --- whose it is ----------------------------------------------------------------------------------


def _users(owners: Owners) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """User and group of the platform's files and of the sealer's; None where they are not handed over.

    Raises:
        UsageError: where not all three are named.
        EnvironmentFault: where one does not exist, or who installs may not hand files over.
    """
    named = (owners.web, owners.seal, owners.group)
    if not any(named):
        return None, None
    if owners.web is None or owners.seal is None or owners.group is None:
        raise UsageError(
            "--web-user、--seal-user、--group 须一起写。",
            "--web-user, --seal-user and --group go together.",
        )
    import grp  # noqa: PLC0415 - only where files are handed over
    import pwd  # noqa: PLC0415 - as above

    try:
        for user in (owners.web, owners.seal):
            pwd.getpwnam(user)
        grp.getgrnam(owners.group)
    except KeyError as error:
        raise EnvironmentFault(
            f"本机没有这个用户或组：{error.args[0]}。请先建立（docs/guide/operating.md）。",
            f"No such user or group: {error.args[0]}. Make it first (docs/guide/operating.md).",
        ) from None
    if os.geteuid() != 0:
        raise EnvironmentFault(
            "只有 root 能把文件交给别的用户。请用 root 运行，或去掉 --web-user、--seal-user、--group。",
            "Only root can hand files over to other users.",
        )
    return (owners.web, owners.group), (owners.seal, owners.group)


def _hand_over(
    data: Path,
    key_file: Path,
    users: tuple[tuple[str, str] | None, tuple[str, str] | None],
) -> None:
    """The platform's files to the platform, `journal/` and the key to the sealer; nothing to others."""
    web, seal = users
    if web is None or seal is None:
        return
    for path in (data, *data.rglob("*")):
        if data / "journal" in (path, *path.parents):
            _own(path, seal, 0o750 if path.is_dir() else 0o640)
        else:
            _own(path, web, 0o750 if path == data else 0o700 if path.is_dir() else 0o600)
    for path in key_file.parent.glob(f"{key_file.name}*"):
        _own(path, seal, 0o600)


def _own(path: Path, user: tuple[str, str] | None, mode: int) -> None:
    if user is not None:
        shutil.chown(path, *user)
        path.chmod(mode)
