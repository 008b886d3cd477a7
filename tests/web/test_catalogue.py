"""The English catalogue: every sentence translated, none left over, and read by gettext as it was written."""

from __future__ import annotations

import gettext
import io
import re

import pytest
from django.utils.translation import gettext as translated
from django.utils.translation import override

from kaoping.web.catalogue import catalogue_of, read_messages
from tests.architecture.pages import HAN
from tests.web.messages import CATALOGUE, messages, put_together

NAMED = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
QUOTED = re.compile("“[^”]*”")
"""What is to be typed as it stands: words of a table, examples of codes."""
SAID_IN_CHINESE = {"中文"}
"""What stays Chinese in English: the language's own name."""


@pytest.fixture(scope="module")
def english():
    found = read_messages(CATALOGUE.read_text("utf-8"))
    del found[""]
    return found


def test_every_sentence_has_an_english_one(english):
    missing = {one: places for one, places in messages().items() if not english.get(one)}
    assert missing == {}


def test_no_translation_is_left_over(english):
    assert sorted(english.keys() - messages().keys()) == []


def test_translations_are_english_and_name_the_same_things(english):
    for one, said in english.items():
        assert one in SAID_IN_CHINESE or not HAN.search(QUOTED.sub("", said)), said
        singular = one.split("\0")[0]
        for part in said.split("\0"):
            assert sorted(set(NAMED.findall(part))) == sorted(set(NAMED.findall(singular))), one


def test_sentences_are_whole_before_they_are_translated():
    assert put_together() == []


def test_sentences_are_chinese():
    """What is asked for is the Chinese sentence itself, so that Chinese needs no catalogue."""
    words = {one for one in messages() if re.search(r"[A-Za-z]{3,}", one) and not HAN.search(one)}
    assert {one for one in words if not NAMED.search(one)} <= {"English"}


def test_django_finds_them(english):
    one = next(iter(one for one in english if "\0" not in one and "%" not in one))
    with override("en"):
        assert translated(one) == english[one]
    with override("zh-hans"):
        assert translated(one) == one


# --- reading and writing --------------------------------------------------------------------------

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

# 按钮
#: desk.html
msgid "保存"
msgstr "Save"

msgid "第一行\n"
"第二行"
msgstr "Line \"one\"\n"
"line two"

msgid "%(n)s 件"
msgid_plural "%(n)s 件"
msgstr[0] "%(n)s thing"
msgstr[1] "%(n)s things"

msgid "还没有译"
msgstr ""
"""


def test_what_is_written_is_what_gettext_reads():
    read = gettext.GNUTranslations(io.BytesIO(catalogue_of(read_messages(PO))))
    assert read.gettext("保存") == "Save"
    assert read.gettext("第一行\n第二行") == 'Line "one"\nline two'
    assert read.ngettext("%(n)s 件", "%(n)s 件", 1) == "%(n)s thing"
    assert read.ngettext("%(n)s 件", "%(n)s 件", 2) == "%(n)s things"
    assert read.gettext("还没有译") == "还没有译"


@pytest.mark.parametrize("bad", ['msgid 保存\nmsgstr "Save"', 'msgid "甲\nmsgstr "A"'])
def test_a_line_out_of_form_is_named(bad):
    with pytest.raises(ValueError, match="line 1"):
        read_messages(bad)


def test_a_sentence_that_stands_twice_is_named():
    twice = 'msgid "甲"\nmsgstr "A"\n\nmsgid "甲"\nmsgstr "B"'
    with pytest.raises(ValueError, match="甲"):
        read_messages(twice)
