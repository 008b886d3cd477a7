"""Text documents written by hand, part by part, as text programs write them."""

from __future__ import annotations

from tests.files.samples import archive

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets: tuple[str, str, str]) -> bytes:
    """A relations part: identity, kind and target of each."""
    listed = "".join(
        f'<Relationship Id="{one}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for one, kind, target in targets
    )
    return f'<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'.encode()


def part(root: str, inside: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMESPACES}>{inside}</w:{root}>'.encode()
    )


def document(
    body: str,
    *,
    main: str = "word/document.xml",
    more: tuple[tuple[str, bytes], ...] = (),
    diagram: bytes | None = None,
    **parts: str,
) -> bytes:
    """A docx of a body and further parts (`numbering`, `styles`, `footnotes`) by their insides."""
    listed = [(f"rId{at}", name, f"{name}.xml") for at, name in enumerate(parts, 1)]
    members = [
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", relations(("rId1", "officeDocument", main))),
        (main, part("document", f"<w:body>{body}</w:body>")),
        *((f"word/{name}.xml", part(name, inside)) for name, inside in parts.items()),
    ]
    if diagram is not None:
        listed.append(("rId99", "diagramData", "diagrams/data1.xml"))
        members.append(("word/diagrams/data1.xml", diagram))
    folder, _, file = main.rpartition("/")
    members.append((f"{folder}/_rels/{file}.rels", relations(*listed)))
    return archive([*members, *more])


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}</w:p>"


def listed(text: str, identity: int, level: int = 0) -> str:
    """A paragraph of a list."""
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>'
    return paragraph(text, properties)


def level(at: int, style: str, shows: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{shows}"/></w:lvl>'
    )


def numbering(*levels: str, lists: str = "") -> str:
    """One scheme with its levels, and a list 1 of it."""
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{lists}'
    )


def cell(text: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def field_of(code: str, result: str | None) -> str:
    """A field as runs; without result it goes straight from code to end."""
    turned = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>{turned}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


DOWN, DOWN_FROM = "<w:vMerge/>", '<w:vMerge w:val="restart"/>'


def across(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'
