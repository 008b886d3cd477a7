"""Notices as files: encodings, web pages of government sites, and what is refused."""

import os
from itertools import groupby

import pytest

from kaoping.core.errors import InputError
from kaoping.core.notice.reading import read_notice
from kaoping.files.documents import html_lines, read_lines
from tests.core.notice.facts import NAMES, expected_facts, lines_of, read_facts, value


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding_offices_use(tmp_path, encoding):
    path = write(tmp_path, "notice.txt", "关于考核的通知\r\n各单位:\r\n".encode(encoding))
    assert read_lines(path) == ["关于考核的通知", "各单位:"]


def refused(path):
    with pytest.raises(InputError) as caught:
        read_lines(path)
    assert caught.value.zh != caught.value.en
    return caught.value


def test_a_missing_file_is_refused(tmp_path):
    assert "找不到" in refused(tmp_path / "没有.txt").zh


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "notice.txt").mkdir()
    assert "文件夹" in refused(tmp_path / "notice.txt").zh


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    assert "没有文字" in refused(write(tmp_path, "notice.txt", content)).zh


def test_a_file_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("kaoping.files.documents.MAX_BYTES", 3_000_000)
    path = write(tmp_path, "notice.txt", b"a" * 3_000_001)
    assert "3 MB" in refused(path).zh


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path, "notice.txt", b"half of")
    told = os.fstat

    def grown(handle):
        status = told(handle)
        write(tmp_path, "notice.txt", b"half of it, and the rest")
        return status

    monkeypatch.setattr("kaoping.files.documents.os.fstat", grown)
    assert "变化" in refused(path).zh


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "notice.txt")
    assert "特殊文件" in refused(tmp_path / "notice.txt").zh


@pytest.mark.parametrize("name", ["notice.docx", "notice.pdf", "notice.exe"])
def test_other_kinds_are_refused_by_name(tmp_path, name):
    error = refused(write(tmp_path, name, b"x"))
    assert "txt" in error.zh
    assert "html" in error.en


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"a\0b"])
def test_other_kinds_are_refused_by_what_they_are(tmp_path, content):
    refused(write(tmp_path, "notice.txt", content))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path):
    path = write(tmp_path, "notice.txt", b"x")
    path.chmod(0)
    assert "权限" in refused(path).zh


# --- web pages -----------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><title>网站</title><meta charset="{charset}"><style>p{{}}</style>
</head><body><div class="top-nav"><ul><li>首页</li><li>政务公开</li></ul></div>
<div class="wrap"><div>当前位置:首页 &gt; 通知</div>
<table class="meta"><tr><td>发文字号:</td><td>某发〔2024〕1号</td></tr></table>
<div id="zoom">{body}</div></div>
<script>var a = "二、假的内容。";</script><div style="display: none">隐藏。</div>
<div class="footer">版权所有。网站标识码。</div></body></html>"""


def paragraphs(lines):
    return "".join(f"<p>{line}</p>" for line in lines if line.strip())


def test_a_page_gives_the_notice_and_its_labels():
    lines = html_lines(
        PAGE.format(charset="utf-8", body=paragraphs(["关于考核的通知", "各单位:", "一、对象。"]))
    )
    assert "发文字号: | 某发〔2024〕1号" in lines
    assert lines[-3:] == ["关于考核的通知", "各单位:", "一、对象。"]
    assert not {"首页", "隐藏。", "版权所有。网站标识码。"} & set(lines)


def test_the_document_number_of_a_page_is_read():
    lines = html_lines(
        PAGE.format(
            charset="utf-8", body=paragraphs(["某局关于考核的通知", "各单位:", "一、对象。"])
        )
    )
    assert value(read_notice(lines).document_number) == "某发〔2024〕1号"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_pages_in_both_encodings(tmp_path, charset):
    text = PAGE.format(charset=charset, body="<p>各单位:<br>正文。</p>")
    path = write(
        tmp_path, "notice.html", text.encode("gb18030" if charset == "gb2312" else charset)
    )
    assert read_lines(path)[-2:] == ["各单位:", "正文。"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notice_as_a_page_reads_like_its_text(name):
    body = ""
    for is_row, run in groupby(lines_of(name), key=lambda line: " | " in line):
        if is_row:
            cells = ([f"<td><p>{cell}</p></td>" for cell in line.split("|")] for line in run)
            body += "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in cells) + "</table>"
        else:
            body += "".join(f"<p><span>{line}</span></p>" for line in run)
    read = read_facts(read_notice(html_lines(f"<html><body>{body}</body></html>")))
    assert read == expected_facts(name)


def test_rows_of_a_table_are_lines():
    table = (
        "<table><tr><th>指标</th><th>科室</th></tr>"
        "<tr><td rowspan='2'>甲</td><td><p>一科</p></td></tr><tr><td>二<br>科</td></tr></table>"
    )
    assert html_lines(f"<p>前</p>{table}<p>后</p>") == [
        "前",
        "指标 | 科室",
        "甲 | 一科",
        "甲 | 二 科",
        "后",
    ]


def test_a_table_that_lays_out_a_page_is_no_table():
    page = "<table><tr><td>" + "<p>一段。</p>" * 200 + "</td></tr></table>"
    assert html_lines(page) == ["一段。"] * 200


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE a [<!ENTITY b "字字字字"><!ENTITY c "&b;&b;">]><p>&c;文。</p>'
    assert "".join(html_lines(bomb)).count("字") == 0


def test_nothing_outside_is_read(tmp_path):
    secret = write(tmp_path, "secret.txt", "秘密。".encode())
    page = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><p>&x;文。</p><iframe src="{secret}"></iframe>'
    assert "秘密" not in "".join(html_lines(page))


def test_a_deeply_nested_page_ends():
    assert isinstance(html_lines("<div>" * 50_000 + "字。"), list)


@pytest.mark.parametrize("text", ["", "<!-- -->", "<html></html>"])
def test_a_page_without_words_has_no_lines(text):
    assert html_lines(text) == []


BODY = "<h1>某局关于考核的通知</h1><p>各单位：</p><p>现通知如下。</p><p>一、对象。</p><p>二、时间。</p>"


@pytest.mark.parametrize(
    "wrapped",
    [
        '<div class="article-nav-content"><div class="main foot-wrap">{}</div></div>',
        '<form id="form1">{}</form>',
        '<div id="share">{}</div>',
    ],
)
def test_what_holds_most_of_the_text_is_never_furniture(wrapped):
    page = wrapped.format(BODY) + '<div class="foot">版权所有。</div>'
    lines = html_lines(f"<html><body>{page}</body></html>")
    assert "各单位：" in lines
    assert "版权所有。" not in lines


def test_a_menu_of_many_links_and_a_footer_of_many_sentences_go():
    menu = '<div class="nav">' + '<a href="#">政务公开目录和办事指南</a>' * 50 + "</div>"
    foot = '<div class="footer">' + "转载请注明。" * 5 + "</div>"
    lines = html_lines(
        f"<html><body>{menu}<div>{BODY}{'<p>正文内容</p>' * 9}</div>{foot}</body></html>"
    )
    assert not any("政务公开" in line or "转载" in line for line in lines)
    assert "二、时间。" in lines


def test_hidden_words_go_however_many_they_are():
    page = f'<div style="display:none">{BODY}</div><p>看得见。</p>'
    assert html_lines(f"<html><body>{page}</body></html>") == ["看得见。"]


@pytest.mark.parametrize("label", ["文号", "文　　号", "文 号"])
def test_labels_that_stand_beside_the_article_are_kept(label):
    info = f"<div><div>{label}：</div><div>某发〔2024〕1号</div></div>"
    lines = html_lines(f"<html><body>{info}<div>{BODY}</div></body></html>")
    assert value(read_notice(lines).document_number) == "某发〔2024〕1号"
