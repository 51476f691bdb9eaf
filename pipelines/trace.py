"""Where a figure came from: from the pack's cell, or a figure of the marts, back to the partner's cell.

A pack that the marts were not made with, such as a version that was issued, is traced by its own sheet Provenance:
the marts may hold another value by now.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipelines.issued import MANIFEST

NOBODY = "[z]"  # stands in a pack for the sender of the framework
PACK_CELL = re.compile(r"^'?(?P<sheet>[^!']+)'?!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>\d+)$")


class Source(NamedTuple):
    """A cell of a file, what stands in it, who sent the file and when; no partner for the framework."""

    file_name: str
    sheet: str
    cell: str
    as_typed: str
    partner: str | None
    received_at: datetime
    sha256: str

    def lines(self, indent: str, template: str = "") -> list[str]:
        sender = f"from {self.partner}" if self.partner else "the framework"
        return [
            f"{indent}{self.file_name}, sheet '{self.sheet}', cell {self.cell}: {self.as_typed!r}",
            f"{indent}  {sender}{template}, received {self.received_at:%d %b %Y %H:%M}, SHA-256 {self.sha256}",
        ]


class NotFound(Exception):
    """There is no such figure; the message says what there is."""


def trace(figure: str, database: Path, pack: Path, partners: Path | None = None) -> list[str]:
    """The chain of `figure` as lines for people, each input indented below what was made of it.

    `figure` is a cell of the pack (FT_H4!E15), a figure of the marts (floor_targets:2004-05-Q1|H4:gap)
    or a row of one (floor_targets:2004-05-Q1|H4). `partners` is the partners' edition of a public pack, which names no
    file itself.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        if found := PACK_CELL.match(figure):
            address = f"{found['column'].upper()}{found['row']}"
            return _of_pack_cell(found["sheet"], address, pack, partners or pack, connection)
        ids = connection.execute(
            "select distinct figure_id from marts.provenance where figure_id = $f or mart || ':' || row_id = $f "
            "order by figure_id",
            {"f": figure},
        ).fetchall()
        if not ids:
            raise NotFound(
                f"There is no figure '{figure}' with a source. Name a cell of the pack, such as FT_H4!E15, or "
                "mart:row_id:column as in marts.provenance."
            )
        return [line for (figure_id,) in ids for line in _chain(figure_id, connection, 0)]


def provenance_lines(pack: Path) -> list[dict[str, Any]]:
    """The lines of a pack's sheet Provenance, by their headings: one per cell of the pack and input."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(pack).get_sheet_by_name("Provenance").to_python()
    start = next(n for n, row in enumerate(rows) if row[:2] == ["Sheet of pack", "Cell of pack"])
    header = [str(name) for name in rows[start]]
    return [dict(zip(header, row, strict=True)) for row in rows[start + 1 :]]


def _of_pack_cell(
    sheet: str, cell: str, pack: Path, partners: Path, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    if not pack.exists():
        raise NotFound(
            f"There is no pack {pack}. Make it with 'lsp run', or name its quarter with --quarter."
        )
    lines = provenance_lines(pack)
    sheets = {str(line["Sheet of pack"]).casefold(): str(line["Sheet of pack"]) for line in lines}
    sheet = sheets.get(sheet.casefold(), sheet)
    mine = [line for line in lines if (line["Sheet of pack"], line["Cell of pack"]) == (sheet, cell)]
    if not mine:
        if sheet.casefold() not in sheets:
            raise NotFound(
                f"{pack.name} has no sheet {sheet} that shows figures. Those that do: "
                f"{', '.join(sorted(sheets.values()))}."
            )
        shown = {str(line["Cell of pack"]) for line in lines if line["Sheet of pack"] == sheet}
        raise NotFound(
            f"{sheet}!{cell} of {pack.name} shows no figure. The nearest that do are "
            f"{', '.join(_nearest(cell, shown))}; its sheet Provenance lists all."
        )
    told = [f"{sheet}!{cell} of {pack.name} shows {mine[0]['Value shown']}"]
    figure_id = str(mine[0]["Figure"])
    if not _is_of(pack, connection):
        if partners != pack:
            mine = _of_partners(mine, provenance_lines(partners) if partners.exists() else [])
        return told + _as_it_says(mine)
    if ":" in figure_id:
        return told + _chain(figure_id, connection, 1)
    told.append(f"  {mine[0]['Method']}:")
    # a count of nothing has no inputs to name
    return told + [line for inner in _through(mine) for line in _chain(inner, connection, 2)]


def _nearest(cell: str, others: Iterable[str]) -> list[str]:
    """The three cells nearest to one, by rows first: a figure is looked for in its line."""
    row, column = _place(cell)

    def distance(other: str) -> tuple[int, int, str]:
        its_row, its_column = _place(other)
        return abs(its_row - row), abs(its_column - column), other

    return sorted(others, key=distance)[:3]


def _place(cell: str) -> tuple[int, int]:
    """Row and column of a cell such as E17, both from 1."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(cell.removeprefix(letters)), column


def _through(lines: Iterable[dict[str, Any]]) -> list[str]:
    """The figures by way of which a cell of the pack was made."""
    return [name for name in dict.fromkeys(str(line["By way of figure"]) for line in lines) if ":" in name]


def _is_of(pack: Path, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a pack was made from these marts, as its manifest says; one without a manifest is taken to be."""
    manifest = pack.with_suffix(MANIFEST)
    if not manifest.exists():
        return True
    (run_id,) = connection.execute("select run_id from staging.about").fetchone() or (None,)
    return bool(json.loads(manifest.read_text(encoding="utf-8")).get("run_id") == run_id)


def _of_partners(mine: list[dict[str, Any]], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the partners' edition for the figure that a cell of the public one shows."""
    figure_id = str(mine[0]["Figure"])
    wanted = {figure_id} if ":" in figure_id else set(_through(mine))
    found = [line for line in lines if str(line["Figure"]) in wanted]
    places = {str(line["Figure"]): (line["Sheet of pack"], line["Cell of pack"]) for line in reversed(found)}
    return [
        line for line in found if places[str(line["Figure"])] == (line["Sheet of pack"], line["Cell of pack"])
    ]


def _as_it_says(lines: list[dict[str, Any]]) -> list[str]:
    """What the sheet Provenance of a pack says of one of its figures."""
    if not lines:
        return [
            "  The marts are of another run than this pack, and its partners' edition shows no such figure."
        ]
    told = ["  The marts are of another run than this pack; as its own sheet Provenance has it:"]
    for figure_id, method in dict.fromkeys((str(line["Figure"]), str(line["Method"])) for line in lines):
        told.append(f"  {figure_id}, {method}:" if ":" in figure_id else f"  {method}:")
        for line in lines:
            if (str(line["Figure"]), str(line["Method"])) == (figure_id, method) and _has_cell(line):
                told += Source(
                    line["File"], line["Sheet of file"], line["Cell of file"], line["As typed"],
                    None if line["From"] == NOBODY else line["From"], line["Received"], line["SHA-256 of file"],
                ).lines("    ")  # fmt: skip
    return told


def _has_cell(line: dict[str, Any]) -> bool:
    """Whether a line of Provenance names a cell: a count of nothing has none."""
    return isinstance(line["Received"], datetime)


def _chain(
    figure_id: str, connection: duckdb.DuckDBPyConnection, depth: int, told: set[str] | None = None
) -> list[str]:
    """A figure, its method and its inputs; a figure that the chain met before is not told twice."""
    told = set() if told is None else told
    indent = "  " * depth
    line = f"{indent}{figure_id} = {_shown(_value(figure_id, connection))}"
    if figure_id in told:
        return [f"{line} (as above)"]
    told.add(figure_id)
    inputs = connection.execute(
        """
        select input_kind, method, input_figure_id, file_name, sheet, cell, as_typed, partner, received_at, sha256,
            correction
        from marts.provenance where figure_id = ? order by input_no
        """,
        [figure_id],
    ).fetchall()
    lines = [line]
    if inputs:
        lines.append(f"{indent}  {inputs[0][1]}:")
    for kind, _, inner, *of_cell, correction in inputs:
        if kind == "figure":
            lines += _chain(inner, connection, depth + 2, told)
            continue
        source = Source(*of_cell)
        lines += source.lines(f"{indent}    ", _template(source, connection) if source.partner else "")
        if correction:
            lines.append(f"{indent}      {correction}")
    return lines


def _template(source: Source, connection: duckdb.DuckDBPyConnection) -> str:
    """On which template or reply of ours a file was filled in, in words; nothing for a workbook of its sender's own."""
    answer = connection.execute("select * from staging.files where sha256 = ?", [source.sha256])
    names = [name for name, *_ in answer.description or ()]
    file = dict(zip(names, answer.fetchone() or (), strict=False))
    version, day = file.get("template_version"), file.get("template_written_on")
    return f", on our workbook of {day:%d %b %Y} (version {version})" if version and day else ""


def _value(figure_id: str, connection: duckdb.DuckDBPyConnection) -> Any:
    mart, rest = figure_id.split(":", 1)
    row_id, column = rest.rsplit(":", 1)
    try:
        found = connection.execute(
            f'select "{column}" from marts."{mart}" where row_id = ?', [row_id]
        ).fetchone()
    except duckdb.Error:
        return None
    return found[0] if found else None


def _shown(value: Any) -> str:
    if value is None:
        return "[x] not available"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
