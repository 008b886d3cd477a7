"""方案中的位置: `indicator[1].task[1.1].rule`, where it stands in the text, and how a person says it.

Problems and changes name places of a scheme by its keys. Here such a place is found in the TOML text
(the line it begins in, the block around it) and put into Chinese words. Texts that are no TOML are
walked as far as they go; a wrong guess shows a neighbouring line and changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEY = re.compile(r"[^.\[\]]+")
_LINE = re.compile(r"第 (?P<number>[0-9]{1,9}) 行")
_LABELS = ("id", "name", "unit", "task", "code", "where")

KEY_NAMES: Mapping[str, str] = {
    "format": "格式标记",
    "title": "方案名称",
    "document_number": "发文字号",
    "issuer": "发文单位",
    "issue_date": "成文日期",
    "year": "考评年度",
    "data_cutoff": "数据截止时间",
    "places": "小数位数",
    "ties": "并列的处理",
    "not_applicable": "不涉及的处理",
    "totals": "总分",
    "late": "逾期的处理",
    "addressees": "主送单位",
    "requirements": "工作要求",
    "annexes": "附件",
    "step": "环节",
    "steps": "环节",
    "kind": "种类",
    "due": "截止日期",
    "from": "起",
    "start": "开始日期",
    "inputs": "所用数据",
    "section": "科室",
    "sections": "科室",
    "unit": "单位",
    "units": "被考评单位",
    "aliases": "简称",
    "group": "组别",
    "grade": "等次",
    "grades": "等次",
    "lowest": "起始分",
    "indicator": "指标",
    "indicators": "指标",
    "id": "编号",
    "name": "名称",
    "points": "分值",
    "scale": "任务分值合计",
    "cap": "最高分",
    "floor": "最低分",
    "lead_unit": "牵头单位",
    "responsible_section": "责任科室",
    "cooperating_sections": "配合科室",
    "cooperating_units": "配合单位",
    "scope": "牵头范围",
    "contact": "责任分工",
    "responsible_leader": "责任领导",
    "responsible_person": "责任人",
    "liaison": "联络员",
    "telephone": "联系电话",
    "mailbox": "邮箱",
    "task": "任务",
    "tasks": "任务",
    "standard": "完成标准",
    "bonus": "加分项",
    "period": "考核期间",
    "first": "首个",
    "last": "最后一天",
    "data_owner": "数据提供单位",
    "rule": "评分办法",
    "veto": "一票否决",
    "effect": "效果",
    "authority": "认定机关",
    "verification_standard": "核验标准",
    "value": "数值",
    "unit_of_measure": "计量单位",
    "decimals": "小数位数",
    "max": "最大值",
    "catalogue": "台账目录",
    "required": "必备",
    "assignment": "任务分解",
    "assignments": "任务分解",
    "target": "目标值",
    "targets": "分项目标值",
    "of": "应完成项数",
    "state": "状态",
    "accepted": "已接受的问题",
    "code": "代码",
    "where": "位置",
    "reason": "理由",
    "by": "接受人",
    "case": "算例",
    "bands": "分档",
    "below": "至（不含）",
    "lower": "起（含）",
    "upper": "至（不含）",
    "to": "至（含）",
    "lines": "计次项",
    "each": "每次",
    "parts": "分项",
    "weight": "权重",
    "up": "高于目标",
    "down": "低于目标",
    "per": "每",
    "whole": "只计整步",
    "measure": "比较",
    "otherwise": "否时得分",
    "order": "次序",
    "low": "下限",
    "high": "上限",
    "base": "基础分",
    "span": "浮动分",
    "score": "公式",
    "zero_below": "低于此比例得零分",
    "lower_is_better": "越低越好",
    "treatment": "办法",
    "share": "比例",
    "text": "公式",
}
"""What a key of a scheme file, or a field of its records, is called."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of a place: a key, and which of several; `label` is empty where there is one."""

    key: str
    label: str = ""


def marks_of(place: str) -> tuple[Mark, ...]:
    """The steps of a place; none for the whole. A label may itself hold brackets."""
    marks, at = [], 0
    while found := _KEY.match(place, at):
        label, at = _label(place, found.end())
        marks.append(Mark(found.group(), label))
        at += place[at : at + 1] == "."
    return tuple(marks)


def _label(place: str, start: int) -> tuple[str, int]:
    """What stands in the brackets that open there, and where they end; empty where none open."""
    if place[start : start + 1] != "[":
        return "", start
    depth = 0
    for at in range(start, len(place)):
        depth += (place[at] == "[") - (place[at] == "]")
        if depth == 0:
            return place[start + 1 : at], at + 1
    return place[start + 1 :], len(place)


def place_words(place: str) -> str:
    """指标 1 › 任务 1.1 › 评分办法; a line (`第 12 行`) and the whole (全文) as they are."""
    if not place:
        return "全文"
    if place == "文件末尾" or _LINE.fullmatch(place):
        return place
    return " › ".join(map(_word, marks_of(place)))


def _word(mark: Mark) -> str:
    label = mark.label
    # One of the scheme's units; without a label it is the list of a task's.
    key = "unit" if label and mark.key == "units" else mark.key
    name = KEY_NAMES.get(key, key)
    if label.startswith("#") and label[1:].isdigit():
        return f"{name}第{label[1:]}条"
    return f"{name} {label}" if label else name


# --- where it stands in the text ------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A key or an element in the text, with what it may be called."""

    marks: tuple[tuple[str, _Labels], ...]
    line: int


@dataclass
class SchemeLines:
    """Where the places of one text stand.

    Attributes:
        text: the TOML text.
    """

    text: str
    _nodes: list[_Node] = field(init=False)
    _heads: list[int] = field(init=False)

    def __post_init__(self) -> None:
        walk = _Walk(self.text)
        self._nodes, self._heads = walk.nodes, walk.heads
        self._by_last: dict[str, list[_Node]] = {}
        for node in self._nodes:
            self._by_last.setdefault(node.marks[-1][0], []).append(node)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self.text.count("\n") + 1

    def line_of(self, place: str) -> int | None:
        """The line, from 1, in which a place begins, or else the nearest thing around it.

        None for the whole text and for what is nowhere in it.
        """
        told = _LINE.fullmatch(place)
        if told:
            return max(1, min(int(told["number"]), self.count))
        if place == "文件末尾":
            return self.count
        marks = marks_of(place)
        for length in range(len(marks), 0, -1):
            for node in self._by_last.get(marks[length - 1].key, ()):
                if _ends_with(node, marks[:length]):
                    return node.line
        return None

    def block_at(self, line: int) -> tuple[int, int]:
        """The first and last line of the table around a line: from its `[head]` to the next one."""
        before = [head for head in self._heads if head <= line]
        after = [head for head in self._heads if head > line]
        return (before[-1] if before else 1), (after[0] - 1 if after else self.count)


def _ends_with(node: _Node, marks: tuple[Mark, ...]) -> bool:
    if len(node.marks) < len(marks):
        return False
    tail = node.marks[-len(marks) :]
    return all(
        key == mark.key and (not mark.label or mark.label in labels)
        for (key, labels), mark in zip(tail, marks, strict=True)
    )


_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|\#[^\n]*)|(?P<line>\n)"
    r'|(?P<long>"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\')'
    r'|(?P<short>"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\')'
    r"|(?P<sign>\[\[|\]\]|[\[\]{},=.])|(?P<bare>[^\s\"'\[\]{},=.\#]+|.)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    line: int


class _Walk:
    """A walk over a text that notes every key and element; what is no TOML is stepped over."""

    def __init__(self, text: str) -> None:
        self.nodes: list[_Node] = []
        self.heads: list[int] = []
        self._tokens = list(_tokens(text))
        self._at = 0
        self._table: tuple[_Entry, ...] = ()
        self._counts: dict[tuple[int, str], int] = {}
        self._open: dict[tuple[str, ...], _Entry] = {}
        while self._at < len(self._tokens):
            self._statement()

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _statement(self) -> None:
        token = self._peek()
        if token.kind == "line":
            self._at += 1
        elif token.text in ("[", "[["):
            self._head()
        else:
            self._pair(self._table, ("line",))

    def _head(self) -> None:
        """`[a.b]` or `[[a.b]]`: the table that the following keys stand in."""
        opened = self._next()
        self.heads.append(opened.line)
        keys = self._keys()
        is_list = opened.text == "[["
        path: tuple[_Entry, ...] = ()
        for depth, key in enumerate(keys, 1):
            name = tuple(keys[:depth])
            if depth == len(keys) and is_list:
                for known in [other for other in self._open if other[:depth] == name]:
                    del self._open[known]
                self._open[name] = self._element(path, key, opened.line)
            elif name not in self._open:
                self._open[name] = self._entry(path, key, opened.line)
            path = (*path, self._open[name])
        self._table = path
        self._to_line_end()

    def _keys(self) -> list[str]:
        """The keys of `a.b."c"`, up to whatever is no key."""
        keys = []
        while self._peek().kind in ("bare", "short"):
            keys.append(_plain(self._next()))
            if self._peek().text != ".":
                break
            self._at += 1
        return keys

    def _to_line_end(self) -> None:
        while self._peek().kind not in ("line", "end"):
            self._at += 1

    def _pair(self, table: tuple[_Entry, ...], ends: tuple[str, ...]) -> None:
        """`key = value`; what is none is skipped up to an end, or by one token at least."""
        start, line = self._at, self._peek().line
        path = table
        for key in self._keys():
            path = (*path, self._entry(path, key, line))
        if self._peek().text != "=":
            while self._peek().kind not in (*ends, "end") and self._peek().text not in ends:
                self._at += 1
            self._at = max(self._at, start + 1)
            return
        self._at += 1
        value = self._value(path)
        if len(path) - len(table) == 1 and table and value is not None:
            table[-1].learn(path[-1].key, value)

    def _value(self, path: tuple[_Entry, ...]) -> str | None:
        """Step over a value; a text is given back, so that it may serve as a name."""
        token = self._next()
        if token.text == "{":
            self._inline_table(path)
        elif token.text in ("[", "[["):
            self._array(path)
            if token.text == "[[":
                self._array(path)
        elif token.kind in ("short", "long"):
            return _plain(token)
        else:
            while self._peek().kind == "bare" or self._peek().text == ".":
                self._at += 1
        return None

    def _inline_table(self, path: tuple[_Entry, ...]) -> None:
        while self._peek().kind != "end" and self._peek().text != "}":
            if self._peek().kind == "line" or self._peek().text == ",":
                self._at += 1
            else:
                self._pair(path, (",", "}", "line"))
        self._at += 1

    def _array(self, path: tuple[_Entry, ...]) -> None:
        while self._peek().kind != "end" and self._peek().text not in ("]", "]]"):
            token = self._peek()
            if token.kind == "line" or token.text in (",", "=", "}", "."):
                self._at += 1
            elif token.text == "{" and path:
                element = self._element(path[:-1], path[-1].key, token.line)
                self._value((*path[:-1], element))
            else:
                self._value(path)
        if (
            self._peek().text == "]]"
        ):  # of an array within an array: the other half is still to come
            self._tokens[self._at] = _Token("sign", "]", self._peek().line)
            return
        self._at += 1

    def _entry(self, path: tuple[_Entry, ...], key: str, line: int) -> _Entry:
        entry = _Entry(key)
        self._note((*path, entry), line)
        return entry

    def _element(self, path: tuple[_Entry, ...], key: str, line: int) -> _Entry:
        counted = (id(path[-1]) if path else 0, key)
        self._counts[counted] = self._counts.get(counted, 0) + 1
        entry = _Entry(key, self._counts[counted])
        self._note((*path, entry), line)
        return entry

    def _note(self, path: tuple[_Entry, ...], line: int) -> None:
        self.nodes.append(_Node(tuple((one.key, one.labels) for one in path), line))


class _Entry:
    """A key on the way to a place; its labels become known as its own keys are read."""

    __slots__ = ("_words", "key", "labels")

    def __init__(self, key: str, position: int = 0) -> None:
        self.key = key
        self.labels = _Labels({f"#{position}", str(position)} if position else ())
        self._words: dict[str, str] = {}

    def learn(self, key: str, value: str) -> None:
        """Take a text of the table as one of its names."""
        if key in _LABELS:
            words = self._words
            words[key] = value
            self.labels.add(value)
            self.labels.add(f"{words.get('unit', '')} {words.get('task', '')}")
            self.labels.add(f"{words.get('code', '')} {words.get('where', '')}")


class _Labels(set[str]):
    """What an entry may be called; shared by every place that leads through it."""


_END = _Token("end", "", 0)


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind != "space":
            yield _Token(kind, found.group(), line)
        line += found.group().count("\n")


def _plain(token: _Token) -> str:
    if token.kind == "long":
        return token.text[3:-3]
    if token.kind == "short":
        inner = token.text[1:-1]
        return _ESCAPED.sub(r"\1", inner) if token.text[0] == '"' else inner
    return token.text
