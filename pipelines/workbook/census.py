"""What a workbook holds, counted from its own XML by a walk that shares nothing with the readers.

The census is the measure of the reading: every reader loses cells in some file without a word, so what it
returns is compared with what was counted here. It also knows what the readers don't tell: error cells,
formulas that were never calculated, number formats, what is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.cells import NOTES_BY, QUERY_NOTE
from pipelines.workbook.package import SAVE_AGAIN, Package, damaged, unreadable
from pipelines.workbook.sheet_census import SheetCounter, is_blank
from pipelines.workbook.styles import is_on, read_styles
from pipelines.workbook.tally import SheetCensus, Tally

VISIBILITIES = {"hidden": "hidden", "veryHidden": "very hidden"}
KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chart sheet",
    "dialogsheet": "dialogue sheet",
    "": "sheet without a part of its own",
}


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
    styles = read_styles(package, _target(relations, "styles"), _target(relations, "theme"))
    counter = SheetCounter(package, strings, styles)
    for name, state, link in listed:
        if link and link not in relations:
            raise damaged(package.name, f'its sheet "{name}" points to no part of the file')
        kind, part = relations.get(link, ("", ""))
        sheet = SheetCensus(name, KINDS.get(kind, "macro sheet"), VISIBILITIES.get(state, "visible"))
        census.sheets.append(sheet)
        if sheet.kind == "worksheet":
            counter.count(part, sheet)
            notes = [(kind, place) for kind, place in package.relations(part).values() if "omment" in kind]
            sheet.has_comments = any(
                kind != "comments" or _is_by_others(package, place) for kind, place in notes
            )
    return census


def _target(relations: dict[str, tuple[str, str]], wanted: str) -> str | None:
    return next((part for kind, part in relations.values() if kind == wanted), None)


def _is_by_others(package: Package, part: str) -> bool:
    """Whether anybody but us wrote comments: our replies, and the framework to fill in, come with some."""
    if part not in package:
        return True
    authors: list[str] = []
    notes: list[str] = []
    pieces: list[str] | None = None

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal pieces
        pieces = [] if tag in ("author", "comment") else pieces

    def end(tag: str) -> None:
        nonlocal pieces
        if tag in ("author", "comment"):
            (authors if tag == "author" else notes).append("".join(pieces or ()))
            pieces = None

    def add(piece: str) -> None:
        if pieces is not None:
            pieces.append(piece)

    package.walk(part, start, end, add)
    are_ours = bool(notes) and all(QUERY_NOTE.match(note) for note in notes)
    return authors != [NOTES_BY] and not are_ours


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
    Tally(package.name, package.limits).take_sheets([name for name, _, _ in listed])
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
