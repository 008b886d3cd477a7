"""Pdf files put together object by object, for what no office program writes."""

from __future__ import annotations

import zlib

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(content), content)


def packed(content: bytes, extra: bytes = b"") -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter/FlateDecode" + extra)


def pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A file of objects by their numbers, object 1 its catalog, with a table of their places."""
    parts, at, places = [b"%PDF-1.7\n"], 9, {}
    for number, content in objects.items():
        places[number] = at
        part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        parts.append(part)
        at += len(part)
    size = max(objects) + 1
    rows = [
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        for number in range(size)
    ]
    parts.append(b"xref\n0 %d\n" % size + b"".join(rows))
    parts.append(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n" % (size, trailer, at))
    parts.append(b"%%EOF\n")
    return b"".join(parts)


def one_page(
    content: bytes, extra: dict[int, bytes] | None = None, resources: bytes = b""
) -> bytes:
    """A file with one page: object 4 is what it draws, object 5 its font F1."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>%s>>>>" % resources,
            4: content,
            5: FONT,
            **(extra or {}),
        }
    )


def words(text: bytes, x: int = 72, y: int = 700, size: int = 12) -> bytes:
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n" % (size, x, y, text)


PICTURE = stream(
    bytes(64 * 3),
    b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceRGB",
)
"""A picture of 64 black dots."""


def picture_page(share: float = 1.0) -> bytes:
    """What a page draws that shows object 6 on a part of its height."""
    return b"q 595 0 0 %d 0 0 cm /Im1 Do Q\n" % (842 * share)


def typeset(source: str, page: str = "a4", more: str = "") -> bytes:
    """A pdf set by Typst from its markup, in the Chinese face the project's own documents have."""
    import typst

    from kaoping.files.fonts import find_faces

    faces = find_faces()
    head = (
        f'#set page(paper:"{page}",margin:(top:37mm,bottom:35mm,left:28mm,right:26mm){more})\n'
        f'#set text(font:"Noto Serif CJK SC",size:16pt,lang:"zh",region:"cn",top-edge:0.8em,'
        "bottom-edge:-0.2em)\n"
        "#set par(leading:12pt,spacing:12pt,justify:true,first-line-indent:(amount:2em,all:true))\n"
        "#set table(inset:5pt)\n#show table:set text(size:10.5pt)\n"
        "#show table:set par(leading:4pt,spacing:4pt,justify:false,first-line-indent:0em)\n"
        "#let plain(words)=par(first-line-indent:0em,words)\n"
        "#let title(words)=align(center,text(size:22pt,words))\n"
    )
    return bytes(typst.compile((head + source).encode(), font_paths=faces.fonts))
