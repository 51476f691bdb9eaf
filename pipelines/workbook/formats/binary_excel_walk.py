"""The records of a binary Excel workbook (.xlsb), counted cell by cell. Record numbers as in MS-XLSB."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.workbook.package import Package, damaged
from pipelines.workbook.preflight import Received
from pipelines.workbook.sheet_census import is_blank
from pipelines.workbook.styles import BUILT_IN_FORMATS, INDEXED, MAX_FORMAT, Style, tinted
from pipelines.workbook.tally import LAST_COLUMN, LAST_ROW, NO_NUMBER, Saved, SheetCensus, Tally

ROW, BLANK, RK, ERROR, BOOL, REAL, TEXT, SHARED = range(8)
FORMULA_TEXT, FORMULA_NUMBER, FORMULA_BOOL, FORMULA_ERROR = range(8, 12)
ITEM, FONT, FORMAT, FILL, STYLE, COLUMNS, RICH_TEXT = 19, 43, 44, 45, 47, 60, 62
DIMENSION, WORKBOOK, SHEET, MERGE, CELL_STYLES, END_CELL_STYLES = 148, 153, 156, 176, 617, 618
CELLS = {BLANK, RK, ERROR, BOOL, REAL, TEXT, SHARED, 8, 9, 10, 11, RICH_TEXT}
FORMULAS = range(FORMULA_TEXT, FORMULA_ERROR + 1)
ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
    43: "#GETTING_DATA",
}
KINDS = {"worksheet": "worksheet", "chartsheet": "chart sheet", "dialogsheet": "dialogue sheet"}
VISIBILITIES = {1: "hidden", 2: "very hidden"}
HIDDEN_ROW, HIDDEN_COLUMN = 0x10, 0x01
STRUCK = 0x08  # of the flags of a font


@dataclass
class BinaryBook:
    """What was counted: every sheet in order, chart sheets and the like too."""

    sheets: list[SheetCensus] = field(default_factory=list)
    is_1904: bool = False
    has_macros: bool = False
    has_external_links: bool = False


def walk_binary_excel(received: Received) -> BinaryBook:
    """Count a workbook. Raises Unreadable where it is damaged or larger than we take."""
    package = received.package
    main = next(
        (part for kind, part in package.relations().values() if kind == "officeDocument"), "xl/workbook.bin"
    )
    relations = package.relations(main)
    kinds = {kind for kind, _ in relations.values()}
    book = BinaryBook(has_macros="vbaProject" in kinds, has_external_links="externalLink" in kinds)
    try:
        links = _read_workbook(package, main, book)
        tally = Tally(package.name, package.limits)
        tally.take_sheets([sheet.name for sheet in book.sheets])
        strings = _read_strings(package, _target(relations, "sharedStrings"))
        styles = _read_styles(package, _target(relations, "styles"))
        for sheet, link in zip(book.sheets, links, strict=True):
            if link not in relations:
                raise damaged(package.name, f'its sheet "{sheet.name}" points to no part of the file')
            kind, part = relations[link]
            sheet.kind = KINDS.get(kind, "macro sheet")
            if sheet.kind == "worksheet":
                _count(package, part, sheet, strings, styles, tally)
                sheet.has_comments = any(kind == "comments" for kind, _ in package.relations(part).values())
    except (struct.error, IndexError, UnicodeDecodeError):
        raise damaged(package.name, "its records contradict each other") from None
    return book


def _target(relations: dict[str, tuple[str, str]], wanted: str) -> str | None:
    return next((part for kind, part in relations.values() if kind == wanted), None)


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record's number and content."""
    at, end = 0, len(content)
    while at < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (content[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        if at + length > end:
            raise IndexError("a record reaches beyond the part")
        yield kind, content[at : at + length]
        at += length


def _text(content: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends; one that is none (length FFFFFFFF) is empty."""
    (length,) = struct.unpack_from("<I", content, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(content):
        raise IndexError("a text reaches beyond its record")
    return content[at + 4 : end].decode("utf-16-le", "surrogatepass"), end


def _read_workbook(package: Package, part: str, book: BinaryBook) -> list[str]:
    """Fill in the sheets as listed; the relationship of each."""
    links = []
    for kind, content in _records(package.read(part)):
        if kind == SHEET:
            (state,) = struct.unpack_from("<I", content)
            link, at = _text(content, 8)
            name, _ = _text(content, at)
            book.sheets.append(SheetCensus(name, visibility=VISIBILITIES.get(state, "visible")))
            links.append(link)
        elif kind == WORKBOOK:
            book.is_1904 = bool(content[0] & 1)
    return links


def _read_strings(package: Package, part: str | None) -> list[int]:
    """The length of every shared text, 0 where it is blank."""
    texts = (
        _text(content, 1)[0]
        for kind, content in _records(package.read(part) if part else b"")
        if kind == ITEM
    )
    return [0 if is_blank(text) else len(text) for text in texts]


def _read_styles(package: Package, part: str | None) -> list[Style]:
    """The style behind each number that a cell may give. Colours of the theme are left out."""
    codes: dict[int, str | None] = dict(BUILT_IN_FORMATS)
    fills: list[str | None] = []
    fonts: list[bool] = []  # whether each strikes its text through
    styles: list[Style] = []
    is_inside = False
    for kind, content in _records(package.read(part) if part else b""):
        if kind == FORMAT:
            code = _text(content, 2)[0]
            if len(code) > MAX_FORMAT:
                raise damaged(package.name, f"one of its number formats has {len(code):,} characters")
            codes[struct.unpack_from("<H", content)[0]] = None if code.lower() == "general" else code
        elif kind == FONT:
            fonts.append(bool(struct.unpack_from("<H", content, 2)[0] & STRUCK))
        elif kind == FILL:
            fills.append(_colour(content))
        elif kind in (CELL_STYLES, END_CELL_STYLES):
            is_inside = kind == CELL_STYLES
        elif kind == STYLE and is_inside:
            number_format, font, fill = struct.unpack_from("<HHH", content, 2)
            colour = fills[fill] if fill < len(fills) else None
            styles.append(Style(codes.get(number_format), colour, font < len(fonts) and fonts[font]))
    return styles


def _colour(content: bytes) -> str | None:
    pattern, kind, index, tint, red, green, blue = struct.unpack_from("<IBBhBBB", content)
    colour = None
    if pattern == 1 and kind >> 1 == 2:
        colour = f"{red:02X}{green:02X}{blue:02X}"
    elif pattern == 1 and kind >> 1 == 1 and index < len(INDEXED):
        colour = INDEXED[index]
    return tinted(colour, tint / 32_767) if colour else None


def _count(
    package: Package, part: str, sheet: SheetCensus, strings: list[int], styles: list[Style], tally: Tally
) -> None:
    row = -1
    hidden: list[tuple[int, int]] = []
    seen = set()
    for kind, content in _records(package.read(part)):
        if kind == ROW:
            (row,) = struct.unpack_from("<I", content)
            if row >= LAST_ROW:
                raise tally.no_place(sheet, row + 1)
            if content[11] & HIDDEN_ROW:
                sheet.hidden_rows.add(row)
        elif kind in CELLS:
            tally.take_cells(sheet)
            column, style_number = struct.unpack_from("<II", content)
            if column >= LAST_COLUMN or row < 0:
                raise tally.no_place(sheet, f"row {row + 1}, column {column + 1}")
            place, number = (row, column), style_number & 0xFFFFFF
            style = styles[number] if number < len(styles) else Style()
            if style.fill:
                sheet.fills[place] = style.fill
            if kind == BLANK:
                continue
            if place in seen:
                raise damaged(tally.name, f'its sheet "{sheet.name}" gives one cell twice')
            seen.add(place)
            _take(kind, content, place, sheet, strings, style, tally)
        elif kind == COLUMNS:
            first, last = struct.unpack_from("<II", content)
            if content[16] & HIDDEN_COLUMN:
                hidden.append((first, min(last, LAST_COLUMN) + 1))
        elif kind == MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", content)
            if max(top, bottom) >= LAST_ROW or max(left, right) >= LAST_COLUMN:
                raise tally.no_place(sheet, f"row {bottom + 1}, column {right + 1}")
            tally.take_merge(sheet, (top, left, bottom, right))
        elif kind == DIMENSION:
            _, bottom, _, right = struct.unpack_from("<IIII", content)
            if bottom >= LAST_ROW or right >= LAST_COLUMN:
                raise tally.no_place(sheet, f"row {bottom + 1}, column {right + 1}")
    sheet.hide_columns(hidden)
    tally.close(sheet)


def _take(
    kind: int,
    content: bytes,
    place: tuple[int, int],
    sheet: SheetCensus,
    strings: list[int],
    style: Style,
    tally: Tally,
) -> None:
    """One cell with content."""
    sheet.reach(*place)
    if kind in FORMULAS:
        sheet.formulas.add(place)
    length = 1
    saved: Saved = NO_NUMBER
    if kind in (TEXT, FORMULA_TEXT, RICH_TEXT):
        text, _ = _text(content, 8 + (kind == RICH_TEXT))
        length = 0 if is_blank(text) else len(text)
    elif kind == SHARED:
        length = strings[struct.unpack_from("<I", content, 8)[0]]
    elif kind in (ERROR, FORMULA_ERROR):
        sheet.errors[place] = ERRORS.get(content[8], "#ERROR!")
    elif kind in (REAL, FORMULA_NUMBER):
        saved = struct.unpack_from("<d", content, 8)[0], style.number_format
    elif kind == RK:
        saved = rk(struct.unpack_from("<i", content, 8)[0]), style.number_format
    if length:
        sheet.filled[place] = saved
        if style.is_struck:
            sheet.struck.add(place)
        tally.take_text(sheet, length)


def rk(packed: int) -> float:
    """A number packed into 32 bits: whole or the upper half of a float, perhaps to be divided by 100."""
    if packed & 2:
        value = float(packed >> 2)
    else:
        (value,) = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", packed & ~3))
    return value / 100 if packed & 1 else value
