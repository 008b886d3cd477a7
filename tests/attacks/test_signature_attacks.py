"""Pdf files made to harm whoever verifies their signatures: a clear word within seconds."""

from __future__ import annotations

import datetime as dt
import random
import resource

import pytest

from kaoping.files.pdf_signature import signatures_of
from tests.attacks.test_pdf_attacks import ATTACKS as OF_READING
from tests.cli.folders import refusal
from tests.files.pdf_bytes import packed, pdf, stream

SECONDS = 5
"""Of processor time: a busy machine is no fault of ours."""
AT = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
PAGES = b"<</Type/Pages/Count 0/Kids[]>>"


def form(fields: bytes, objects: dict[int, bytes] | None = None) -> bytes:
    """A file without pages, whose form has these fields; objects begin at 3."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields %s>>>>" % fields
    return pdf({1: catalog, 2: PAGES, **(objects or {})})


def doubling_fields(depth: int) -> bytes:
    """Each field has the next one twice: two to the power of the depth."""
    twice = {n: b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (n + 1, n + 1) for n in range(3, depth)}
    return form(b"[3 0 R]", {**twice, depth: b"<</FT/Sig/T(a)>>"})


def deep_fields(depth: int) -> bytes:
    nested = {n: b"<</T(a)/Kids[%d 0 R]>>" % (n + 1) for n in range(3, depth)}
    return form(b"[3 0 R]", {**nested, depth: b"<</FT/Sig/T(a)>>"})


def signature(content: bytes) -> bytes:
    """A file with one signature, whose dictionary this is."""
    return form(b"[3 0 R]", {3: b"<</FT/Sig/T(a)/V 4 0 R>>", 4: content})


def own_predecessor() -> bytes:
    """A table of places that names itself as the one before it."""
    told = pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES}, b"/Prev 0000000000")
    return told.replace(b"/Prev 0000000000", b"/Prev %010d" % told.rindex(b"xref\n0 "))


def packed_table(extra: bytes, content: bytes) -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n" + PAGES
    head += b"\nendobj\n"
    table = packed(content, b"/Type/XRef/Root 1 0 R" + extra)
    return head + b"3 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n" % len(head) + b"%%EOF\n"


def garbage() -> bytes:
    return b"%PDF-1.7\n" + random.Random(7).randbytes(1_000_000) + b"\nstartxref\n9\n%%EOF\n"


ATTACKS = {
    "garbage": garbage,
    "cut off": lambda: form(b"[]")[:-60],
    "field in itself": lambda: form(b"[3 0 R]", {3: b"<</FT/Sig/T(a)/Kids[3 0 R]>>"}),
    "doubling fields": lambda: doubling_fields(40),
    "deep fields": lambda: deep_fields(5_000),
    "fields that are each other": lambda: form(b"3 0 R", {3: b"4 0 R", 4: b"3 0 R"}),
    "nesting of arrays": lambda: form(b"[" * 1_000_000 + b"]" * 1_000_000),
    "no table before it": lambda: pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES}, b"/Prev 9"),
    "a table before itself": own_predecessor,
    "a packed table, unpacked huge": lambda: packed_table(
        b"/Size 100000000/W[1 1 1]", bytes(300_000_000)
    ),
    "a table of nothing, two milliard times": lambda: packed_table(
        b"/Size 2000000000/W[0 0 0]/Index[0 2000000000]", b""
    ),
    "a signature of garbage": lambda: signature(
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        b"/ByteRange[0 10 20 10]/Contents<30820102deadbeef>>>"
    ),
    "a signature of nested garbage": lambda: signature(
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        b"/ByteRange[0 10 20 10]/Contents<" + b"3080" * 200_000 + b">>>"
    ),
    "ranges without measure": lambda: signature(
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        b"/ByteRange[0 99999999999999 -5 99999999999999]/Contents<3003020101>>>"
    ),
    "a signature that is a stream": lambda: signature(stream(b"x")),
    "encrypted by nobody knows what": lambda: pdf(
        {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES}, b"/Encrypt 1 0 R"
    ),
}


def time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_refused_soon_and_in_words(attack, tmp_path, capsys):
    (tmp_path / "a.pdf").write_bytes(ATTACKS[attack]())
    began = time_of_children()
    said = refusal(capsys, 1, "document", "verify", tmp_path / "a.pdf")
    assert time_of_children() - began < SECONDS
    assert "请" in said.err


@pytest.mark.slow
@pytest.mark.parametrize("attack", ["page tree in a loop", "loop of references", "deep page tree"])
def test_what_harms_readers_of_pages_holds_no_signature(attack):
    assert signatures_of(OF_READING[attack](), [], AT) == ()
