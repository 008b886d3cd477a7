"""PDF/A-2b (ISO 19005-2): every pdf of ours, read by a validator that allows only what it knows to conform."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import pdfa

from kaoping.files.draw_papers import certificate_pdf
from kaoping.files.fonts import find_faces
from kaoping.files.pdf import document_pdf
from kaoping.files.pdf_signature import sign_pdf
from tests.core.draws import CERTIFICATE
from tests.files.official import annexed, official
from tests.files.signing import NOW
from tests.files.test_charts import BARS, FIELDS
from tests.files.test_pdf_pieces import SOME, large
from tests.files.test_pdf_signature import OFFICE, signer_of
from tests.files.test_receipt_pdf import paper

TOO_STRICT = {
    r"XMP namespace xmpTPg=|XMP property xmpTPg:NPages": "a schema of XMP 2005, to which 6.6.2.3.1 refers",
    r"XMP namespace pdfa\w+=|XMP property pdfaExtension:schemas": "what 6.6.2.3.3 prescribes for extensions",
    r"structured XMP property xmpMM:History": "not looked at by the validator",
    r"CIDFontType0: CFF FDArray FontMatrix": "not looked at; 6.2.11 says nothing of it",
    r"interactive forms \(/AcroForm\)": "not looked at; a field of a signature is one, and 6.4.3 allows it",
    r"/Dest: '\d+ 0 R'": "an array may be an indirect object",
}
"""What it finds in files that conform, and why it does no harm."""


def faults(pdf):
    """What is against the standard, as far as it can be told."""
    report = pdfa.validate_written(io.BytesIO(pdf), "2b")
    found = map(str, (*report.violations, *report.unsupported))
    return [one for one in found if not re.search("|".join(TOO_STRICT), one)]


PDFS = {
    "official": lambda: document_pdf(annexed(), find_faces()),
    "official with charts": lambda: document_pdf(official(body=(BARS, FIELDS)), find_faces()),
    "official in pieces": lambda: document_pdf(large(), find_faces(), SOME),
    "plain": lambda: document_pdf(replace(annexed(), letterhead=None), find_faces()),
    "receipt": lambda: paper("c2sp.org/tlog-proof@v1\n"),
    "signed": lambda: sign_pdf(
        document_pdf(official(), find_faces()), signer_of(OFFICE), "签发", NOW
    ),
    "certificate of a draw": lambda: certificate_pdf(CERTIFICATE, find_faces()),
}


@pytest.mark.parametrize("what", PDFS)
def test_it_conforms(what):
    assert not faults(PDFS[what]())


def test_what_does_not_conform_is_found():
    spoilt = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDFS["plain"]())) as pdf:
        del pdf.Root.OutputIntents
        pdf.save(spoilt)
    assert faults(spoilt.getvalue())
