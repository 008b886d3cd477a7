"""The digest of a paper: any text changes it, and nothing else."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.report.countersign_sheet import DECIDED_BY, build_countersign_sheet
from kaoping.core.report.document import (
    Bar,
    BarChart,
    CheckpointMark,
    Document,
    HeatMap,
    Part,
    SignatureLine,
)
from kaoping.core.report.hand_signing import document_digest, signers_of, spaced_digest
from kaoping.core.report.section_sheet import build_section_sheet, scoring_sections
from tests.core.report.test_scoring_report import BOTH, assessed_of
from tests.files.official import HEAD, annexed, official, table

CHARTS = (
    BarChart("图", (Bar("甲", Decimal("1.5"), "1.5"),), Decimal(2), Decimal(1)),
    HeatMap("图", ("列",), (("行", (Decimal(90), None)),)),
)
FULL = replace(
    official(annexes=[("表", (table(rows=2), *CHARTS, SignatureLine(("经办人", "日期"))))]),
    facts=(("考评年度", "2024年"),),
    checkpoint=CheckpointMark("存证", "码"),
    letterhead=replace(HEAD, approved_by=("甲某某",), copy_number="000001"),
)
"""With something in every field there is."""


def texts_in(value, path=()):
    """Every text anywhere in a document, with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from texts_in(one, (*path, index))
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts_in(getattr(value, one.name), (*path, one.name))


def changed(value, path, text):
    """The same with another text at one place."""
    if not path:
        return text
    first, *rest = path
    if isinstance(first, int):
        return (*value[:first], changed(value[first], rest, text), *value[first + 1 :])
    return replace(value, **{first: changed(getattr(value, first), rest, text)})


PLACES = list(texts_in(FULL))


@given(st.sampled_from(PLACES), st.text(max_size=8))
def test_any_other_text_anywhere_gives_another_digest(place, text):
    path, former = place
    other = changed(FULL, path, text)
    assert (document_digest(other) == document_digest(FULL)) == (text == former)


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.text(max_size=3), max_size=4))
def test_texts_do_not_run_into_each_other(some, others):
    documents = [
        replace(FULL, parts=(Part((SignatureLine(tuple(roles)),)),)) for roles in (some, others)
    ]
    assert (document_digest(documents[0]) == document_digest(documents[1])) == (some == others)


@pytest.mark.parametrize(
    "other",
    [
        changed(FULL, ("letterhead", "signed_on"), date(2025, 1, 21)),
        replace(FULL, parts=FULL.parts[::-1]),
        replace(FULL, parts=(replace(FULL.parts[0], landscape=True), *FULL.parts[1:])),
    ],
    ids=["day", "order", "orientation"],
)
def test_days_order_and_pages_count_too(other):
    assert document_digest(other) != document_digest(FULL)


def test_when_it_was_typeset_is_no_part_of_it():
    later = replace(FULL, made_at=FULL.made_at + timedelta(days=3))
    assert document_digest(later) == document_digest(FULL)


def test_it_is_the_one_that_is_documented():
    """By hand from docs/formats/hand-signing.md: what was once printed must be found again."""
    document = Document(
        "某办", "某表", "签字稿", (), (Part((SignatureLine(("经办人",)),)),), FULL.made_at
    )
    assert (
        document_digest(document)
        == "274279440672f8ca6263ff65381bd06bc29ed80ec7853ad9e7f2f41ff2637c6a"
    )


def test_its_beginning_is_written_in_groups():
    assert spaced_digest("0123456789abcdef" * 4) == "0123 4567 89ab cdef"


@BOTH
def test_sheets_that_are_signed_are_papers_and_no_drafts(folder):
    assessed = assessed_of(folder)
    sheets = [build_section_sheet(assessed, one) for one in scoring_sections(assessed)]
    for sheet in sheets:
        assert signers_of(sheet) == ("经办人", "部门负责人")
    countersign = build_countersign_sheet(assessed)
    assert signers_of(countersign) == DECIDED_BY
    for sheet in (*sheets, countersign):
        assert sheet.is_paper
        assert not sheet.is_draft
    assert len({document_digest(one) for one in sheets}) == len(sheets)
    assert not annexed().is_paper
