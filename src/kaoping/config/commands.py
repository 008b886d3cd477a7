"""Verbs of the platform: install, serve, demo. Django is loaded only once one of them runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli.arguments import add_verb
from kaoping.cli.language import said

if TYPE_CHECKING:
    import argparse

    from kaoping.cli.arguments import Verbs

LOOPBACK = "127.0.0.1:8000"


def add_platform(verbs: Verbs) -> None:
    """All verbs that need the platform."""
    _add_demo(verbs)
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
    demo.set_defaults(command=_demo)


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
        default=LOOPBACK,
        metavar=said("地址:端口", "HOST:PORT"),
        help=said(f"监听地址（默认 {LOOPBACK}，只限本机）", f"where to listen ({LOOPBACK})"),
    )


def _demo(chosen: argparse.Namespace) -> int:
    from kaoping.config.serving import demo  # noqa: PLC0415 - only this verb needs it

    return demo(chosen.folder, chosen.data.absolute(), chosen.bind)


def _serve(chosen: argparse.Namespace) -> int:
    from kaoping.config.serving import serve  # noqa: PLC0415 - only this verb needs it

    return serve(chosen.bind, chosen.workers, chosen.threads, dict(os.environ))


def _worker(chosen: argparse.Namespace) -> int:
    from kaoping.config.serving import worker  # noqa: PLC0415 - only this verb needs it

    return worker(once=chosen.once)
