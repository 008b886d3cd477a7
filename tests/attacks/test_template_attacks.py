"""Templates made to harm, or by mistake: each is told or refused within five seconds and 300 MB.

Every template is judged, and filled where it may be, in a process of its own, which tells its processor
time and greatest memory as for other documents.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass

import docx
import pypdf
import pytest

from kaoping.core.errors import InputError
from kaoping.files.own_template import read_template
from tests import forking
from tests.attacks.test_document_attacks import BILLION, MEGABYTES, SECONDS, TRIES, repacked
from tests.examples import COUNTY
from tests.files.samples import archive, many_alike, put
from tests.files.templates import assessed_of, changed, filled, part, template

_FILL = """
import json, sys
from pathlib import Path
from kaoping.core.errors import InputError
from kaoping.files.own_template import read_template
from tests.pace import timed
told = {"zh": "", "codes": [], "size": 0}
one = None
with timed() as reading:
    try:
        one = read_template(Path(sys.argv[1]).read_bytes(), "模板.docx", for_unit=False)
    except InputError as error:
        told["zh"], told["codes"] = error.zh, [problem.code for problem in error.problems]
told["seconds"] = reading.seconds
if one is not None:
    from bench.documents import assessed
    whole = assessed()
    with timed() as filling:
        try:
            told["size"] = len(one.filled(whole, one.budget()))
        except InputError as error:
            told["zh"] = error.zh
    told["seconds"] += filling.seconds
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
told["megabytes"] = int(peak.split()[1]) // 1000
print(json.dumps(told))
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended: why it was refused, with the codes of its faults, or how many bytes it made."""

    zh: str
    codes: list[str]
    size: int
    seconds: float
    megabytes: int


def used_apart(tmp_path, content):
    """Use a template in a process of its own, for 100 units and 40 tasks; of a few tries the quickest."""
    path = put(tmp_path / "模板.docx", content)
    for _ in range(TRIES):
        ended = forking.run(["-c", _FILL, path], os.environ, timeout=120)
        assert ended.returncode == 0, ended.stderr[-500:]
        told = Told(**json.loads(ended.stdout))
        if told.seconds < SECONDS:
            break
    assert told.seconds < SECONDS, told
    assert told.megabytes < MEGABYTES, told
    return told


def with_body(text, **parts):
    """A template whose text is XML, stored as it is, so that it is no bomb."""
    content = template("这里")
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        body = old.read("word/document.xml").replace(
            "<w:p><w:r><w:t>这里</w:t></w:r></w:p>".encode(), text.encode()
        )
    return repacked(content, {"word/document.xml": body, **parts}, zipfile.ZIP_STORED)


def p(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def nested(inside, *loops):
    begin = "".join(f"{{{{{loop}}}}}" for loop in loops)
    return p(f"始{begin}{inside}{'{{结束}}' * len(loops)}")


EVERYTHING = ("每个单位", "每项任务")
EXPENSIVE = "{{如果 有指标得分率}}{{结束}}{{如果 有任务完成率}}{{结束}}{{如果 有失分}}{{结束}}"

REFUSED = {
    "a bomb": (lambda: many_alike(["word/document.xml"], 250_000_000), "TEMPLATE-UNREADABLE"),
    "entities": (
        lambda: with_body("", **{"word/settings.xml": f"{BILLION}<a>&i;</a>".encode()}),
        "TEMPLATE-UNREADABLE",
    ),
    "entities in the text": (
        lambda: repacked(
            template("甲"),
            {"word/document.xml": f"{BILLION}<a>&i;</a>".encode()},
            zipfile.ZIP_STORED,
        ),
        "TEMPLATE-UNREADABLE",
    ),
    "a million placeholders": (lambda: with_body(p("{{年度}}") * 1_000_000), "TEMPLATE-UNREADABLE"),
    "a million placeholders in one paragraph": (
        lambda: with_body(p("{{年度}}" * 1_000_000)),
        "TEMPLATE-CONTENT",
    ),
    "a million unfinished ones": (lambda: with_body(p("{{a " * 1_000_000)), "TEMPLATE-CONTENT"),
    "a million of one brace": (lambda: with_body(p("{" * 1_000_000)), "TEMPLATE-CONTENT"),
    "names without end": (
        lambda: with_body(p("{{" + "名" * 3_000_000 + "}}")),
        "TEMPLATE-BRACES",
    ),
    "many unknown names": (
        lambda: with_body("".join(p(f"{{{{单位名{at}称}}}}") for at in range(1_900))),
        "TEMPLATE-NAME",
    ),
    "loops without end": (lambda: with_body(p("{{如果 有存证}}" * 1_900)), "TEMPLATE-LOOP"),
    "loops in loops": (
        lambda: with_body(nested("", *["每个单位"] * 900)),
        "TEMPLATE-LEVEL",
    ),
    "conditions in conditions": (
        lambda: with_body(nested("", *["如果 有失分"] * 900)),
        "TEMPLATE-LOOP",
    ),
    "tables in tables": (
        lambda: with_body(
            "<w:tbl><w:tr><w:tc><w:p/><w:p/>" * 1_000 + "</w:tc></w:tr></w:tbl>" * 1_000
        ),
        "TEMPLATE-UNREADABLE",
    ),
    "paragraphs sharing a row": (
        lambda: with_body(
            "<w:tbl><w:tr>"
            + f"<w:tc>{p('{{每个单位}}')}</w:tc><w:tc>{p('{{结束}}')}</w:tc>" * 900
            + "</w:tr></w:tbl>"
        ),
        "TEMPLATE-CROSSED",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", REFUSED)
def test_a_template_made_to_harm_is_told(tmp_path, trick):
    make, code = REFUSED[trick]
    assert code in used_apart(tmp_path, make()).codes


TOO_MUCH = {
    "long text in loops": lambda: with_body(nested("长" * 100_000, *EVERYTHING)),
    "much in loops": lambda: with_body(nested("{{得分过程}}" * 1_900, *EVERYTHING)),
    "nothing, again and again": lambda: with_body(nested(EXPENSIVE * 300, *EVERYTHING)),
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", TOO_MUCH)
def test_a_template_that_would_make_gigabytes_is_refused(tmp_path, trick):
    told = used_apart(tmp_path, TOO_MUCH[trick]())
    assert "套用出来的文件超过" in told.zh
    assert told.codes == []


STRANGE = {
    "tables in tables": lambda: with_body(
        "<w:tbl><w:tr><w:tc>" * 60 + p("{{年度}}") + "</w:tc></w:tr></w:tbl><w:p/>" * 60
    ),
    "boxes in boxes": lambda: with_body(
        "<w:p><w:r><w:txbxContent>" * 60 + p("{{年度}}") + "</w:txbxContent></w:r></w:p>" * 60
    ),
    "letters in runs of their own": lambda: with_body(
        "<w:p>" + "".join(f"<w:r><w:t>{one}</w:t></w:r>" for one in "{{年度}}，" * 1_900) + "</w:p>"
    ),
    "what is asked for again and again": lambda: with_body(
        nested("{{指标平均分}}{{任务完成率}}{{失分项数}}{{指标位次}}", *EVERYTHING)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", STRANGE)
def test_a_strange_template_is_filled(tmp_path, trick):
    assert used_apart(tmp_path, STRANGE[trick]()).size > 0


# --- what is hidden, fetched, asked or told ---------------------------------------------------------


def faults(content):
    """What is said of a template that must be refused."""
    with pytest.raises(InputError) as refused:
        read_template(content, "模板.docx", for_unit=False)
    return [
        (problem.code, problem.message, problem.suggestion) for problem in refused.value.problems
    ]


def field(*pieces):
    """A field with its code in runs; a piece that begins with `<` stands as it is."""
    runs = (
        piece if piece.startswith("<") else f"<w:r><w:instrText>{piece}</w:instrText></w:r>"
        for piece in pieces
    )
    return f"{BEGIN}{''.join(runs)}{END}"


BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
BOX_END = f"<w:r><w:pict><w:txbxContent><w:p>{END}</w:p></w:txbxContent></w:pict></w:r>"


def in_paragraph(inside):
    return f"<w:p>{inside}</w:p>"


TELLING = {
    "DDEAUTO": field("DDE", "AUTO c:\\\\a b"),
    "DDE": field("PAGE ", "<w:r/>", BEGIN, BOX_END, "DDE a b"),
    "FILLIN": field(" fillin ", '"您的姓名？"'),
    "ASK": field('ASK a "姓名"'),
    "MERGEFIELD": field(" MERGEFIELD 姓名 "),
    "FILENAME": field("FILENAME \\p"),
    "USERNAME": '<w:fldSimple w:instr=" UserName "><w:r><w:t>甲</w:t></w:r></w:fldSimple>',
    "USERADDRESS": field("USERADDRESS"),
    "USERINITIALS": field("USER", "INITIALS"),
    "AUTHOR": field("IF ", field("AUTHOR"), ' = "a" "b"'),
    "LASTSAVEDBY": field("LASTSAVEDBY"),
    "DOCPROPERTY": field("DOCPROPERTY Company"),
    "TEMPLATE": field("TEMPLATE \\p"),
    "INCLUDETEXT": field('INCLUDETEXT"a.docx"'),
    "DATE": field('DATE \\@ "yyyy年M月d日"'),
}


@pytest.mark.parametrize("name", TELLING)
def test_a_field_that_fetches_asks_or_tells_is_refused_by_its_name(name):
    ((code, message, suggestion),) = faults(with_body(in_paragraph(TELLING[name])))
    assert code == "TEMPLATE-CONTENT"
    assert f"域：{name}（" in message
    assert "占位符" in suggestion


def test_fields_that_say_what_stands_in_the_document_stay():
    codes = (
        "PAGE",
        'HYPERLINK "http://example.invalid/link"',
        'TOC\\o "1-3"',
        "NUMPAGES \\* MERGEFORMAT",
        'TOC \\o "1-3"',
        "ref a",
        "PAGEREF _Toc1 \\h",
        "SEQ 表",
    )
    inside = "".join(field(f" {code} ") for code in codes)
    inside += field("=", field("NUMPAGES"), "-1") + field(" ")
    assert filled(with_body(in_paragraph(inside)))


def test_all_fields_are_told_at_once_and_a_name_without_end_is_cut():
    inside = field("ASK a") + field("AUTHOR") + field("名" * 100_000) + field("AUTHOR")
    ((_, message, _),) = faults(with_body(in_paragraph(inside)))
    assert "域：ASK、AUTHOR、名名" in message
    assert len(message) < 120


@pytest.mark.parametrize("content", ["共{{年度}}年".encode(), b"%PDF-1.7", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_docx_is_to_be_saved_as_one(content):
    ((code, message, suggestion),) = faults(content)
    assert code == "TEMPLATE-UNREADABLE"
    assert "不是 docx 文档" in message
    assert suggestion == "请用 Word 或 WPS 打开后另存为 docx"


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES, RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
SETTINGS = f"<w:settings {SPACE}/>".encode()


def before_end(text):
    """Something added at the end of a part."""

    def put_in(old):
        at = old.rindex(b"</")
        return old[:at] + text.encode() + old[at:]

    return put_in


def default(ending, kind):
    return before_end(f'<Default Extension="{ending}" ContentType="{kind}"/>')


def override(name, kind):
    return before_end(f'<Override PartName="/{name}" ContentType="{kind}"/>')


def relation(kind, target, url=OFFICE):
    return before_end(f'<Relationship Id="x9" Type="{url}/{kind}" Target="{target}"/>')


BAD_HEADER = (
    f"<w:hdr {SPACE}><w:p>{field('DDEAUTO a b')}<w:ins w:id='1' w:author='a'><w:r><w:t>甲</w:t></w:r></w:ins>"
    "<w:r><w:t>{{单位名}}</w:t></w:r></w:p></w:hdr>"
).encode()
HEADER = "word/header9"

HIDDEN = {
    "by the type of its ending": {
        f"{HEADER}.xml": BAD_HEADER,
        TYPES: lambda old: old.replace(b'"application/xml"', f'"{WORDS}.header+xml"'.encode()),
    },
    "by its relation alone": {
        f"{HEADER}.xml": BAD_HEADER,
        RELATIONS: relation("header", "/WORD/h%65ader9.xml"),
    },
    "by its type in other letters": {
        f"{HEADER}.xml": BAD_HEADER,
        TYPES: override("Word/Header9.XML", f"{WORDS}.HEADER+xml; charset=utf-8"),
    },
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_header_is_judged_however_it_is_said_to_be_one(how):
    told = faults(changed(template("{{年度}}"), HIDDEN[how]))
    assert {code for code, _, _ in told} == {"TEMPLATE-CONTENT", "TEMPLATE-NAME"}
    assert any("DDEAUTO" in message for _, message, _ in told)
    assert any("修订" in message for _, message, _ in told)


def main_named(name):
    """A template whose text stands in a part of another name, beside one of the usual name that is none."""
    content = template("{{年度}}")
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        members = {one: old.read(one) for one in old.namelist()}
    members[f"word/{name}"] = members["word/document.xml"]
    members[f"word/_rels/{name}.rels"] = members.pop(RELATIONS)
    for listed in (TYPES, "_rels/.rels"):
        members[listed] = members[listed].replace(b"word/document.xml", f"word/{name}".encode())
    return archive(list(members.items()))


MISNAMED = {
    "header9.hdr": lambda: changed(
        template("{{年度}}"),
        {f"{HEADER}.hdr": BAD_HEADER, TYPES: default("hdr", f"{WORDS}.header+xml")},
    ),
    "header9.bin": lambda: changed(
        template("{{年度}}"),
        {f"{HEADER}.bin": BAD_HEADER, RELATIONS: relation("header", "header9.bin")},
    ),
    "settings.set": lambda: changed(
        template("{{年度}}"),
        {"word/settings.set": SETTINGS, RELATIONS: relation("settings", "settings.set")},
    ),
    "document.foo": lambda: main_named("document.foo"),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_part_with_words_and_another_ending_is_refused_in_words(name):
    ((code, message, suggestion),) = faults(MISNAMED[name]())
    assert code == "TEMPLATE-UNREADABLE"
    assert f"word/{name} 名称不以 .xml 结尾" in message
    assert suggestion


def test_a_text_by_another_name_is_filled_and_a_second_one_refused():
    assert "2024" in "".join(part(filled_as("text.xml"), "word/text.xml").itertext())
    second = {
        "word/second.xml": f"<w:document {SPACE}><w:body/></w:document>".encode(),
        "_rels/.rels": relation("officeDocument", "word/second.xml"),
    }
    ((code, message, _),) = faults(changed(template("{{年度}}"), second))
    assert code == "TEMPLATE-UNREADABLE"
    assert "不是普通的 Word 文档" in message


def filled_as(name):
    one = read_template(main_named(name), "模板.docx", for_unit=False)
    return one.filled(assessed_of(COUNTY), one.budget())


MICROSOFT = "http://schemas.microsoft.com/office/2011/relationships"
TELLS = f"<w:comments {SPACE}><w:comment w:author='写模板的人' w:id='1'/></w:comments>".encode()
ADDED = {  # name: how it is related, its content type, from where
    "docProps/custom.xml": (
        relation("custom-properties", "docProps/custom.xml"),
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "_rels/.rels",
    ),
    "word/comments.xml": (relation("comments", "comments.xml"), f"{WORDS}.comments+xml", RELATIONS),
    "word/commentsExtended.xml": (
        relation("commentsExtended", "/word/commentsExtended.xml", MICROSOFT),
        f"{WORDS}.commentsExtended+xml",
        RELATIONS,
    ),
    "word/people.xml": (
        relation("people", "people.xml", MICROSOFT), f"{WORDS}.people+xml", RELATIONS,
    ),
}  # fmt: skip


def with_writers():
    """A template that tells who wrote it wherever Word may say so."""
    content = changed(
        template("{{年度}}", header="{{文件状态}}"),
        {
            "docProps/app.xml": before_end(
                "<Company>写模板的人</Company><Manager>写模板的人</Manager>"
            ),
            "docProps/core.xml": lambda old: old.replace(b"python-docx", "写模板的人".encode()),
            "word/_rels/comments.xml.rels": (
                b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'/>"
            ),
        },
    )
    for name, (related, kind, source) in ADDED.items():
        here = lambda old, related=related, name=name: related(old).replace(  # noqa: E731
            b'"x9"', f'"x{len(name)}"'.encode()
        )
        content = changed(content, {name: TELLS, TYPES: override(name, kind), source: here})
    return content


def all_parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as one:
        return {name: one.read(name) for name in one.namelist()}


def test_who_wrote_the_template_stands_nowhere_in_what_is_filled():
    content = with_writers()
    assert sum("写模板的人".encode() in one for one in all_parts(content).values()) == 6
    made = all_parts(filled(content))
    assert not [name for name, one in made.items() if "写模板的人".encode() in one]
    assert not ADDED.keys() & made.keys()
    assert "word/_rels/comments.xml.rels" not in made
    told = made[TYPES] + made["_rels/.rels"] + made[RELATIONS]
    assert not [word for word in (b"omments", b"people", b"custom-") if word in told]
    assert "docProps/thumbnail.jpeg" not in made
    assert "2024" in docx.Document(io.BytesIO(filled(content))).paragraphs[0].text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_what_is_filled_without_its_writers_is_opened(tmp_path):
    put(tmp_path / "a.docx", filled(with_writers()))
    words = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    words += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(words, capture_output=True, check=True, timeout=120)
    assert "2024" in pypdf.PdfReader(tmp_path / "a.pdf").pages[0].extract_text()


MERGED = before_end(
    '<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:dataType w:val="odbc"/>'
    '<w:connectString w:val="DSN=kaoping"/><w:query w:val="SELECT * FROM a"/></w:mailMerge>'
)


@pytest.mark.parametrize("name", ["word/settings.xml", "word/other.xml"])
def test_a_source_of_mail_merge_is_refused(name):
    merged = {name: MERGED(SETTINGS.replace(b"/>", b"></w:settings>"))}
    if name != "word/settings.xml":
        merged[RELATIONS] = relation("settings", "other.xml")
    ((code, message, suggestion),) = faults(changed(template("{{年度}}"), merged))
    assert code == "TEMPLATE-CONTENT"
    assert "邮件合并" in message
    assert "普通 Word 文档" in suggestion
