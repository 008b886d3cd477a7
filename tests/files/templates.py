"""Templates for tests, written as a clerk writes them or as Word stores them; and what was filled in."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import docx
from lxml import etree

from kaoping.core.calendar import SHANGHAI
from kaoping.core.report.assessed import Assessed
from kaoping.files.own_template import read_template
from tests.examples import COUNTY, batch_of, scores_of
from tests.files.samples import archive

AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH = '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def assessed_of(folder):
    batch = batch_of(folder)
    return Assessed(
        batch.scheme, batch.entries, scores_of(folder), batch.ledger, batch.problems, AT
    )


def template(*paragraphs, table=(), after=(), header=""):
    """A template of paragraphs, a table of rows of texts, and paragraphs behind it.

    A paragraph that begins with `<` is XML as Word stores it.
    """
    out = docx.Document()
    for text in paragraphs:
        _add(out, text)
    if table:
        made = out.add_table(len(table), len(table[0]))
        for row, texts in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    for text in after:
        _add(out, text)
    out.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    out.save(stream)
    return stream.getvalue()


def _add(out, text):
    if not text.startswith("<"):
        out.add_paragraph(text)
        return
    made = etree.fromstring(text)
    out.element.body.insert(len(out.element.body) - 1, made)


def with_parts(content, **changes):
    """A file with parts added or exchanged, by their names with `__` for `/` and `_` for `.`."""
    return changed(
        content, {name.replace("__", "/").replace("_", "."): part for name, part in changes.items()}
    )


def changed(content, parts):
    """A file with parts added or exchanged; a function changes what there is."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    for name, part in parts.items():
        members[name] = part(members[name]) if callable(part) else part
    return archive(list(members.items()))


def filled(content, folder=COUNTY, unit=None, assessed=None):
    """The template filled in from an example, as its archive."""
    assessed = assessed or assessed_of(folder)
    one = read_template(content, "模板.docx", for_unit=unit is not None)
    made = one.filled(assessed, one.budget(), unit)
    assert_sound(part(made))
    return made


FIRST = {"p": ("pPr",), "r": ("rPr",), "tc": ("tcPr",), "tr": ("tblPrEx", "trPr")}
"""What comes before all else in an element."""


def assert_sound(tree):
    """What text programs insist on: formats first, a paragraph at the end of a cell, rows in a table."""
    for kind, formats in FIRST.items():
        for element in tree.iter(f"{W}{kind}"):
            tags = [child.tag.removeprefix(W) for child in element.iterchildren(etree.Element)]
            rest = [tag for tag in tags if tag not in formats]
            assert tags[len(tags) - len(rest) :] == rest, tags
    for cell in tree.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p"
    for table in tree.iter(f"{W}tbl"):
        assert table.find(f"{W}tr") is not None


def lines(content):
    """The paragraphs of the text, outside tables."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def cells(content, at=0):
    """The texts of a table."""
    table = docx.Document(io.BytesIO(content)).tables[at]
    return [[cell.text for cell in row.cells] for row in table.rows]


def part(content, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(content)) as filled_in:
        return etree.fromstring(filled_in.read(name))
