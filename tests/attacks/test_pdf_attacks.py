"""Pdf files made to harm: each is read or refused within seconds and little memory.

Every attack is read in a child whose memory is measured; what was refused says so in two languages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zlib

import pytest

from tests.files.pdf_bytes import FONT, one_page, packed, pdf, stream, words

SECONDS = 5
MEGABYTES = 300
GIGABYTE = 1 << 30


def nested_flate(size: int) -> bytes:
    """Zeros packed twice, a gigabyte in about a kilobyte."""
    once = zlib.compressobj(9)
    inner = b"".join(once.compress(bytes(1 << 20)) for _ in range(size >> 20)) + once.flush()
    return stream(zlib.compress(inner, 9), b"/Filter[/FlateDecode/FlateDecode]")


def flat_flate(size: int) -> bytes:
    once = zlib.compressobj(9)
    piece = b"0 0 m 9 9 l S " * 4096
    content = b"".join(once.compress(piece) for _ in range(size // len(piece))) + once.flush()
    return stream(content, b"/Filter/FlateDecode")


def deep_tree(depth: int) -> bytes:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, depth):
        objects[number] = b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 1)
    objects[depth] = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>" % (depth - 1)
    return pdf(objects)


def looped_tree() -> bytes:
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]/Parent 3 0 R>>",
            3: b"<</Type/Pages/Count 2/Kids[2 0 R]/Parent 2 0 R>>",
        }
    )


def many_pages(count: int, claimed: int) -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (claimed, kids),
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        }
    )


def many_objects(count: int) -> bytes:
    blank = dict.fromkeys(range(6, count), b"null")
    return one_page(stream(words(b"A text of some length.")), blank)


def forms(depth: int, branches: int) -> bytes:
    """Drawings that draw others, several times each."""
    objects = {}
    for number in range(6, 6 + depth):
        extra = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
        last = number == 5 + depth
        content = words(b"x") if last else b"/X Do " * branches
        objects[number] = stream(content, extra % (number if last else number + 1))
    return one_page(stream(b"/X Do"), objects, b"/XObject<</X 6 0 R>>")


def own_form() -> bytes:
    extra = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>"
    return one_page(stream(b"/X Do"), {6: stream(b"/X Do /X Do", extra)}, b"/XObject<</X 6 0 R>>")


def huge_picture() -> bytes:
    extra = (
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB"
    )
    return one_page(
        stream(b"q 595 0 0 842 0 0 cm /Im1 Do Q"),
        {6: packed(bytes(9), extra)},
        b"/XObject<</Im1 6 0 R>>",
    )


def object_stream(count: int) -> bytes:
    """A stream said to hold more objects than it can."""
    holder = packed(b"7 0 " * 9 + bytes(30_000_000), b"/Type/ObjStm/N %d/First 36" % count)
    return one_page(stream(words(b"A text of some length.")), {6: holder})


def grid_of_rules(count: int) -> bytes:
    step = 500 / count
    lines = [b"20 %.3f m 520 %.3f l S\n" % (20 + n * step, 20 + n * step) for n in range(count)]
    lines += [b"%.3f 20 m %.3f 520 l S\n" % (20 + n * step, 20 + n * step) for n in range(count)]
    return one_page(packed(b"".join(lines) + words(b"A text of some length.", 22, 22)))


def script() -> bytes:
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while(true){})>>>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>/AA<</O<</S/Launch/F(/bin/sh)>>>>>>",
            4: stream(words(b"Harmless words.")),
            5: FONT,
        }
    )


def looped_reference() -> bytes:
    return one_page(b"4 0 R")


def mad_numbers() -> bytes:
    far = b"1e38 0 0 1e38 1e38 1e38 cm 0 0 m 1e38 1e38 l S 99999999999999999999 w "
    return one_page(stream(far + words(b"Far away") + b"BT /F1 1e30 Tf (x) Tj ET"))


ATTACKS = {
    "a gigabyte of zeros, packed twice": lambda: one_page(nested_flate(GIGABYTE)),
    "a quarter gigabyte of drawing": lambda: one_page(flat_flate(GIGABYTE // 4)),
    "deep page tree": lambda: deep_tree(100_000),
    "page tree in a loop": looped_tree,
    "page count that lies": lambda: many_pages(1, 2_000_000_000),
    "negative page count": lambda: many_pages(1, -5),
    "many pages": lambda: many_pages(200_000, 200_000),
    "a million objects": lambda: many_objects(1_000_000),
    "endless content": lambda: one_page(packed(words(b"A text of some length.") * 1_000_000)),
    "endless blanks": lambda: one_page(packed(words(b" " * 1000) * 10_000)),
    "drawings in drawings": lambda: forms(30, 10),
    "drawing in itself": own_form,
    "nesting of states": lambda: one_page(packed(b"q " * 5_000_000)),
    "nesting of arrays": lambda: one_page(packed(b"[" * 5_000_000)),
    "nesting of arrays in an object": lambda: one_page(b"[" * 3_000_000 + b"]" * 3_000_000),
    "huge picture": huge_picture,
    "object stream that lies": lambda: object_stream(1_000_000_000),
    "thousands of rules": lambda: grid_of_rules(3000),
    "loop of references": looped_reference,
    "numbers without measure": mad_numbers,
    "script": script,
}
READ = {"script": ["Harmless words."], "a million objects": ["A text of some length."]}
"""What is read nevertheless, as it harms nobody."""
STOPPED = {"a gigabyte of zeros, packed twice"}
"""Where reading was stopped: it is said, and what to do."""


ASK = """
import json, resource, sys
sys.path[:] = json.loads(sys.argv[1])
from kaoping.core.errors import InputError
from kaoping.files.pdf_reading import read_pdf
try:
    told = list(read_pdf(open(sys.argv[2], "rb").read(), "附件.pdf").lines)
except InputError as error:
    told = {"zh": error.zh, "en": error.en}
print(json.dumps([told, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""
"""Reads a file and tells the most memory its child had, in KiB.

It runs in a process of its own: a child's figure begins at its parent's size, and ours is large.
"""


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_it_ends_soon_and_small(attack, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(ATTACKS[attack]())
    began = time.perf_counter()
    asked = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(sys.path), path], capture_output=True, check=True
    )
    assert time.perf_counter() - began < SECONDS
    told, memory = json.loads(asked.stdout)
    assert memory < MEGABYTES * 1024
    if attack in READ:
        assert told == READ[attack]
    elif isinstance(told, dict):
        assert told["zh"].startswith("附件.pdf：")
        assert told["en"].startswith("附件.pdf: ")
    if attack in STOPPED:
        assert told["zh"].startswith("附件.pdf：读取中断")
        assert "重新导出" in told["zh"]
