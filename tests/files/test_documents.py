"""Notices as files: encodings, web pages of government sites, and what is refused."""

import os
import zipfile
from itertools import groupby

import pytest

from kaoping.core.errors import InputError
from kaoping.core.notice.reading import read_notice
from kaoping.core.original import Original
from kaoping.files.documents import read_original
from kaoping.files.web_pages import html_lines, read_page
from tests.core.notice.facts import NAMES, expected_facts, lines_of, read_facts, value
from tests.files.samples import EXE, PNG, archive, encrypted, put, xlsx
from tests.files.word_samples import document, paragraph


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding_offices_use(tmp_path, encoding):
    path = write(tmp_path, "notice.txt", "关于考核的通知\r\n各单位:\r\n".encode(encoding))
    assert read_original(path).lines == ("关于考核的通知", "各单位:")


def refused(path):
    with pytest.raises(InputError) as caught:
        read_original(path)
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

    monkeypatch.setattr("kaoping.files.contents.os.fstat", grown)
    assert "变化" in refused(path).zh


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "notice.txt")
    assert "特殊文件" in refused(tmp_path / "notice.txt").zh


@pytest.mark.parametrize("name", ["notice.docx", "notice.pdf", "notice.exe"])
def test_other_kinds_are_refused_by_name(tmp_path, name):
    error = refused(write(tmp_path, name, b"x"))
    assert "notice.txt" in error.zh
    assert "notice.txt" in error.en


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
    assert read_original(path).lines[-2:] == ("各单位:", "正文。")


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


def test_a_page_that_nests_too_deep_is_refused_and_never_cut():
    with pytest.raises(InputError, match="嵌套过深"):
        html_lines("<div>" * 50_000 + "字。")


def test_tags_left_open_on_every_line_lose_no_line():
    lines = [f"第{number}行，各科室按时报送。" for number in range(1, 401)]
    page = "".join(f"<font size=3><b>{line}<br>\n" for line in lines)
    assert html_lines(f"<html><body>{page}</body></html>") == lines
    assert html_lines("<div>" * 300 + "".join(f"<p>{line}</p>" for line in lines)) == lines


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


@pytest.mark.parametrize(
    ("wide", "grid", "lines"),
    [
        ("colspan='2'", [["类", "甲", "甲"], ["类", "乙", "丙"]], ["类 | 甲", "类 | 乙 | 丙"]),
        ("colspan='0'", [["类", "甲", ""], ["类", "乙", "丙"]], ["类 | 甲 |", "类 | 乙 | 丙"]),
        ("colspan='x'", [["类", "甲", ""], ["类", "乙", "丙"]], ["类 | 甲 |", "类 | 乙 | 丙"]),
    ],
)
def test_tables_of_a_page_are_grids(wide, grid, lines):
    page = (
        f"<p>任务清单</p><table><tr><td rowspan=9>类</td><td {wide}>甲</td></tr>"
        "<tr><td>乙</td><td>丙</td></tr></table><p>后文。</p>"
    )
    read = read_page(page, "page.html")
    (found,) = read.grids
    assert [[cell.text for cell in row] for row in found.rows] == grid
    assert [line.strip() for line in read.lines] == ["任务清单", *lines, "后文。"]
    assert (found.place, found.title) == ("page.html 表1", "任务清单")
    assert found.rows[1][0].area == (0, 0)
    assert found.rows[1][1].address == "page.html 表1第2行第2列"


def test_lines_of_a_cell_of_a_page_are_kept_in_the_grid():
    read = read_page("<table><tr><td><p>一</p><p>二</p></td><td>a<br>b</td></tr></table>", "p.html")
    assert [cell.text for cell in read.grids[0].rows[0]] == ["一\n二", "a\nb"]
    assert read.lines == ("一 二 | a b",)


def test_a_title_of_a_page_is_not_taken_from_above_another_table():
    one = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    read = read_page(f"<p>清单</p>{one}{one}", "p.html")
    assert [grid.title for grid in read.grids] == ["清单", ""]


# --- the one door --------------------------------------------------------------------------------


def opened(tmp_path, name, content):
    return read_original(put(tmp_path / name, content))


def closed(tmp_path, name, content):
    with pytest.raises(InputError) as caught:
        opened(tmp_path, name, content)
    assert name in caught.value.zh
    assert name in caught.value.en
    assert caught.value.zh.endswith("。")
    return caught.value.zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["notice.txt", "notice.md", "notice", "notice.TXT"])
def test_texts_keep_their_lines(tmp_path, name, encoding):
    read = opened(tmp_path, name, "关于考核的通知\r\n\r\n 各单位:".encode(encoding))
    assert read.name == name
    assert read.lines == ("关于考核的通知", "", " 各单位:")
    assert (read.places, read.grids) == ((), ())


WORD = document(paragraph("某局关于考评的通知"))
PAGE_ALONE = "<html><body><p>某局关于考评的通知</p></body></html>".encode()
SHEET = xlsx([["某局关于考评的通知"]])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", WORD),
        ("a.doc", WORD),
        ("a.txt", WORD),
        ("a.wps", WORD),
        ("a.xlsx", SHEET),
        ("a.xls", SHEET),
        ("a.et", SHEET),
        ("a.docx", SHEET),
        ("a.html", PAGE_ALONE),
        ("a.htm", PAGE_ALONE),
        ("a.doc", PAGE_ALONE),
        ("a.xls", b"\n<!doctype html>" + PAGE_ALONE),
        ("a.txt", b"<?xml version='1.0'?>" + PAGE_ALONE),
        ("a.csv", "某局关于考评的通知".encode()),
    ],
)
def test_a_file_is_read_as_what_it_is(tmp_path, name, content):
    assert opened(tmp_path, name, content).lines == ("某局关于考评的通知",)


def ole(*streams):
    names = b"".join(b"\0\0" + stream.encode("utf-16-le") + b"\0\0" for stream in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + names


ODT = archive(
    [("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")],
    zipfile.ZIP_STORED,
)


@pytest.mark.parametrize(
    ("name", "content", "kind", "advice"),
    [
        ("a.doc", ole("WordDocument", "1Table"), "doc", "另存为 docx"),
        ("a.wps", ole("WordDocument"), "wps", "另存为 docx"),
        ("a.docx", ole("WordDocument"), "旧版 Word", "另存为 docx"),
        ("a.xls", ole("Workbook"), "xls", "另存为 xlsx"),
        ("a.et", ole("Book"), "et", "另存为 xlsx"),
        ("a.ppt", ole("PowerPoint Document"), "ppt", "向发文单位"),
        ("a.docx", ole("EncryptionInfo", "EncryptedPackage"), "密码", "取消密码"),
        ("a.xlsx", ole("EncryptionInfo", "EncryptedPackage"), "密码", "取消密码"),
        ("a.doc", ole("Something"), "旧格式", "另存"),
        (
            "a.ofd",
            archive([("OFD.xml", b"<x/>"), ("Doc_0/Document.xml", b"")]),
            "ofd",
            "导出为 pdf",
        ),
        ("a.odt", ODT, "odt", "另存为 docx"),
        ("a.pptx", archive([("ppt/presentation.xml", b"")]), "演示", "向发文单位"),
        ("a.xlsx", archive([("xl/workbook.bin", b"")]), "xlsb", "另存为 xlsx"),
        ("a.rtf", b"{\\rtf1\\ansi}", "rtf", "另存为 docx"),
        ("a.doc", b"{\\rtf1\\ansi}", "rtf", "另存为 docx"),
        ("a.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht", "另存为 docx"),
        (
            "a.xml",
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>',
            "XML",
            "docx",
        ),
        ("a.png", PNG, "图片", "文字版"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "图片", "文字版"),
        ("a.docx", PNG, "图片", "文字版"),
        ("a.zip", archive([("附件1.docx", WORD)]), "压缩包", "解压"),
        ("a.docx", archive([("附件1.txt", b"x")]), "压缩包", "解压"),
        ("a.rar", b"Rar!\x1a\x07\x00", "压缩包", "解压"),
        ("a.txt", EXE, "程序", "向发文单位"),
        ("a.txt", b"a\0b", "无法识别", "向发文单位"),
        ("a.txt", b"", "空文件", "没有文字"),
        ("a.txt", b" \r\n", "空文件", "没有文字"),
        ("a.docx", encrypted(WORD), "加密", "另存"),
        ("a.docx", "是文字".encode(), "纯文本", "a.txt"),
        ("a.xls", "甲\t乙\n".encode(), "纯文本", "a.csv"),
        ("a.pdf", b"text", "纯文本", "a.txt"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path, name, content, kind, advice):
    told = closed(tmp_path, name, content)
    assert kind in told
    assert advice in told


@pytest.mark.parametrize("content", ["\u3000\n".encode(), b"\xef\xbb\xbf", b"\xff\xfe\n\0"])
def test_a_text_of_blanks_is_refused(tmp_path, content):
    assert "没有文字" in closed(tmp_path, "notice.txt", content)


def test_limits_of_texts(tmp_path, monkeypatch):
    monkeypatch.setattr("kaoping.files.documents.MAX_LINES", 3)
    assert opened(tmp_path, "a.txt", b"a\n" * 3).lines == ("a",) * 3
    assert "行" in closed(tmp_path, "a.txt", b"a\n" * 4)
    monkeypatch.setattr("kaoping.files.documents.MAX_BYTES", 3)
    assert "MB" in closed(tmp_path, "a.txt", b"aaaa")
    assert opened(tmp_path, "a.docx", WORD).lines


def test_a_page_of_menus_alone_is_refused(tmp_path):
    page = "<html><body><div class='nav'><a>首页</a></div></body></html>"
    assert "没有文字" in closed(tmp_path, "a.html", page.encode())


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.docx"])
def test_a_pdf_goes_to_its_reader(tmp_path, monkeypatch, name):
    monkeypatch.setattr(
        "kaoping.files.pdf_reading.read_pdf", lambda content, name: Original(name, ("甲",))
    )
    assert opened(tmp_path, name, b"\n%PDF-1.7").lines == ("甲",)


def test_line_breaks_count_where_a_page_is_set_as_written():
    page = "<body><p>一\n二</p><pre>三 <b>甲</b>\n四\n<i>五</i>\n</pre>六\n七<p>八。</p></body>"
    assert html_lines(page) == ["一 二", "三 甲", "四", "五", "六 七", "八。"]
