"""Workbooks written part by part, so that a test can plant exactly the fault it is about."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def content_types(*listed: tuple[str, str]) -> str:
    """The XML of the list of content types; each is (part, last word of its type)."""
    rows = "".join(
        f'<Override PartName="/{part}" ContentType="{CONTENT}.{kind}+xml"/>' for part, kind in listed
    )
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def relations(*links: tuple[str, str, str]) -> str:
    """The XML of a relationships part; each link is (id, last word of its type, target)."""
    rows = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in links
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """The XML of a worksheet around its rows."""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(*items: str) -> str:
    """The XML of the shared strings; each item is what stands inside <si>."""
    body = "".join(f"<si>{item}</si>" for item in items)
    return f'{HEAD}<sst xmlns="{MAIN}">{body}</sst>'


def styles(*formats: int | str) -> str:
    """The XML of the styles: style 0 is General, then one style per number format (an id or a code)."""
    codes = [code for code in formats if isinstance(code, str)]
    own = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(codes))
    ids = [0, *(164 + codes.index(code) if isinstance(code, str) else code for code in formats)]
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for number in ids
    )
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(codes)}">{own}</numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(ids)}">{cells}</cellXfs></styleSheet>'
    )


def parts(
    sheets: Mapping[str, str],
    states: Mapping[str, str] | None = None,
    workbook: str = "",
    more: Sequence[tuple[str, str, str]] = (),
) -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets (name → XML), in order.

    `states` gives a sheet's visibility, `workbook` is XML before the list of sheets, `more` are further
    relationships of the workbook (id, last word of the type, target).
    """
    entries = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"'
        + (f' state="{states[name]}"' if states and name in states else "")
        + "/>"
        for n, name in enumerate(sheets, 1)
    )
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(
            ("xl/workbook.xml", "sheet.main"),
            ("xl/sharedStrings.xml", "sharedStrings"),
            ("xl/styles.xml", "styles"),
            *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, len(sheets) + 1)),
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(*links, *more),
    }
    for n, xml in enumerate(sheets.values(), 1):
        made[f"xl/worksheets/sheet{n}.xml"] = xml
    return made


STRINGS_LINK = ("rId90", "sharedStrings", "sharedStrings.xml")
STYLES_LINK = ("rId91", "styles", "styles.xml")


def one_sheet(
    rows: str,
    before: str = "",
    after: str = "",
    shared: Sequence[str] = (),
    formats: Sequence[int | str] = (),
) -> dict[str, str | bytes]:
    """The parts of a workbook with the one sheet "Data", its shared strings and number formats."""
    made = parts({"Data": sheet(rows, before, after)}, more=[STRINGS_LINK, STYLES_LINK])
    return {**made, "xl/sharedStrings.xml": strings(*shared), "xl/styles.xml": styles(*formats)}


def zipped(made: Mapping[str, str | bytes]) -> bytes:
    """The parts in a zip archive, deflated, in their order."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in made.items():
            archive.writestr(name, part)
    return content.getvalue()


def write(path: Path, made: Mapping[str, str | bytes]) -> Path:
    """The parts as a file."""
    path.write_bytes(zipped(made))
    return path
