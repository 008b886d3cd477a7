"""A copy of a journal that a stranger can verify: tiles, checkpoint, and how to go about it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kaoping.files.archive import stored
from kaoping.files.journal.bodies import BODIES, bodies_path, body_line
from kaoping.files.journal.folder import CHECKPOINT, VKEY
from kaoping.files.journal.tiles import ENTRIES, WIDTH, bundled, tile_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.files.journal.folder import Journal
    from kaoping.files.journal.tiles import TileReader

INSTRUCTIONS = "核验说明.txt"
_UNDATED = datetime(1980, 1, 1)  # noqa: DTZ001 - an archive of the same journal is the same bytes


def journal_files(journal: Journal, *, with_bodies: bool) -> list[tuple[str, bytes]]:
    """The files of a journal up to its checkpoint, exactly as a tree of that size needs them."""
    signed = journal.checkpoint()
    reader = journal.reader()
    files = [
        (CHECKPOINT, signed.content.encode()),
        (VKEY, f"{journal.key.text}\n".encode()),
        *_tiles(reader),
    ]
    if with_bodies:
        files += _bodies(journal, reader.size)
    return files


def _tiles(reader: TileReader) -> Iterator[tuple[str, bytes]]:
    for first, entries in reader.bundles():
        number = first // WIDTH
        yield tile_path(ENTRIES, number, reader.width(0, number)), bundled(entries)
    level = 0
    while reader.size >> (8 * level):
        for number in range(-(-(reader.size >> (8 * level)) // WIDTH)):
            content = b"".join(reader.tile(level, number))
            yield tile_path(level, number, reader.width(level, number)), content
        level += 1


def _bodies(journal: Journal, size: int) -> Iterator[tuple[str, bytes]]:
    for number in range(-(-size // WIDTH)):
        held = journal.bodies.of_bundle(number)
        lines = b"".join(body_line(i, held[i]) for i in sorted(held) if i < size)
        yield f"{BODIES}/{bodies_path(number)}", lines


def journal_archive(journal: Journal, *, with_bodies: bool) -> bytes:
    """All of it as one zip, with instructions; the same bytes for the same journal."""
    files = [
        (INSTRUCTIONS, instructions(journal.key.name).encode()),
        *journal_files(journal, with_bodies=with_bodies),
    ]
    return stored(files, _UNDATED)


def instructions(origin: str) -> str:
    """How a stranger verifies a journal, in Chinese and English."""
    return f"""日志 {origin} 的核验说明

这里有什么
  checkpoint   检查点：条目数、根和签名（C2SP tlog-checkpoint）
  tile/        全部条目和哈希（C2SP tlog-tiles）；条目只有类型、时间、编号和承诺值，不含内容
  bodies/      正文（如果给了您）：每条的内容和盐，能与承诺值对上
  vkey         公钥。请不要用这里的，要用纸上或当面拿到的那一行，并逐字比对

怎么核验
  1. 在任何一台装有考评（kaoping）的电脑上，解开本压缩包，执行：
       kaoping journal verify 文件夹 --key 纸上的公钥 --since 您保存的旧检查点或回执
  2. 没有考评程序也可以：任何支持 C2SP tlog-tiles、tlog-checkpoint 的程序都能读；
     条目哈希为 SHA-256(0x00 ‖ 条目)，节点为 SHA-256(0x01 ‖ 左 ‖ 右)（RFC 6962）。
  3. 核验通过后，请把 checkpoint 文件另外保存。下次用它作 --since，
     此前任何一条被改动、删除或调换都会被发现。

How to verify the journal {origin}
  Unpack this archive and run:
    kaoping journal verify FOLDER --key KEY-FROM-PAPER --since CHECKPOINT-OR-RECEIPT-YOU-KEPT
  Any program that reads C2SP tlog-tiles and tlog-checkpoint will do as well. Keep `checkpoint`.
"""


def package_instructions(origin: str) -> str:
    """How whoever gets a filing package verifies it, in Chinese and English."""
    return f"""报送包的核验说明

怎么核验
  在任何一台装有考评（kaoping）的电脑上（不需要联网），不必解开，执行：
    kaoping package verify package.zip --key 纸上的公钥
  公钥请用报送单位印在纸上或当面给的那一行（名称为 kaoping-run），加引号；不要用本包里的。
  通过，说明方案、输入、得分、报告等全部文件一个字节也没有改过，并且出自该公钥的主人。

这里有什么
  report.pdf、report.docx    评分报告
  scores.xlsx、scores.json   得分
  unit-sheets.zip            各单位评分单
  section-sheets.zip         各责任科室评分表、会签单
  verification-papers.zip    现场核验方案、核验记录、核验意见书
  entry-table.xlsx、entry-table.json
                             平台录入表
  problems.md                问题清单
  scheme.toml                所用的方案
  manifest.json              全部文件的大小和 SHA-256
  journal/                   存证日志 {origin}，共两条：
                             第 0 条记着方案、输入和得分的摘要，第 1 条记着其余全部文件的摘要
  receipts/                  两条的回执和正文：computed（计算）、written（写出的文件）

不用整包，怎么分别核验（都用同一行纸上的公钥）
  1. 解开压缩包。
  2. 核验回执：
       kaoping receipt verify receipts/computed.tlog-proof --key 纸上的公钥
       kaoping receipt verify receipts/written.tlog-proof --key 纸上的公钥
     显示的正文里列有各文件的 SHA-256，与自己算的逐个对照（如 sha256sum report.pdf）。
  3. 核验日志：
       kaoping journal verify journal --key 纸上的公钥 --complete
  4. 没有考评程序也可以：回执和日志是公开格式（C2SP tlog-proof、tlog-tiles、tlog-checkpoint）。
     别的程序须用 journal/vkey；它第二个加号以后的部分应与纸上公钥的逐字相同，不同就不要采用。

How to verify this filing package
    kaoping package verify package.zip --key KEY-FROM-PAPER
  It proves that the owner of that key made every file of it: scheme, inputs, scores, report.
  By hand, with the same key: unpack it. Then
    kaoping receipt verify receipts/computed.tlog-proof --key KEY-FROM-PAPER
    kaoping receipt verify receipts/written.tlog-proof --key KEY-FROM-PAPER
    kaoping journal verify journal --key KEY-FROM-PAPER --complete
  and compare the SHA-256 of each file with the one that the receipts show. The journal is {origin}.
"""
