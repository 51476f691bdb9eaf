"""How a partner's figures appear in the pack: read back from the pack's own sheet Provenance and the marts."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from openpyxl.utils.cell import coordinate_to_tuple

from pipelines.contract import NUMERIC
from pipelines.reply.model import Appearance
from pipelines.submission import FileRead
from pipelines.tidy.tidied import Link
from pipelines.trace import provenance_lines

AS_TYPED = "As typed in the cell"
SHOWN_TYPES = (*NUMERIC, "rating", "date")  # words are in the pack too, but nobody needs to check them
PERIODS = ("period_label", "latest_label", "label")


Shown = Callable[[FileRead], tuple[Appearance, ...]]


def nowhere(_: FileRead) -> tuple[Appearance, ...]:
    """Where there is no pack, nothing is shown in it."""
    return ()


def appearances(pack: Path, database: Path, quarter_label: str) -> Shown:
    """Tells of a file its figures that the pack shows as they were typed, in the order of the partner's sheets."""
    lines: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for line in provenance_lines(pack):
        if line["Method"] == AS_TYPED and not str(line["Sheet of pack"]).startswith("Data_"):
            place = (str(line["SHA-256 of file"]), str(line["Sheet of file"]), str(line["Cell of file"]))
            lines.setdefault(place, []).append(line)
    marts = _Rows(database)
    return lambda file: tuple(_of_file(file, lines, marts, quarter_label))


def _of_file(
    file: FileRead,
    lines: Mapping[tuple[str, str, str], list[dict[str, Any]]],
    marts: "_Rows",
    quarter_label: str,
) -> Iterable[Appearance]:
    seen = set()
    order = {sheet.name: number for number, sheet in enumerate(file.book.sheets)}

    def place(link: Link) -> tuple[int, tuple[int, int]]:
        return order[link.sheet], coordinate_to_tuple(link.cell)

    for submission in file.submissions.values():
        for link in sorted(submission.tidied.links, key=place):
            column = submission.contract.by_name[link.column_name]
            found = lines.get((file.receipt.sha256, link.sheet, link.cell), [])
            if column.type not in SHOWN_TYPES or not found or (link.sheet, link.cell) in seen:
                continue
            seen.add((link.sheet, link.cell))
            first = next(
                (line for line in found if line["Sheet of pack"] not in ("Summary", "Measures")), found[0]
            )
            row = marts.row(str(first["Figure"]))
            period = next((row[name] for name in PERIODS if row.get(name)), quarter_label)
            yield Appearance(
                what=str(row.get("title") or row.get("target_id") or ""),
                figure=column.header,
                period=str(period),
                typed=link.as_typed,
                shown=str(first["Value shown"]),
                rating=str(row.get("rating") or ""),
                where=", ".join(f"{line['Sheet of pack']} {line['Cell of pack']}" for line in found[:3]),
                typed_in=f"{link.sheet} {link.cell}",
            )


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
