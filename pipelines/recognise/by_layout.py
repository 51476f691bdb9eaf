"""Tables by a taught layout: found by the headings it names, or the sentence on what has moved since."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.cells import Cell, Sheet
from pipelines.framework.taught import Layout, Pattern, TaughtColumn
from pipelines.headings import split_unit
from pipelines.parse import as_typed
from pipelines.recognise.header import Band, Heading, Lines
from pipelines.recognise.match import Match
from pipelines.recognise.table import FORM, Across, Block

FORM_PLACES = ("block", "beside", "beneath", "above")
ENOUGH = 0.5  # of a layout's headings: with fewer, a line is not the one that was taught


@dataclass(frozen=True)
class Region:
    """Rows of a sheet in which a layout looks for one table, and the cell that begins its block."""

    first: int
    end: int
    opening: Cell | None = None


@dataclass(frozen=True)
class Taught:
    """A table that a layout found: its match with the headings, its rows, and values that stand outside it."""

    layout: Layout
    match: Match
    region: Region
    fixed: dict[str, Cell]
    labels: tuple[Cell, ...]
    left_out: frozenset[int]
    block: Block | None = None


@dataclass(frozen=True)
class Drift:
    """A sheet that a layout was taught for and no longer fits: what moved, and where."""

    layout: Layout
    sentence: str
    cell: Cell | None = None


def find_by_layout(sheet: Sheet, layout: Layout) -> tuple[list[Taught], Drift | None]:
    """The tables that `layout` finds on the sheet; or none, and what has moved since it was taught."""
    lines = Lines(sheet)
    found: list[Taught] = []
    nearest: tuple[int, Band] | None = None
    regions = list(_regions(lines, layout))
    for region in regions:
        if layout.shape == FORM:
            record, missing = _form(lines, layout, region)
            if record and missing:
                return [], _missing_labels(layout, record, missing)
            found += [record] if record else []
            continue
        row = region.first
        for n, start in enumerate(lines.order):
            if not region.first <= start < region.end:
                continue
            run = tuple(lines.order[n : n + layout.header_lines])
            if start < row or len(run) < layout.header_lines or run[-1] >= region.end:
                continue
            band = lines.band(run)
            known = _headings_found(layout, band)
            if len(known) == len(_needed(layout)):
                found.append(_taught(lines, layout, region, band))
                row = run[-1] + 1
            elif nearest is None or len(known) > nearest[0]:
                nearest = len(known), band
    strange = next(((taught, cell) for taught in found for cell in taught.match.unknown), None)
    if strange:
        return [], _new_heading(*strange)
    return found, None if found else _drift(layout, nearest)


def _needed(layout: Layout) -> list[TaughtColumn]:
    """The headings without which the table can't be read. One that is left out may go as well as stay."""
    return [column for column in _known(layout) if not column.is_left_out]


def _known(layout: Layout) -> list[TaughtColumn]:
    return layout.at("under", "across")


def _headings_found(layout: Layout, band: Band) -> list[TaughtColumn]:
    return [c for c in _needed(layout) if any(c.is_heading(heading.texts) for heading in band.headings)]


def _regions(lines: Lines, layout: Layout) -> Iterator[Region]:
    """Where the layout looks: the whole sheet, or from block to block, between its first and last line."""
    order = lines.order
    first, end = (order[0], order[-1] + 1) if order else (0, 0)
    if layout.starts_at:
        opening = _line_with(lines, Pattern(layout.starts_at), first, end)
        if opening is None:
            return
        first = opening.row + 1
    if not layout.block:
        yield Region(first, _end(lines, layout, first, end))
        return
    begins = Pattern(layout.block)
    openings = [
        next(cell for cell in lines.rows[row] if begins.matches(as_typed(cell.value)))
        for row in order
        if first <= row < end and any(begins.matches(as_typed(cell.value)) for cell in lines.rows[row])
    ]
    for opening, following in zip(openings, [*openings[1:], None], strict=True):
        last = following.row if following else end
        yield Region(opening.row, _end(lines, layout, opening.row + 1, last), opening)


def _end(lines: Lines, layout: Layout, first: int, end: int) -> int:
    closing = _line_with(lines, Pattern(layout.ends_at), first, end) if layout.ends_at else None
    return closing.row if closing else end


def _line_with(lines: Lines, pattern: Pattern, first: int, end: int) -> Cell | None:
    cells = (cell for row in lines.order if first <= row < end for cell in lines.rows[row])
    return next((cell for cell in cells if pattern.matches(as_typed(cell.value))), None)


def _taught(lines: Lines, layout: Layout, region: Region, band: Band) -> Taught:
    columns: dict[int, str] = {}
    units: dict[str, str] = {}
    left_out, unknown, across = set(), [], {}
    for heading in band.headings:
        column = next((c for c in _known(layout) if c.is_heading(heading.texts)), None)
        if column is None:
            unknown.append(heading.cell)
        elif column.is_left_out:
            left_out.add(heading.column)
        elif column.place == "across":
            across[heading] = column
        else:
            columns[heading.column] = column.means
            if column.unit:
                units[column.means] = column.unit
    units |= {column.means: column.unit for column in layout.at("cells") if column.unit}
    match = Match(
        layout.contract,
        band,
        columns,
        _across(layout, across),
        tuple(unknown),
        units=units,
    )
    fixed, labels = _fixed(lines, layout, region, band.lines[0])
    return Taught(layout, match, region, fixed, labels, frozenset(left_out))


def _across(layout: Layout, headings: dict[Heading, TaughtColumn]) -> tuple[Across, ...]:
    """One group per heading across: what its lines say, and the figures below it."""
    figures = [column.means for column in layout.at("cells")]
    groups = []
    for heading, column in headings.items():
        said: dict[str, list[str]] = {}
        names = (
            column.meanings
            if len(column.meanings) == len(heading.texts)
            else (column.means,) * len(heading.texts)
        )
        for name, text in zip(names, heading.texts, strict=True):
            said.setdefault(name, []).append(split_unit(text)[0])
        cells = {
            name: heading.cell._replace(value=" ".join(texts))
            for name, texts in said.items()
            if name != "left out"
        }
        groups.append(Across(cells, dict.fromkeys([heading.column], figures[0]) if figures else {}))
    return tuple(groups)


def _fixed(
    lines: Lines, layout: Layout, region: Region, before: int
) -> tuple[dict[str, Cell], tuple[Cell, ...]]:
    """Values that hold for a whole table: in the line that begins its block, beside or beneath a label above it."""
    fixed: dict[str, Cell] = {}
    labels: list[Cell] = []
    for column in layout.at(*FORM_PLACES):
        if column.place == "block":
            label = region.opening
            pattern = Pattern(layout.block or "")
        else:
            label = _label(lines, column.lines[0], region, before)
            pattern = column.lines[0]
        if label is None:
            continue
        value = _said_by(lines, label, pattern, column.place)
        if value is None or not _same_place(value, label):
            labels.append(label)
        if value is not None and not column.is_left_out:
            fixed[column.means] = value
    return fixed, tuple(labels)


def _label(lines: Lines, pattern: Pattern, region: Region, before: int) -> Cell | None:
    """The label that speaks for a table: in the nearest line above its headings, else in the first below them."""
    rows = [row for row in lines.order if region.first <= row < region.end]
    nearest_first = [
        *(row for row in reversed(rows) if row < before),
        *(row for row in rows if row >= before),
    ]
    cells = (cell for row in nearest_first for cell in lines.rows[row])
    return next((cell for cell in cells if pattern.matches(as_typed(cell.value))), None)


def _same_place(one: Cell, other: Cell) -> bool:
    return (one.row, one.column) == (other.row, other.column)


def _said_by(lines: Lines, label: Cell, pattern: Pattern, place: str) -> Cell | None:
    """The value that a label names: within its own text, beneath it, above it, or beside it."""
    if (within := pattern.value_in(as_typed(label.value))) is not None:
        return label._replace(value=within)
    if place in ("beneath", "above"):
        rows = [row for row in lines.order if (row > label.row) is (place == "beneath") and row != label.row]
        rows = rows if place == "beneath" else rows[::-1]
        return next((c for row in rows for c in lines.rows[row] if c.column == label.column), None)
    return next((c for c in lines.rows[label.row] if c.column > label.column), None)


def _form(lines: Lines, layout: Layout, region: Region) -> tuple[Taught | None, list[TaughtColumn]]:
    """A form's record, the value beside or beneath each label of the region; and the labels that are not there."""
    values: dict[str, Cell] = {}
    labels: list[Cell] = []
    missing = []
    for column in layout.at(*FORM_PLACES):
        is_block = column.place == "block"
        pattern = Pattern(layout.block or "") if is_block else column.lines[0]
        label = region.opening if is_block else _line_with(lines, pattern, region.first, region.end)
        if label is None:
            missing.append(column)
            continue
        value = _said_by(lines, label, pattern, column.place)
        if value is None or not _same_place(value, label):
            labels.append(label)
        if value is not None and not column.is_left_out and value.row < region.end:
            values[column.means] = value
    if not values:
        return None, missing
    block = Block(values, tuple(labels), region.first)
    match = Match(layout.contract, Band((region.first,), ()))
    return Taught(layout, match, region, {}, tuple(labels), frozenset(), block), missing


def _new_heading(taught: Taught, cell: Cell) -> Drift:
    sentence = (
        f"The layout '{taught.layout.layout_id}' was taught without the heading '{_short(cell)}', which now stands in "
        f"{cell.address}. So it can't be said what the columns mean. Take the column out, or teach the layout again "
        "with 'lsp learn'."
    )
    return Drift(taught.layout, sentence, cell)


def _missing_labels(layout: Layout, record: Taught, missing: list[TaughtColumn]) -> Drift:
    named = ", ".join(f"'{column.heading}'" for column in missing[:5])
    sentence = (
        f"The layout '{layout.layout_id}' no longer fits this sheet: the label {named} is missing from line "
        f"{record.region.first + 1} on. Nothing was read. Put it back and send the file again, or teach the layout "
        "again with 'lsp learn'."
    )
    return Drift(layout, sentence, record.labels[0] if record.labels else None)


def _drift(layout: Layout, nearest: tuple[int, Band] | None) -> Drift | None:
    """What of a layout is no longer where it was; None where so little is there that this is another sheet."""
    needed = _needed(layout)
    if nearest is None or not needed or nearest[0] < max(1, ENOUGH * len(needed)):
        return None
    band = nearest[1]
    missing = [c for c in needed if c not in _headings_found(layout, band)]
    strange = [h for h in band.headings if not any(c.is_heading(h.texts) for c in _known(layout))]
    named = ", ".join(f"'{column.heading}'" for column in missing[:5])
    instead = (
        f" New there: {', '.join(f'{_short(h.cell)!r} in {h.cell.address}' for h in strange[:5])}."
        if strange
        else ""
    )
    sentence = (
        f"The layout '{layout.layout_id}' no longer fits this sheet: in line {band.lines[-1] + 1} the heading {named} "
        f"is missing.{instead} Nothing was read, as figures could have moved into a wrong column. Put the headings "
        "back and send the file again, or teach the layout again with 'lsp learn'."
    )
    cell = (strange[0] if strange else band.headings[0]).cell
    return Drift(layout, sentence, cell)


def _short(cell: Cell) -> str:
    text = " ".join(as_typed(cell.value).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
