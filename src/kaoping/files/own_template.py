"""套用本单位模板: a docx that an office wrote with placeholders, judged, and filled in.

A template comes from somebody's machine: it is looked at as every file that is handed in, and may
fetch, run and hide nothing. All that is wrong with it is told at once. What is written keeps the
template's parts as they are, except those with words.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from xml.sax.saxutils import escape

from lxml import etree

from kaoping.core.canonical import exactly
from kaoping.core.errors import InputError
from kaoping.core.problems import Problem, counted
from kaoping.core.report.document import printable
from kaoping.core.report.placeholders import Condition, Level, Loop, Placeholder, Scope
from kaoping.core.report.template_check import Checked, check_template
from kaoping.files.archive import office_time, opened_archive
from kaoping.files.confined import Limits, confined
from kaoping.files.inner_checks import content_fault
from kaoping.files.kinds import Kind, kind_of, refuse_kind
from kaoping.files.office_parts import Parts, refusal
from kaoping.files.structure import Fault
from kaoping.files.template_package import Package
from kaoping.files.template_program import Budget, Compiler, Filling, Program
from kaoping.files.template_text import TemplateText
from kaoping.files.word_styles import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Unit

MAX_TEMPLATE = 20_000_000
"""Largest template, in bytes; most of a large one is pictures."""
_APART = Limits(processor=8, patience=30)
_OF_UNIT = frozenset({Level.GROUP, Level.UNIT})

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STORY_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
_XML_ALWAYS = frozenset({"officedocument", "settings", *_STORY_NAMES})
"""What is XML whatever its content type says, since a program may go by the relation alone."""
_EMBEDDED = frozenset({"afchunk", "oleobject", "control", "subdocument", "package", "vbaproject"})
"""Relations to what is neither text nor picture."""
_REVISIONS = re.compile(
    r"ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change|numberingChange"
)
_COMMENTS = frozenset(
    f"{W}{name}" for name in ("commentReference", "commentRangeStart", "commentRangeEnd")
)
_FETCHING = re.compile(
    r"(?<!\S)(?:INCLUDE\w*|IMPORT|LINK|DDE\w*|DATABASE|MACROBUTTON|RD|PRINT|FILLIN)\b",
    re.IGNORECASE,
)
"""Fields that read other files, ask other programs or the reader, or run something: wherever in a code."""
_HARMLESS = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTION",
        "SECTIONPAGES",
        "TOC",
        "TC",
        "REF",
        "PAGEREF",
        "NOTEREF",
        "STYLEREF",
        "SEQ",
        "LISTNUM",
        "HYPERLINK",
        "EQ",
        "SYMBOL",
        "SHAPE",
        "IF",
    ]
)
"""Fields that say nothing but what stands in the document; formulas begin with `=`."""
_FIELD_NAME = re.compile(r'\s*([^\s\\"=][^\s\\"]*|["\\])')
"""A field's name, as in `TOC\\o "1-3"`; a formula has none."""
_FIELDS = frozenset(f"{W}{name}" for name in ("instrText", "fldChar", "fldSimple"))
_MOST_FIELDS_NAMED, _LONGEST_FIELD, _LONGEST_NAME = 8, 20, 60
_NOTES = frozenset(f"{W}{name}" for name in ("footnoteReference", "endnoteReference"))
_DRAWN = ("word/charts/", "word/diagrams/")
_OUT_OF_REACH = ("图形、公式或域里有花括号标记，那里不能填写", "请移到正文、表格或文本框里")
_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_CORE, _PROGRAM = "core-properties", "extended-properties"
_TELLING = frozenset(
    {
        "custom-properties",
        "people",
        "comments",
        "commentsextended",
        "commentsids",
        "commentsextensible",
        "classificationlabels",
        "thumbnail",
    }
)
"""Parts that tell who wrote the template, and nothing that is read on its pages."""
_NO_PROGRAM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What is said of a template: everything wrong with it, and the names it uses with their counts."""

    problems: tuple[Problem, ...]
    uses: tuple[tuple[str, int], ...]


def look_at_template(content: bytes, name: str, *, for_unit: bool) -> TemplateReport:
    """Judge a template, in a process of its own: for files of strangers.

    Args:
        content: the file.
        name: its name, for places.
        for_unit: whether the whole of it is about one unit, as where it is filled for each.

    Raises:
        EnvironmentFault: where no process can be started.
    """
    try:
        told = confined(_told, content, name, for_unit, about=name, limits=_APART)
    except InputError as error:
        return TemplateReport((_unreadable(name, error),), ())
    problems, uses = cast(tuple[list[tuple[str, str, str, str]], list[tuple[str, int]]], told)
    return TemplateReport(
        tuple(Problem(*words) for words in problems), tuple((one, count) for one, count in uses)
    )


def _told(content: bytes, name: str, for_unit: bool) -> object:
    report = _Reading(content, name, for_unit=for_unit).report()
    problems = [(p.code, p.where, p.message, p.suggestion) for p in report.problems]
    return problems, report.uses


def read_template(content: bytes, name: str, *, for_unit: bool) -> OwnTemplate:
    """A template that can be filled in.

    Args:
        content: the file.
        name: its name, for places.
        for_unit: whether the whole of it is about one unit.

    Raises:
        InputError: with everything that is wrong with it.
    """
    reading = _Reading(content, name, for_unit=for_unit)
    problems = reading.report().problems
    if problems:
        raise InputError(
            f"{name}：模板有 {len(problems)} 处错误，全部列在下面；没有套用。",
            f"{name}: the template has {counted(len(problems), 'fault')}, all listed below; it was not used.",
            problems,
        )
    return reading.template()


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A template ready to be filled in.

    Attributes:
        name: its name, for messages.
        parts: by their names, as bytes; those with words as programs, and None for the one that tells who
            made the file and when.
    """

    name: str
    parts: tuple[tuple[str, bytes | Program | None], ...]

    def budget(self, copies: int = 1) -> Budget:
        """What all copies together may come to."""
        return Budget(self.name, copies)

    @exactly
    def filled(self, assessed: Assessed, budget: Budget, unit: Unit | None = None) -> bytes:
        """The template with the results of an assessment in it, as docx.

        Args:
            assessed: the assessment; its time stands in the file.
            budget: what may still be written; it is spent.
            unit: whom it is about, for a template of one unit.

        Raises:
            InputError: where it becomes too large.
        """
        scope = Scope(assessed)
        scope = scope if unit is None else scope.for_unit(unit)
        stream = io.BytesIO()
        with opened_archive(stream, assessed.made_at) as add:
            for name, part in self.parts:
                with add(name) as out:
                    if part is None:
                        out.write(_properties(assessed))
                    elif isinstance(part, bytes):
                        budget.spend(len(part))
                        out.write(part)
                    else:
                        with Filling(out.write, budget) as filling:
                            filling.fill(part, scope)
        return stream.getvalue()


def _properties(assessed: Assessed) -> bytes:
    """Who made it and when, in place of whoever wrote the template."""
    at = f"{office_time(assessed.made_at):%Y-%m-%dT%H:%M:%SZ}"
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{at}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:creator>{escape(printable(assessed.scheme.issuer))}</dc:creator>"
        f"<dc:language>zh-CN</dc:language>{times}</cp:coreProperties>"
    ).encode()


# --- reading ---------------------------------------------------------------------------------------


class _Reading:
    """A template being read: its parts, its text, and what is wrong with both."""

    def __init__(self, content: bytes, name: str, *, for_unit: bool) -> None:
        self._name = name
        self._problems: list[Problem] = []
        self._trees: dict[str, etree._Element] = {}
        self._text = TemplateText()
        self._checked = Checked((), (), ())
        try:
            self._parts = _opened(content, name)
            self._package = Package(self._parts)
            self._read_parts()
        except InputError as error:
            self._problems = [_unreadable(name, error)]
            return
        self._check(_OF_UNIT if for_unit else frozenset())

    def report(self) -> TemplateReport:
        """What is wrong, and what is used."""
        uses: dict[str, int] = {}
        for mark in self._checked.marks:
            if isinstance(mark.meaning, Placeholder | Loop | Condition):
                uses[mark.meaning.name] = uses.get(mark.meaning.name, 0) + 1
        return TemplateReport(tuple(self._problems), tuple(uses.items()))

    def template(self) -> OwnTemplate:
        """The template, where nothing is wrong; the reading is spent."""
        compiler = Compiler(self._text, self._checked)
        stories = {part: compiler.cut(root) for part, root in self._trees.items()}
        telling = [
            name
            for name in self._parts.names
            if name not in stories and not _TELLING.isdisjoint(self._package.kinds(name))
        ]
        changed = self._package.without(telling)
        return OwnTemplate(
            self._name,
            tuple(
                (name, stories.get(name) or self._plain(name, changed))
                for name in self._parts.names
                if changed.get(name, b"") is not None
            ),
        )

    def _plain(self, name: str, changed: Mapping[str, bytes | None]) -> bytes | None:
        """A part without words as it is written; None where it depends on what is filled in."""
        if _CORE in self._package.kinds(name):
            return None
        if _PROGRAM in self._package.kinds(name):
            return _NO_PROGRAM
        return changed.get(name) or self._parts.content(name)

    def _read_parts(self) -> None:
        """Every part in XML is read, so that none hides what must not be; those with words are kept."""
        stories = self._stories(self._package)
        self._check_relations(self._package)
        for name in self._parts.names:
            if not name.casefold().endswith(".xml"):
                continue
            tree = self._parts.tree(name)
            if next(tree.iter(f"{W}mailMerge"), None) is not None:
                self._refuse(
                    "设有邮件合并的数据源（打开时会连接数据库或读取别的文件）",
                    "请在“邮件”里点“开始邮件合并”，选“普通 Word 文档”，再保存",
                )
            if name in stories:
                self._trees[name] = tree
            elif name.startswith(_DRAWN) and any("{{" in text for text in tree.itertext()):
                self._refuse(*_OUT_OF_REACH)
        for name, kind in stories.items():
            for story in _holders_of_text(self._trees[name], kind):
                self._text.read(story, _STORY_NAMES.get(kind, ""))
            self._clean(self._trees[name])

    def _stories(self, package: Package) -> Mapping[str, str]:
        """The parts with words by name, and what they are; the text itself first."""
        names = self._parts.names
        mains = [name for name in names if _is_main(package, name)]
        if len(mains) != 1 or package.types[mains[0]] != _MAIN:
            raise refusal(self._name, Fault("不是普通的 Word 文档（docx）", "it is no plain docx"))
        for name in names:
            if _is_xml(package, name) and not name.casefold().endswith((".xml", ".rels", ".vml")):
                told = printable(name)[:_LONGEST_NAME]
                zh = f"里面的部件 {told} 名称不以 .xml 结尾，不是办公软件写的"
                raise refusal(self._name, Fault(zh, f"its part {told} does not end in .xml"))
        if b"purl.oclc.org/ooxml" in self._parts.content(mains[0]):
            words = Fault("是“严格”格式的 docx", "it is a docx of the strict kind")
            raise refusal(self._name, words)
        found = {mains[0]: "document"}
        for name in names:
            kinds = (kind for kind in _STORY_NAMES if kind in package.kinds(name))
            found.setdefault(name, next(kinds, ""))
        return {name: kind for name, kind in found.items() if kind}

    # --- what must not be in it ------------------------------------------------------------------

    def _check_relations(self, package: Package) -> None:
        if any(kind in _EMBEDDED for kind in package.relations()):
            self._refuse(
                "嵌有别的文件或控件（如 Excel 表格、对象、图表的数据）",
                "请删除，或另存为图片再插入",
            )

    def _check(self, about: frozenset[Level]) -> None:
        for root in self._trees.values():
            self._check_content(root)
        self._checked = check_template(self._text.passages, about)
        self._check_notes()
        placed = (*dict.fromkeys(self._problems), *self._checked.problems)
        self._problems = [
            Problem(p.code, f"{self._name} {p.where}".strip(), p.message, p.suggestion)
            for p in placed
        ]

    def _check_content(self, root: etree._Element) -> None:
        fields = _Fields()
        for element in root.iter(etree.Element):
            tag = element.tag
            if tag.startswith(W) and _REVISIONS.fullmatch(tag.removeprefix(W)):
                self._refuse("有没有接受的修订", "请在“审阅”里接受全部修订，并关闭修订，再保存")
            elif tag in _COMMENTS:
                self._refuse("有批注", "请在“审阅”里删除全部批注，再保存")
            elif tag == f"{W}altChunk":
                self._refuse("引入了别的文件", "请把内容粘贴进来，再保存")
            elif tag in _FIELDS:
                fields.read(element)
            elif "{{" in (element.text or "") and not self._text.can_fill(element):
                self._refuse(*_OUT_OF_REACH)
            elif any("{{" in str(value) for value in element.attrib.values()):
                self._refuse(*_OUT_OF_REACH)  # words of WordArt, a picture's description
        refused = fields.refused()
        if refused:
            self._refuse(
                f"有不能用的域：{'、'.join(refused)}（会读取别的文件、弹出询问，或写出人名、路径、时间）",
                "请选中该域按 Ctrl+Shift+F9 变成文字，或改写成占位符，再保存",
            )

    def _check_notes(self) -> None:
        """A footnote must not be repeated: what refers to it stands for one place."""
        for region in self._checked.regions:
            elements = self._text.between(region)
            if any(True for element in elements for _ in element.iter(*_NOTES)):
                self._refuse(
                    f"“{region.what.name}”里有脚注或尾注，不能重复", "请移到循环和条件外面",
                    region.begin.passage.where,
                )  # fmt: skip

    def _refuse(self, message: str, suggestion: str, where: str = "") -> None:
        self._problems.append(Problem("TEMPLATE-CONTENT", where, f"模板里{message}", suggestion))

    def _clean(self, root: etree._Element) -> None:
        """Take away what would be wrong once it stands twice, or would write over what is filled in."""
        for element in list(root.iter(f"{W}proofErr", f"{W}dataBinding")):
            _take_away(element)
        for control in list(root.iter(f"{W}sdtPr")):
            for identity in control.findall(f"{W}id"):
                control.remove(identity)
        for element in root.iter(f"{W}p", f"{W}tr"):
            for attribute in (f"{_WORD_2010}paraId", f"{_WORD_2010}textId"):
                if attribute in element.attrib:
                    del element.attrib[attribute]


class _Fields:
    """The codes of the fields of a part; one may be spread over runs, and hold other fields."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._codes: list[list[str]] = []
        self._all: list[str] = []

    def read(self, element: etree._Element) -> None:
        """The next element of a field: where one begins or ends, or a piece of a code."""
        if element.tag == f"{W}fldSimple":
            self._codes.append([element.get(f"{W}instr", "")])
            self._all.append(f" {element.get(f'{W}instr', '')} ")
        elif element.tag == f"{W}instrText":
            text = element.text or ""
            self._all.append(text)
            if not self._open:  # a code of no field: as if it were one
                self._begin()
            self._open[-1].append(text)
        else:
            self._all.append(" ")
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                self._begin()
            elif kind == "end" and self._open:
                self._open.pop()

    def _begin(self) -> None:
        self._open.append([])
        self._codes.append(self._open[-1])

    def refused(self) -> list[str]:
        """The names of those that are not harmless, each once, as they are told.

        What fetches or asks is looked for in all codes as well: begins and ends may stand where one program
        reads them and another does not, so that a code seems to be part of another.
        """
        codes = (_FIELD_NAME.match("".join(code)) for code in self._codes)
        names = (code[1].upper() for code in codes if code)
        found = [name for name in names if name not in _HARMLESS]
        found += (name.upper() for name in _FETCHING.findall("".join(self._all)))
        told = dict.fromkeys(printable(name)[:_LONGEST_FIELD] for name in found)
        return list(told)[:_MOST_FIELDS_NAMED]


def _opened(content: bytes, name: str) -> Parts:
    """The parts of a docx that is safe to open."""
    if len(content) > MAX_TEMPLATE:
        raise InputError(
            f"{name}：模板超过 {MAX_TEMPLATE // 1_000_000} MB。请压缩里面的图片。",
            f"{name}: larger than {MAX_TEMPLATE // 1_000_000} MB. Make its pictures smaller.",
        )
    kind = kind_of(content)
    if kind is Kind.PROTECTED:
        raise refuse_kind(kind, name)
    if kind is not Kind.DOCX:
        zh, en = kind.value
        raise InputError(
            f"{name}：这是{zh}，不是 docx 文档。请用 Word 或 WPS 打开后另存为 docx。",
            f"{name}: {en}, no docx document. Open it in Word or WPS and save it as docx.",
        )
    fault = content_fault("docx", io.BytesIO(content))
    if fault is not None:
        raise refusal(name, fault)
    return Parts(content, name)


def _is_main(package: Package, name: str) -> bool:
    return "officedocument" in package.kinds(name) or package.types[name] == _MAIN


def _is_xml(package: Package, name: str) -> bool:
    kind = package.types[name]
    is_said = kind.endswith(("+xml", "/xml")) and not kind.startswith("image/")
    return is_said or not _XML_ALWAYS.isdisjoint(package.kinds(name))


def _holders_of_text(root: etree._Element, kind: str) -> Iterator[etree._Element]:
    """The elements of a part that hold paragraphs, each a story of its own."""
    if kind == "document":
        yield from root.iterchildren(f"{W}body")
    elif kind in ("footnotes", "endnotes"):
        yield from root.iterchildren(etree.Element)
    else:
        yield root


def _unreadable(name: str, error: InputError) -> Problem:
    message, _, suggestion = error.zh.removeprefix(f"{name}：").partition("。")
    return Problem("TEMPLATE-UNREADABLE", name, message, suggestion.rstrip("。"))


def _take_away(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
