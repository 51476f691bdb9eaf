"""What a workbook holds, counted from its own XML by a walk that shares nothing with the readers.

The census is the measure of the reading: every reader loses cells in some file without a word, so what it
returns is compared with what was counted here. It also knows what the readers don't tell: error cells,
formulas that were never calculated, number formats, what is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.package import SAVE_AGAIN, Package, damaged, unreadable
from pipelines.sheet_census import SheetCensus, SheetCounter, is_blank, is_on

MAX_SHEETS = 200  # the largest honest return has 20
MAX_FORMAT = 1_000  # characters of a number format; Excel allows 255

VISIBILITIES = {"hidden": "hidden", "veryHidden": "very hidden"}
KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chart sheet",
    "dialogsheet": "dialogue sheet",
    "": "sheet without a part of its own",
}
# ECMA-376 part 1, 18.8.30, dates as in Britain; ¤ stands for the currency of the computer that shows the cell
FROM_1 = (
    "0|0.00|#,##0|#,##0.00|¤#,##0|¤#,##0|¤#,##0.00|¤#,##0.00|0%|0.00%|0.00E+00|# ?/?|# ??/??"
    "|dd/mm/yyyy|d-mmm-yy|d-mmm|mmm-yy|h:mm AM/PM|h:mm:ss AM/PM|h:mm|h:mm:ss|dd/mm/yyyy h:mm"
)
FROM_37 = "#,##0|#,##0|#,##0.00|#,##0.00|#,##0|¤#,##0|#,##0.00|¤#,##0.00|mm:ss|[h]:mm:ss|mm:ss.0|##0.0E+0|@"
BUILT_IN_FORMATS = {**dict(enumerate(FROM_1.split("|"), 1)), **dict(enumerate(FROM_37.split("|"), 37))}


@dataclass
class Census:
    """A workbook as counted: every sheet in order, chart sheets and the like too (they have no cells)."""

    sheets: list[SheetCensus]
    is_1904: bool = False
    has_macros: bool = False
    has_external_links: bool = False
    is_recalculated_on_opening: bool = False


def take_census(package: Package) -> Census:
    """Count a workbook. Raises Unreadable where it is damaged, made to mislead, or larger than we take."""
    main = _target(package.relations(), "officeDocument") or "xl/workbook.xml"
    if main not in package:
        raise damaged(package.name, f"its part {main} is missing")
    relations = package.relations(main)
    kinds = {kind for kind, _ in relations.values()}
    census = Census([], has_macros="vbaProject" in kinds, has_external_links="externalLink" in kinds)
    listed = _read_workbook(package, main, census)
    strings = _read_strings(package, _target(relations, "sharedStrings"))
    formats = _read_formats(package, _target(relations, "styles"))
    counter = SheetCounter(package, strings, formats)
    for name, state, link in listed:
        if link and link not in relations:
            raise damaged(package.name, f'its sheet "{name}" points to no part of the file')
        kind, part = relations.get(link, ("", ""))
        sheet = SheetCensus(name, KINDS.get(kind, "macro sheet"), VISIBILITIES.get(state, "visible"))
        census.sheets.append(sheet)
        if sheet.kind == "worksheet":
            counter.count(part, sheet)
            sheet.has_comments = any("omment" in kind for kind, _ in package.relations(part).values())
    return census


def _target(relations: dict[str, tuple[str, str]], wanted: str) -> str | None:
    return next((part for kind, part in relations.values() if kind == wanted), None)


def _read_workbook(package: Package, part: str, census: Census) -> list[tuple[str, str, str]]:
    """The sheets as listed in the workbook: name, state, relationship."""
    listed: list[tuple[str, str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith("relationships id")), "")
            listed.append((attributes.get("name", ""), attributes.get("state", ""), link))
        elif tag == "workbookPr":
            census.is_1904 = is_on(attributes.get("date1904"))
        elif tag == "calcPr":
            census.is_recalculated_on_opening = is_on(attributes.get("fullCalcOnLoad"))

    package.walk(part, start)
    if not listed:
        raise unreadable(package.name, f"is an empty workbook without a sheet: {SAVE_AGAIN}")
    if len(listed) > MAX_SHEETS:
        found = f"has {len(listed):,} sheets and we take {MAX_SHEETS}"
        raise unreadable(package.name, f"{found}: send the sheets of the return alone")
    if len({name.lower() for name, _, _ in listed}) < len(listed):
        raise damaged(package.name, "two of its sheets have the same name")
    return listed


def _read_strings(package: Package, part: str | None) -> list[int]:
    """The length of every shared text, 0 where it is blank. Phonetic guides (rPh) are no part of the text."""
    lengths: list[int] = []
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag in inside:
            inside[tag] = True

    def end(tag: str) -> None:
        if tag in inside:
            inside[tag] = False
        elif tag == "si":
            text = "".join(pieces)
            lengths.append(0 if is_blank(text) else len(text))
            pieces.clear()

    def add(piece: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(piece)

    if part:
        package.walk(part, start, end, add)
    return lengths


def _read_formats(package: Package, part: str | None) -> list[str | None]:
    """The number format of every cell style, None for General."""
    codes: dict[str, str | None] = {str(number): code for number, code in BUILT_IN_FORMATS.items()}
    formats: list[str | None] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            code = attributes.get("formatCode", "")
            if len(code) > MAX_FORMAT:
                raise damaged(package.name, f"one of its number formats has {len(code):,} characters")
            codes[attributes.get("numFmtId", "")] = None if code.lower() == "general" else code
        elif tag == "xf" and inside[-1:] == ["cellXfs"]:
            formats.append(codes.get(attributes.get("numFmtId", "0")))
        inside.append(tag)

    def end(_: str) -> None:
        inside.pop()

    if part:
        package.walk(part, start, end)
    return formats
