"""Provenance: for every figure in the pack, the partner's file, sheet and cell it came from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.pack.layout import Cell, Laid
from pipelines.pack.model import Column, Figure, Sheet, Table
from pipelines.pack.read import Marts, Source

ORDER = 90
NAME = "Provenance"
COLUMNS = [
    Column("pack_sheet", "Sheet of pack", width=18),
    Column("pack_cell", "Cell of pack", width=9),
    Column("figure", "Figure", width=44),
    Column("shown", "Value shown", width=18),
    Column("input_no", "Input", "number", 8),
    Column("input_kind", "Kind of input", width=11),
    Column("through", "By way of figure", width=44, missing="z"),
    Column("method", "Method", width=32, missing="z"),
    Column("file_name", "File", width=34, missing="z"),
    Column("sheet", "Sheet of file", width=20, missing="z"),
    Column("cell", "Cell of file", width=9, missing="z"),
    Column("as_typed", "As typed", width=20, missing="z"),
    Column("partner", "From", width=20, missing="z"),
    Column("received_at", "Received", "moment", missing="z"),
    Column("sha256", "SHA-256 of file", width=72, missing="z"),
]
OF_FILE = ("file_name", "sheet", "cell", "as_typed", "partner", "received_at", "sha256")
OF_FILE_ALONE = ("file_name", "sheet", "cell", "as_typed", "sha256")
NO_INPUT = {"input_kind": "none", "through": None, **dict.fromkeys(OF_FILE)}


class Lines(NamedTuple):
    """The rows of the sheet's table; for each figure's (sheet, cell) the number of its first row, from 0;
    how many cells show figures; and how many of these have a value but no source.
    """

    rows: list[dict[str, Any]]
    first: dict[tuple[str, str], int]
    figures: int
    unsourced: int


def sheet(rows: Sequence[Mapping[str, Any]], *, is_public: bool = False) -> Sheet:
    """The sheet, from its lines; in public it names whom a figure is from and no file."""
    table = Table(
        "Provenance_inputs",
        "Where each figure came from: one row per cell of this pack and input",
        [column for column in COLUMNS if not (is_public and column.name in OF_FILE_ALONE)],
        rows,
        "This pack shows no figures.",
        is_long=True,
    )
    purpose = (
        "For every figure of the pack: how it was made, and who sent what it was made from."
        if is_public
        else "For every figure of the pack: the file, sheet and cell it came from, as it was typed there."
    )
    return Sheet(NAME, "Provenance: where each figure came from", [table], purpose, is_tidy=True)


def lines(laid: Sequence[Laid], marts: Marts) -> Lines:
    """One line per cell with a figure and input of it, in the order of the pack."""
    cells = [(page.sheet.name, cell, cell.figure) for page in laid for cell in page.cells if cell.figure]
    book = _follow(marts, {figure_id for _, _, figure in cells for figure_id in figure.inputs})
    found = Lines([], {}, len(cells), 0)
    unsourced = 0
    for name, cell, figure in cells:
        inputs = list(_inputs(figure, book))
        if not inputs and figure.value is not None:
            unsourced += not figure.method
            inputs = [{**NO_INPUT, "method": figure.method or "No source is recorded for this figure"}]
        if inputs:
            found.first[name, cell.address] = len(found.rows)
        start = _start(name, cell, figure)
        found.rows.extend({**start, "input_no": number, **source} for number, source in enumerate(inputs, 1))
    return found._replace(unsourced=unsourced)


def _start(name: str, cell: Cell, figure: Figure) -> dict[str, Any]:
    shown = cell.content.shown or "(empty)"
    figure_id = "made on this sheet" if figure.method else figure.inputs[0]
    return {"pack_sheet": name, "pack_cell": cell.address, "figure": figure_id, "shown": shown}


def _follow(marts: Marts, wanted: set[str]) -> dict[str, list[Source]]:
    """The inputs of the figures wanted, and of the figures that those were made from, all the way down."""
    book: dict[str, list[Source]] = {}
    while wanted:
        found = marts.sources(wanted)
        book |= found
        below = {s.input_figure_id for sources in found.values() for s in sources if s.input_figure_id}
        wanted = below - book.keys() - wanted
    return book


def _inputs(figure: Figure, book: Mapping[str, list[Source]]) -> Iterator[dict[str, Any]]:
    """The cells and settings a figure was made from, each once, however many figures lie between."""
    seen: set[tuple[Any, ...]] = set()
    for figure_id in figure.inputs:
        for through, source in _leaves(figure_id, book, ()):
            place = (source.input_kind, source.sha256, source.sheet, source.cell, source.input_figure_id)
            if place in seen:
                continue
            seen.add(place)
            between = source.input_figure_id if through == figure_id else through
            yield {
                "input_kind": source.input_kind,
                "through": figure_id if figure.method else between,
                "method": figure.method or book[figure_id][0].method,
                **{name: getattr(source, name) for name in OF_FILE},
            }


def _leaves(
    figure_id: str, book: Mapping[str, list[Source]], path: tuple[str, ...]
) -> Iterator[tuple[str, Source]]:
    """The inputs that are not themselves figures with inputs, each with the figure it stands under."""
    for source in book.get(figure_id, ()):
        below = source.input_figure_id
        if below and below in book and below not in (*path, figure_id):
            yield from _leaves(below, book, (*path, figure_id))
        else:
            yield figure_id, source
