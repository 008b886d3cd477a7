"""Verbs of the platform: install, serve, demo. Django is loaded only once one of them runs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli.arguments import add_verb
from kaoping.cli.language import said

if TYPE_CHECKING:
    from kaoping.cli.arguments import Verbs

LOOPBACK = "127.0.0.1:8000"


def add_platform(verbs: Verbs) -> None:
    """All verbs that need the platform."""
    _add_demo(verbs)
    _add_install(verbs)
    _add_upgrade(verbs)
    _add_serve(verbs)
    _add_worker(verbs)


def _add_demo(verbs: Verbs) -> None:
    demo = add_verb(
        verbs,
        "demo",
        "在本机启动平台，装入示例城市（演示）",
        "start the platform on this computer with the example city in it",
    )
    demo.add_argument(
        "folder",
        type=Path,
        metavar=said("示例文件夹", "FOLDER"),
        help=said("考评文件夹", "a batch folder"),
    )
    demo.add_argument(
        "--data",
        type=Path,
        default=Path("demo"),
        metavar=said("数据文件夹", "DIR"),
        help=said("演示数据放在这里（默认 demo）", "where the example lives (demo)"),
    )
    _add_bind(demo)
    demo.add_argument("--making", action="store_true", help=argparse.SUPPRESS)
    demo.set_defaults(command=_demo)


def _add_install(verbs: Verbs) -> None:
    install = add_verb(
        verbs,
        "install",
        "安装：在 KAOPING_DATA 建立正式系统和三位管理员（见 docs/guide/operating.md）",
        "make a real installation in KAOPING_DATA with its three administrators",
    )
    _add_file(install, "--plan", "日志名称和三位管理员（toml，不写则提问）", "name and administrators (toml); asked for without it")  # fmt: skip
    _add_file(install, "--signing-key", "签名密钥放在这里，只归存证服务的用户（不写则为试用）", "where the key goes; without it a trial")  # fmt: skip
    for name, zh, en in (
        (
            "--web-user",
            "平台以哪个系统用户运行",
            "the user of the machine that the platform runs as",
        ),
        ("--seal-user", "存证服务以哪个系统用户运行", "the user that the sealer runs as"),
        ("--group", "两者共有的组", "the group of both"),
    ):
        install.add_argument(name, metavar=said("名称", "NAME"), help=said(zh, en))
    _add_app_role(install)
    install.set_defaults(command=_install)


def _add_upgrade(verbs: Verbs) -> None:
    upgrade = add_verb(
        verbs,
        "upgrade",
        "把数据库和页面文件升级到本版本（先备份）",
        "bring the database and the pages' files to this version (after a backup)",
    )
    _add_app_role(upgrade)
    upgrade.set_defaults(command=_upgrade)


def _add_file(parser: argparse.ArgumentParser, name: str, zh: str, en: str) -> None:
    parser.add_argument(name, type=Path, metavar=said("文件", "FILE"), help=said(zh, en))


def _add_app_role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--app-role",
        metavar=said("角色", "ROLE"),
        help=said(
            "平台日常连接 PostgreSQL 的角色：只给它必要的权限",
            "the role by which the platform signs in to PostgreSQL: gets what it needs, not more",
        ),
    )


def _add_serve(verbs: Verbs) -> None:
    serve = add_verb(
        verbs,
        "serve",
        "启动平台（设置取自环境变量，见 docs/guide/operating.md）",
        "start the platform as the environment sets it up",
    )
    _add_bind(serve)
    for name, default, zh, en in (
        ("--workers", 2, "进程数", "processes"),
        ("--threads", 4, "每个进程的线程数", "threads of each process"),
    ):
        serve.add_argument(
            name,
            type=int,
            default=default,
            metavar="N",
            help=said(f"{zh}（{default}）", f"{en} ({default})"),
        )
    serve.set_defaults(command=_serve)


def _add_worker(verbs: Verbs) -> None:
    worker = add_verb(
        verbs,
        "worker",
        "运行定时任务：提醒、督办、夜间核验等（设置同 kaoping serve）",
        "run what is due: reminders, escalations, nightly checks (settings as for kaoping serve)",
    )
    worker.add_argument(
        "--once",
        action="store_true",
        help=said("只运行一轮，供系统定时器调用", "one round only, for the timer of the system"),
    )
    worker.set_defaults(command=_worker)


def _add_bind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bind",
        default=os.environ.get("KAOPING_BIND", LOOPBACK),
        metavar=said("地址:端口", "HOST:PORT"),
        help=said(
            f"监听地址（不写为 KAOPING_BIND，再不然 {LOOPBACK}，只限本机）",
            f"where to listen (KAOPING_BIND, else {LOOPBACK})",
        ),
    )


def _demo(chosen: argparse.Namespace) -> int:
    from kaoping.config.serving import demo, make_demo  # noqa: PLC0415 - only this verb needs it

    if chosen.making:
        return make_demo(chosen.folder, chosen.data.absolute())
    return demo(chosen.folder, chosen.data.absolute(), chosen.bind)


def _install(chosen: argparse.Namespace) -> int:
    from kaoping.config import installing  # noqa: PLC0415 - only this verb needs it

    plan = installing.read_plan(chosen.plan) if chosen.plan else installing.ask_plan()
    owners = installing.Owners(chosen.web_user, chosen.seal_user, chosen.group)
    return installing.install(plan, chosen.signing_key, owners, chosen.app_role)


def _upgrade(chosen: argparse.Namespace) -> int:
    from kaoping.config.installing import upgrade  # noqa: PLC0415 - only this verb needs it

    return upgrade(chosen.app_role)


def _serve(chosen: argparse.Namespace) -> int:
    from kaoping.config.serving import serve  # noqa: PLC0415 - only this verb needs it

    return serve(chosen.bind, chosen.workers, chosen.threads)


def _worker(chosen: argparse.Namespace) -> int:
    from kaoping.config.serving import worker  # noqa: PLC0415 - only this verb needs it

    return worker(once=chosen.once)
