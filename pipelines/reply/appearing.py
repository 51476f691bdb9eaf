"""How a partner's figures appear in the pack: read back from the pack's own sheet Provenance and the marts."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from openpyxl.utils.cell import coordinate_to_tuple

from pipelines.contract import NUMERIC, Column
from pipelines.framework.references import References
from pipelines.reply.model import Appearance
from pipelines.reply.subjects import what_it_is_about, when_it_is_for
from pipelines.reply.wording import listed_cells
from pipelines.submission import FileRead, Submission
from pipelines.tidy.tidied import Link
from pipelines.trace import provenance_lines

AS_TYPED = "As typed in the cell"
SHOWN_TYPES = (*NUMERIC, "rating", "date")  # words are in the pack too, but nobody needs to check them
# figures of a mart that the rating of their row judges: the latest value, and the ratings that were given for it
RATED = ("latest_value", "rating_own", "rating_partner", "rating_moderated", "rating_official")


class InPack(NamedTuple):
    """What the pack shows of a file, and in words where its other figures stand that count."""

    appearances: tuple[Appearance, ...] = ()
    also_counted: tuple[str, ...] = ()


Shown = Callable[[FileRead, Collection[str]], InPack]


def nowhere(_: FileRead, __: Collection[str]) -> InPack:
    """Where there is no pack, nothing is shown in it."""
    return InPack()


def appearances(pack: Path, database: Path, references: References) -> Shown:
    """Tells of a file, and of its rows that count, which figures the pack shows as they were typed, and which not.

    Both in the order of the partner's sheets.
    """
    lines: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    in_data = set()  # the sheets of data have figures that no page for readers shows
    for line in provenance_lines(pack):
        if line["Method"] != AS_TYPED:
            continue
        place = (str(line["SHA-256 of file"]), str(line["Sheet of file"]), str(line["Cell of file"]))
        if str(line["Sheet of pack"]).startswith("Data_"):
            in_data.add(place)
        else:
            lines.setdefault(place, []).append(line)
    marts = _Rows(database)

    def shown(file: FileRead, counting: Collection[str]) -> InPack:
        found, left = [], []
        for submission, link, column in _figures(file):
            place = file.receipt.sha256, link.sheet, link.cell
            if mine := lines.get(place):
                found.append(_appearance(submission, link, column, mine, marts, references))
            elif link.row_id in counting and place not in in_data:
                left.append((link.sheet, column.header, link.cell))
        return InPack(tuple(found), tuple(_in_words(left)))

    return shown


def _figures(file: FileRead) -> Iterable[tuple[Submission, Link, Column]]:
    """Each cell of the file that holds a figure, once."""
    seen = set()
    order = {sheet.name: number for number, sheet in enumerate(file.book.sheets)}

    def place(link: Link) -> tuple[int, tuple[int, int]]:
        return order[link.sheet], coordinate_to_tuple(link.cell)

    for submission in file.submissions.values():
        for link in sorted(submission.tidied.links, key=place):
            column = submission.contract.by_name[link.column_name]
            if column.type in SHOWN_TYPES and (link.sheet, link.cell) not in seen:
                seen.add((link.sheet, link.cell))
                yield submission, link, column


def _appearance(
    submission: Submission,
    link: Link,
    column: Column,
    lines: Sequence[Mapping[str, Any]],
    marts: "_Rows",
    references: References,
) -> Appearance:
    # the sheets on one target or fund say more of a figure than the lists of all
    first = next((line for line in lines if line["Sheet of pack"] not in ("Summary", "Measures")), lines[0])
    row: Mapping[str, Any] = submission.tidied.row(link.row_id) or {}
    ratings = (_rating(str(line["Figure"]), marts, references) for line in lines)
    return Appearance(
        what=what_it_is_about(submission.contract, row, references),
        figure=column.header,
        period=when_it_is_for(submission.contract, row, column, submission.quarter),
        typed=link.as_typed,
        shown=str(first["Value shown"]),
        rating=next((rating for rating in ratings if rating), ""),
        where=", ".join(f"{line['Sheet of pack']} {line['Cell of pack']}" for line in lines[:3]),
        typed_in=f"{link.sheet} {link.cell}",
    )


def _rating(figure_id: str, marts: "_Rows", references: References) -> str:
    """The rating that the pack sets beside a figure, in its shape and word; empty where it judges something else."""
    name = figure_id.rpartition(":")[2]
    if name in RATED:
        code = marts.row(figure_id).get("rating")
    else:
        code = marts.row(figure_id).get(name) if name.startswith("rating") else None
    scale = references.get("framework.rating_scale")
    facts = scale.facts.get(str(code)) if scale and code else None
    return f"{facts['glyph']} {facts['word']}" if facts else ""


def _in_words(places: Iterable[tuple[str, str, str]]) -> Iterable[str]:
    """For each sheet its figures by column: Proxies: Value C7, C10, C13."""
    sheets: dict[str, dict[str, list[str]]] = {}
    for sheet, header, cell in places:
        sheets.setdefault(sheet, {}).setdefault(header, []).append(cell)
    for sheet, columns in sheets.items():
        yield f"{sheet}: {'; '.join(f'{header} {listed_cells(cells)}' for header, cells in columns.items())}"


class _Rows:
    """Rows of marts by the figure that stands in them."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._known: dict[str, dict[str, dict[str, Any]]] = {}

    def row(self, figure_id: str) -> dict[str, Any]:
        """The row of a figure such as floor_targets:2004-05-Q1|H4:gap; empty if there is none."""
        mart, _, rest = figure_id.partition(":")
        if not mart.isidentifier():
            return {}
        if mart not in self._known:
            with duckdb.connect(str(self._database), read_only=True) as connection:
                answer = connection.execute(f'select * from marts."{mart}"')
                names = [name for name, *_ in answer.description or ()]
                rows = [dict(zip(names, values, strict=True)) for values in answer.fetchall()]
            self._known[mart] = {str(row["row_id"]): row for row in rows}
        return self._known[mart].get(rest.rpartition(":")[0], {})
