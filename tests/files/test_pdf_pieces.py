"""A large document set in pieces is the document that it is as a whole."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report.document import Heading, Paragraph, Part, TableBlock
from kaoping.files.alone import alone
from kaoping.files.fonts import faces_in, find_faces
from kaoping.files.pdf import document_pdf
from kaoping.files.pdf_pieces import joined, parted
from tests.files.official import official, table

SOME = 350
"""Cells of one piece here, so that few make it a large document."""


def large():
    """Three annexes; the second has pages for each of three units, and bookmarks for them."""
    document = official(
        annexes=[
            ("各单位得分", (table(rows=30),)),
            ("各单位评分明细", (Heading(2, "市一局"), table(rows=20))),
            ("需要说明的事项", (table(rows=40),)),
        ]
    )
    *before, last = document.parts
    more = (
        Part((Heading(2, name), table(rows=25)), landscape=True) for name in ("市二局", "市三局")
    )
    return replace(document, parts=(*before, *more, last))


@pytest.fixture(scope="module")
def pdfs():
    """The same document as a whole and in pieces."""
    return document_pdf(large(), find_faces()), document_pdf(large(), find_faces(), SOME)


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def test_every_page_says_and_shows_the_same_as_in_one_piece(pdfs):
    assert len(parted(large(), SOME)) > 3
    whole, pieces = (list(map(_seen, pypdfium2.PdfDocument(pdf))) for pdf in pdfs)
    assert pieces == whole
    assert "— 8 —" in pieces[7][0]


def _seen(page):
    """The text of a page, and its picture."""
    return page.get_textpage().get_text_bounded(), page.render(scale=0.6).to_pil().tobytes()


def bookmarks(pdf, outline=None):
    """Titles with their pages, those below in lists of their own."""
    outline = pdf.outline if outline is None else outline
    return [
        bookmarks(pdf, one)
        if isinstance(one, list)
        else (one.title, pdf.get_destination_page_number(one))
        for one in outline
    ]


def test_bookmarks_lead_where_they_do_in_one_piece(pdfs):
    whole, pieces = (bookmarks(read(pdf)) for pdf in pdfs)
    assert pieces == whole
    assert [name for name, _ in pieces[-2]] == ["市一局", "市二局", "市三局"]


def metadata(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as one:
        return one.Root.Metadata.read_bytes().decode()


def test_it_is_one_pdf_of_the_same_standard_with_an_identity_of_its_own(pdfs):
    whole, pieces = (
        re.sub(r"<(xmpMM|stEvt):(Instance|instance)ID>[^<]+", "", metadata(pdf)) for pdf in pdfs
    )
    assert pieces == whole  # the standard, the title, the pages, the faces
    assert "<pdfaid:part>2</pdfaid:part>" in pieces
    assert metadata(pdfs[0]) != metadata(pdfs[1])
    assert read(pdfs[1]).metadata == read(pdfs[0]).metadata
    with pikepdf.open(io.BytesIO(pdfs[1])) as one:
        assert not one.check_pdf_syntax()
        assert len(one.Root.OutputIntents) == 1


def test_equal_content_gives_equal_bytes(pdfs):
    assert document_pdf(large(), find_faces(), SOME) == pdfs[1]


def test_other_pieces_give_another_identity(pdfs):
    document = official()
    one, other = (document_pdf(replace(document, title=title), find_faces()) for title in "甲乙")
    assert metadata(joined([one, one], doubled(document))) != metadata(
        joined([one, other], doubled(document))
    )


def doubled(document):
    return replace(document, parts=document.parts * 2)


def test_a_character_without_a_face_is_named_with_its_place_in_whatever_piece():
    document = large()
    last = document.parts[-1]
    spoilt = (
        *document.parts[:-1],
        replace(last, blocks=(*last.blocks, Paragraph("王\U0003134a同志"))),
    )
    with pytest.raises(EnvironmentFault, match="王\U0003134a同志"):
        document_pdf(replace(document, parts=spoilt), find_faces(), SOME)


# --- parting ---------------------------------------------------------------------------------------

small_tables = st.builds(table, rows=st.integers(0, 30), columns=st.integers(1, 4))
some_blocks = st.lists(
    st.one_of(
        small_tables, st.builds(Heading, st.just(2), st.text()), st.builds(Paragraph, st.text())
    ),
    min_size=1,
    max_size=8,
).map(tuple)
some_parts = st.builds(Part, some_blocks, st.booleans(), st.sampled_from(["", "得分", "说明"]))


@given(st.lists(some_parts, min_size=1, max_size=8), st.integers(1, 200))
def test_pieces_hold_every_block_once_and_in_order(parts, most):
    document = replace(official(), parts=tuple(parts))
    pieces = parted(document, most)
    found = [part for piece in pieces for part in piece.document.parts]
    assert [block for part in found for block in part.blocks] == [
        b for p in parts for b in p.blocks
    ]
    assert [part.annex for part in found if part.annex] == list(document.annexes)
    assert [piece.opens for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [piece.closes for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert {piece.annexes for piece in pieces} == {document.annexes}
    before = 0
    for piece in pieces:
        assert piece.annexes_before == before
        before += len(piece.document.annexes)


@given(st.lists(some_parts, min_size=1, max_size=8), st.integers(1, 200))
def test_a_piece_is_too_large_only_where_it_cannot_be_parted(parts, most):
    document = replace(official(), parts=tuple(parts))
    for piece in parted(document, most):
        tables = [b for p in piece.document.parts for b in p.blocks if isinstance(b, TableBlock)]
        cells = sum(len(one.columns) * len(one.rows) for one in tables)
        assert cells <= most or len(tables) == 1 or piece.opens


def test_a_heading_stays_with_its_table():
    blocks = (Heading(3, "甲"), table(rows=20), Heading(3, "乙"), table(rows=20))
    document = official(annexes=[("得分", blocks)])
    found = [p.blocks for piece in parted(document, 200) for p in piece.document.parts[-1:]]
    assert found == [blocks[:2], blocks[2:]]


def test_a_plain_document_is_never_parted():
    document = replace(large(), letterhead=None)
    assert len(parted(document, 1)) == 1


# --- a process of its own --------------------------------------------------------------------------


def _break_off():
    os.kill(os.getpid(), signal.SIGKILL)


def _lack():
    raise EnvironmentFault("缺字体", "no font")


def _remember(what):
    _held.append(what)
    return list(_held)


_held: list[str] = []


def _threads():
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.fixture
def ask():
    with alone(partial(_remember, "prepared")) as asking:
        yield asking


def test_work_alone_says_what_it_says_here_and_leaves_nothing(ask):
    assert ask(_remember, "one") == ["prepared", "one"]
    assert ask(_remember, "other") == ["prepared", "other"]
    assert _held == []


def test_what_work_alone_lacks_is_told_and_more_may_be_asked(ask):
    with pytest.raises(EnvironmentFault) as fault:
        ask(_lack)
    assert (fault.value.zh, fault.value.en) == ("缺字体", "no font")
    assert ask(sorted, [2, 1]) == [1, 2]


def test_a_process_that_is_ended_is_told_in_words(ask):
    with pytest.raises(EnvironmentFault, match="内存不足"):
        ask(_break_off)
    assert ask(sorted, [2, 1]) == [1, 2]


def test_any_other_error_is_one_here_too(capfd):
    with (
        alone(partial(_remember, "prepared")) as ask,
        pytest.raises(subprocess.CalledProcessError),
    ):
        ask(int, "x")
    assert "invalid literal" in capfd.readouterr().err


def _print_and_say():
    os.write(1, b"a library prints")
    return 1


def test_what_is_printed_is_no_answer(capfd):
    with alone(partial(_remember, "prepared")) as ask:
        assert ask(_print_and_say) == 1
    assert "a library prints" in capfd.readouterr().err


def test_what_cannot_be_prepared_is_an_error_here_too(capfd):
    with alone(partial(int, "x")) as ask, pytest.raises(subprocess.CalledProcessError):
        ask(sorted, [1])
    assert "invalid literal" in capfd.readouterr().err


def _end_the_parent():
    os.kill(os.getppid(), signal.SIGKILL)


def test_an_end_of_the_process_that_forks_is_told_in_words_as_well():
    with (
        alone(partial(_remember, "prepared")) as ask,
        pytest.raises(EnvironmentFault, match="内存不足"),
    ):
        ask(_end_the_parent)


def test_no_process_is_left():
    with alone(partial(_remember, "prepared")) as ask:
        number = ask(os.getppid)
        assert Path(f"/proc/{number}").exists()
    assert not Path(f"/proc/{number}").exists()


def test_what_is_prepared_starts_no_thread_that_a_fork_would_lose():
    with alone(partial(faces_in, find_faces().folders)) as ask:
        assert ask(_threads) == 1
