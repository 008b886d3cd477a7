"""A form on a page is filled in as it was sent: every kind of field, the right form, nothing else touched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from kaoping.web.refilled import FieldProblem, PageWithForm

PAGE = """<!doctype html><html><head><title>页</title></head><body>
<form method="get" action="/a"><input name="text" value="找"></form>
<main id="main">
<details><summary>甲</summary><form method="post" action="/a?x=1">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><input type="hidden" name="person" value="1">
<input name="text" value="旧"><textarea name="more" rows="2">旧 &amp; 旧</textarea>
<select name="one"><option value="">请选</option><option selected>甲</option><option value="b">乙 &lt;</option></select>
<fieldset><legend>多选</legend><label><input type="checkbox" name="many" value="1" checked> 一</label>
<label><input type="checkbox" name="many" value="2"> 二</label></fieldset>
<label>文件 <input type="file" name="file"></label>
<details><summary>更多</summary><input type="radio" name="way" value="x" id="way-x"><input type="password" name="secret"></details>
<input name="twice" value="1"><input name="twice" value="2"><button name="go" value="y">去</button></form></details>
<form method="post" action="/a"><input type="hidden" name="person" value="2"><input name="text" value="旧"></form>
<form method="post"><input name="text" value="自己"></form>
</main></body></html>"""
SENT = {
    "csrfmiddlewaretoken": ["old"], "person": ["1"], "text": ["新"], "more": ["一\n二"], "one": ["b"],
    "many": ["2"], "way": ["x"], "secret": ["x"], "twice": ["3", "4"], "unknown": ["?"],
}  # fmt: skip
FAULTS = [
    FieldProblem("CELL-EMPTY", "文字", "太短", "写长", field="text", en="too short"),
    FieldProblem("CELL-EMPTY", "文字", "太旧", field="text"),
    FieldProblem("CELL-EMPTY", "多选", "没有选", field="many"),
    FieldProblem("CELL-EMPTY", "文件", "没有", field="file"),
    FieldProblem("CELL-EMPTY", "别处", "没有这一格", field="elsewhere"),
]


def filled(page=PAGE, action="/a", own="/p", sent=SENT, problems=FAULTS):
    again = PageWithForm(page, action, own, sent)
    return again, again.filled(problems, "<p>头</p>", "错 · ")


def read(text) -> Any:
    return html.fromstring(text)


def test_every_kind_of_field_is_as_it_was_sent():
    _, text = filled()
    page = read(text)
    form = page.forms[1]
    assert dict(form.fields) | {"twice": "", "way": ""} == {
        "csrfmiddlewaretoken": "t", "person": "1", "text": "新", "more": "一\n二", "one": "b",
        "many": {"2"}, "file": None, "secret": None, "way": "", "twice": "",
    }  # fmt: skip
    assert form.xpath(".//input[@name='twice']/@value") == ["3", "4"]
    assert form.xpath(".//input[@name='way']/@checked")
    assert form.xpath(".//details/@open"), "what was ticked is not folded away"
    assert form.xpath("ancestor::details/@open")


def test_other_forms_are_left_alone():
    _, text = filled()
    page = read(text)
    assert [one.xpath(".//input[@name='text']/@value") for one in page.forms] == [
        ["找"], ["新"], ["旧"], ["自己"],
    ]  # fmt: skip


def test_of_forms_to_one_address_it_is_the_one_with_these_hidden_fields():
    _, text = filled(sent={"person": ["2"], "text": ["新"]})
    assert [one.xpath(".//input[@name='text']/@value")[0] for one in read(text).forms] == [
        "找", "旧", "新", "自己",
    ]  # fmt: skip


def test_a_choice_without_a_value_is_its_words():
    page = PAGE.replace('<option value="b">', "<option>")
    _, text = filled(page, sent={"person": ["1"], "one": ["乙 <"]})
    assert read(text).forms[1].fields["one"] == "乙 <"


def test_a_form_without_an_address_is_sent_to_its_page():
    _, text = filled(action="/p", sent={"text": ["新"]})
    assert read(text).forms[3].xpath(".//input/@value") == ["新"]


def test_a_page_without_the_form_says_so():
    assert not PageWithForm(PAGE, "/b", "/p", {}).has_form
    assert PageWithForm(PAGE, "/b", "/p", {}).place_of("text") == ""


def test_faults_are_told_where_they_are_mended():
    again, text = filled()
    page = read(text)
    text_field = page.get_element_by_id(again.place_of("text"))
    assert (text_field.get("aria-invalid"), text_field.get("aria-describedby")) == (
        "true", "wrong-text",
    )  # fmt: skip
    assert page.get_element_by_id("wrong-text").text_content() == "太短。写长；太旧"
    assert page.get_element_by_id("wrong-many").getprevious().tag == "legend"
    assert page.get_element_by_id("wrong-file").getprevious().tag == "label"
    assert len(page.xpath("//input[@name='many'][@aria-invalid='true']")) == 2
    assert again.place_of("way") == "way-x"
    assert again.place_of("elsewhere") == ""


def test_the_head_stands_first_and_the_title_says_it():
    _, text = filled()
    assert '<main id="main"><p>头</p>' in text
    assert "<title>错 · 页</title>" in text


def test_nothing_else_is_touched():
    again = PageWithForm(PAGE, "/b", "/p", SENT)
    assert again.filled([], "", "") == PAGE


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


@pytest.mark.parametrize("name", ["text", "more"])
@given(typed=words)
def test_whatever_was_typed_comes_back(name, typed):
    _, text = filled(sent={"person": ["1"], name: [typed]}, problems=[])
    assert read(text).forms[1].fields[name] == typed
    assert len(read(text).forms) == 4
