"""The parts of the .xlsx that openpyxl leaves to us: cells, links, small columns, and bytes that never change.

openpyxl makes the workbook (styles, tables, print set-up, properties); its sheets are left empty and filled
here. Written cell by cell through openpyxl, eight thousand lines of Provenance take two seconds and more;
this way a tenth of that. And there is no way to write a formula: text is always an inline string,
whatever it begins with.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import chain, groupby, islice
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.writer.excel import ExcelWriter

LONGEST_TEXT = 32_767  # characters in a cell, Excel's limit
CUT = " … (cut here: the text is longer than a cell can hold)"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say; every part gets it
CONTENT_TYPES = "[Content_Types].xml"
ROWS_AT_ONCE = 500  # that are written
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SPARKLINES = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
)
LINE, MARK = "FF12436D", "FFF46A25"
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class XmlCell(NamedTuple):
    """A cell as the file holds it: 1-based row and column, and the number of its style in the workbook."""

    row: int
    column: int
    style_id: int
    value: str | int | float | date


class XmlLink(NamedTuple):
    """A link within the workbook: the cell it stands in, a location such as 'Notes'!A1, and a hint."""

    cell: str
    location: str
    hint: str


class Sparkline(NamedTuple):
    """Small columns in a cell, the cells that they draw, such as 'Data'!E5:E9, and the ends of their scale."""

    cell: str
    values: str
    low: float
    high: float


class SheetXml(NamedTuple):
    """What a sheet is filled with: cells by row and column, links, each row's height in points, and small columns.

    `more` are the XML of as many `more_rows` that follow, which are made only when they are written.
    """

    cells: Sequence[XmlCell]
    links: Sequence[XmlLink]
    heights: Mapping[int, float]
    sparklines: Sequence[Sparkline] = ()
    more: Iterable[str] = ()
    more_rows: int = 0


def clean(text: str) -> str:
    """Text as XML and Excel can hold it: control characters become their visible pictures, such as ␇."""
    text = NOT_IN_XML.sub(_picture, text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(CUT)] + CUT


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"


Results = Mapping[str, Mapping[str, str | float]]


def to_bytes(
    workbook: Workbook,
    sheets: Sequence[SheetXml],
    as_at: date,
    results: Results | None = None,
    described: Sequence[Sequence[str]] = (),
) -> bytes:
    """The finished file. `sheets` fill the workbook's sheets, in their order; `as_at` stands for the clock.

    `results` gives by sheet title and cell what a formula comes to, for readers that don't calculate; `described`
    for each sheet with charts the words of each chart, for whoever does not see it. The same workbook gives the
    same bytes: parts sorted, dated alike, and stamped with `as_at`.
    """
    words = {f"xl/drawings/drawing{number}.xml": some for number, some in enumerate(described, 1)}
    calculated = {
        f"xl/worksheets/sheet{number}.xml": (results or {}).get(sheet.title, {})
        for number, sheet in enumerate(workbook.worksheets, 1)
    }
    workbook.properties.created = workbook.properties.modified = datetime.combine(as_at, time())
    plain = BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED)).save()
    filled = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)}
    finished = BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != CONTENT_TYPES, name)):
            part = source.read(name)
            entry = zipfile.ZipInfo(name, FIRST_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # or the bytes would tell Windows from Linux
            if name in filled:
                with target.open(entry, "w") as written:
                    for piece in _filled(part.decode(), filled[name]):
                        written.write(piece.encode())
                continue
            for cell, value in calculated.get(name, {}).items():
                part = _with_result(part.decode(), cell, value).encode()
            if name in words:
                part = _with_words(part.decode(), words[name]).encode()
            target.writestr(entry, part)
    return finished.getvalue()


def _filled(part: str, sheet: SheetXml) -> Iterator[str]:
    """An empty sheet's XML with cells and links where the schema wants them, piece by piece: it may be very large."""
    last_row = max(c.row for c in sheet.cells) + sheet.more_rows
    last_column = max(c.column for c in sheet.cells)
    place = re.search(r"<sheetData\s*(/>|>\s*</sheetData>)", part)
    if not place:
        raise ValueError(
            "openpyxl has written a sheet in another way than we know: it has no empty sheetData."
        )
    before, after = part[: place.start()], part[place.end() :]
    if sheet.links:
        after = _replace(
            r"(?=<printOptions|<pageMargins)", f"<hyperlinks>{_links(sheet.links)}</hyperlinks>", after
        )
    if sheet.sparklines:
        after = _replace("</worksheet>", f"{_sparklines(sheet.sparklines)}</worksheet>", after)
    reach = f'<dimension ref="A1:{get_column_letter(last_column)}{last_row}"'
    yield _replace(r'<dimension ref="[^"]*"', reach, before)
    yield "<sheetData>"
    rows = chain(_rows(sheet), sheet.more)
    while piece := "".join(islice(rows, ROWS_AT_ONCE)):
        yield piece
    yield f"</sheetData>{after}"


def _with_result(part: str, cell: str, value: str | float) -> str:
    """A formula's result beside it, where openpyxl leaves a gap."""
    kind = ' t="str"' if isinstance(value, str) else ""
    pattern = rf'<c r="{cell}"( s="[0-9]+")?(?: t="[a-z]+")?><f>([^<]*)</f><v ?(?:/>|></v>)'
    found = re.search(pattern, part)
    if not found:
        raise ValueError(f"openpyxl has written the formula in {cell} in another way than we know.")
    style, formula = found.groups()
    shown = escape(value) if isinstance(value, str) else f"{value:g}"
    new = f'<c r="{cell}"{style or ""}{kind}><f>{formula}</f><v>{shown}</v>'
    return part[: found.start()] + new + part[found.end() :]


def _with_words(part: str, described: Sequence[str]) -> str:
    """A drawing whose charts have their alternative text, which openpyxl has no place for."""
    names = re.compile(r'(<(?:xdr:)?cNvPr id="\d+" name=")[^"]*"')
    if len(names.findall(part)) != len(described):
        raise ValueError("openpyxl has written a drawing in another way than we know.")
    words = iter(described)
    return names.sub(lambda found: f'{found[1]}Chart" descr={quoteattr(clean(next(words)))}', part)


def _replace(pattern: str, by: str, part: str) -> str:
    new, times = re.subn(pattern, lambda _: by, part, count=1)
    if times != 1:
        raise ValueError(f"openpyxl has written a sheet in another way than we know: nothing like {pattern}.")
    return new


def _rows(sheet: SheetXml) -> Iterator[str]:
    """Each row with cells, and each blank one that has a height: what is blank keeps it only if that is said."""
    filled = {row: "".join(map(_cell, cells)) for row, cells in groupby(sheet.cells, lambda cell: cell.row)}
    return (
        f'<row r="{row}" ht="{height:g}">{filled[row]}</row>'
        if row in filled
        else f'<row r="{row}" ht="{height:g}" customHeight="1"/>'
        for row, height in sorted(sheet.heights.items())
    )


def _cell(cell: XmlCell) -> str:
    row, column, style, value = cell
    return f'<c r="{get_column_letter(column)}{row}{cell_after_place(style, value)}'


def cell_after_place(style: int, value: str | int | float | date) -> str:
    """A cell's XML from behind its place on: what is the same wherever it stands."""
    if isinstance(value, str):
        text = LOOKS_ESCAPED.sub("_x005F_", clean(value))
        return (
            f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            if text
            else f'" s="{style}"/>'
        )
    return f'" s="{style}"><v>{to_excel(value) if isinstance(value, date) else value!r}</v></c>'


def _links(links: Sequence[XmlLink]) -> str:
    return "".join(
        f"<hyperlink ref={quoteattr(cell)} location={quoteattr(location)} tooltip={quoteattr(hint)}/>"
        for cell, location, hint in links
    )


def _sparklines(sparklines: Sequence[Sparkline]) -> str:
    """[MS-XLSX] 2.6.5: a gap stays a gap, the latest value has a colour of its own, and so each cell its own scale.

    Columns and not lines: of a line LibreOffice 7.4 prints nothing but a speck where it ends. At even steps: where they
    stand over the days of their values it dies.
    """
    groups = "".join(map(_columns, sparklines))
    return f"{SPARKLINES}{groups}</x14:sparklineGroups></ext></extLst>"


def _columns(one: Sparkline) -> str:
    return (
        f'<x14:sparklineGroup manualMax="{one.high:.10g}" manualMin="{one.low:.10g}" type="column" '
        'displayEmptyCellsAs="gap" last="1" minAxisType="custom" maxAxisType="custom">'
        f'<x14:colorSeries rgb="{LINE}"/><x14:colorNegative rgb="{LINE}"/><x14:colorAxis rgb="{LINE}"/>'
        f'<x14:colorMarkers rgb="{MARK}"/><x14:colorFirst rgb="{MARK}"/><x14:colorLast rgb="{MARK}"/>'
        f'<x14:colorHigh rgb="{MARK}"/><x14:colorLow rgb="{MARK}"/><x14:sparklines><x14:sparkline>'
        f"<xm:f>{escape(one.values)}</xm:f><xm:sqref>{one.cell}</xm:sqref></x14:sparkline></x14:sparklines>"
        "</x14:sparklineGroup>"
    )
