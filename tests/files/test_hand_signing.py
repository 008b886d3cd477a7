"""签字稿 as PDF and docx: its digest on every page, its code, and what is no paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import docx
import pypdf
import pytest

from kaoping.core.errors import InputError, TamperError
from kaoping.core.report.hand_signing import document_digest, paper_code, spaced_digest
from kaoping.files.docx import document_docx
from kaoping.files.fonts import find_faces
from kaoping.files.hand_signing import read_paper
from kaoping.files.pdf import document_pdf
from tests.files.official import codes_on, official, paper, set_in_pdf

DIGEST = document_digest(paper())


@pytest.fixture(scope="module")
def content():
    return document_pdf(paper(), find_faces())


@pytest.fixture(scope="module")
def pages():
    return set_in_pdf(paper()).pages


def test_every_page_says_to_which_content_it_belongs_and_none_is_watermarked(pages):
    assert len(pages) > 1
    for page in pages:
        assert f"内容摘要 {spaced_digest(DIGEST)}" in page.extract_text()
        assert "签字稿" in page.extract_text()
        assert "草稿" not in page.extract_text()
        assert not [c for c in page.chars if c["size"] > 100]


def test_its_code_on_the_first_page_is_the_whole_digest(pages):
    assert codes_on(pages[0]) == [paper_code(DIGEST)]
    assert [codes_on(page) for page in pages[1:]] == [[]] * (len(pages) - 1)


def test_a_pdf_is_read_as_the_paper_it_is(content):
    found = read_paper(content, "a.pdf")
    assert (found.title, found.digest) == (paper().title, DIGEST)
    assert found.roles == ("经办人", "部门负责人")


def test_typeset_again_on_another_day_it_is_the_same_paper(content):
    later = replace(paper(), made_at=paper().made_at + timedelta(days=3))
    again = document_pdf(later, find_faces())
    assert again != content
    first, second = read_paper(content, "a.pdf"), read_paper(again, "a.pdf")
    assert second == first
    assert (first.made_on, second.made_on) == (paper().made_at.date(), later.made_at.date())
    assert document_pdf(paper(), find_faces()) == content


def test_a_page_of_another_paper_is_found(content):
    other = document_pdf(paper(rows=3), find_faces())
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.insert_page(pypdf.PdfReader(io.BytesIO(other)).pages[0], 1)
    mixed = io.BytesIO()
    writer.write(mixed)
    with pytest.raises(TamperError, match="第2页"):
        read_paper(mixed.getvalue(), "mixed.pdf")


@pytest.mark.parametrize("kind", ["another document", "damaged", "no pdf", "empty"])
def test_what_is_no_paper_is_refused(content, kind):
    given = {
        "another document": document_pdf(official(), find_faces()),
        "damaged": content[:300],
        "no pdf": b"PK\x03\x04",
        "empty": b"",
    }[kind]
    with pytest.raises(InputError, match="不是本系统生成的签字稿"):
        read_paper(given, "a.pdf")


def test_a_docx_carries_digest_and_code_too():
    found = docx.Document(io.BytesIO(document_docx(paper())))
    foot = [one.text for one in found.sections[0].footer.paragraphs]
    assert f"内容摘要 {spaced_digest(DIGEST)}" in foot
    assert len(found.inline_shapes) == 1
    assert document_docx(paper()) == document_docx(paper())
