"""Workspaces for the tests that run the whole line: made, run in this process, and read back."""

import contextlib
import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from openpyxl import Workbook
from sample_files import RAW

from pipelines.cli import main
from pipelines.receipt import receive
from pipelines.workspace import Workspace

QUARTER = "2004-05-Q1"
SCHEMAS = ("staging", "framework", "series", "measures", "marts")
ON_TIME = datetime(2004, 7, 7, 9)
RUN_BEFORE = Path("nowhere")  # where conftest runs the sample, once for all processes


@dataclass(frozen=True)
class Said:
    """What a command came to: its exit code and what it printed."""

    code: int
    out: str
    err: str


def lsp(*words: object) -> Said:
    """`lsp` with these words, in this process (a new one takes seconds to import what it needs)."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:  # argparse, for wrong usage and --help
            code = int(end.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Ran:
    """A workspace that has been run, and what the run said."""

    workspace: Workspace
    said: Said

    @property
    def root(self) -> Path:
        return self.workspace.root

    @property
    def pack(self) -> Path:
        return self.workspace.pack_file(QUARTER)

    def select(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the published database, which is closed again at once, as `lsp query` would find it."""
        with duckdb.connect(str(self.workspace.database), read_only=True) as connection:
            return connection.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """The only value of the only row."""
        ((value,),) = self.select(sql, *values)
        return value

    @cached_property
    def findings(self) -> list[tuple[str, str, str | None, str | None, str | None]]:
        """File, rule, sheet, cell and consequence of every finding."""
        return self.select(
            "select file_name, rule, sheet, cell, consequence from marts.findings order by all"
        )


def copy_of_sample(root: Path) -> Workspace:
    """The sample's files as received, and nothing made from them."""
    shutil.copytree(RAW, root / "data" / "raw")
    return Workspace(root)


def copied(ran: Ran, root: Path) -> Ran:
    """A workspace as it was after a run, to be changed: the one that others read stays as it is."""
    shutil.copytree(ran.root, root)
    return Ran(Workspace(root), ran.said)


def run(workspace: Workspace, *words: object) -> Ran:
    """Run a workspace without Prefect.

    A new one begins with what the run of the sample remembered, as a second run in a workspace does: its framework is
    judged once for all tests. The sample itself is run from nothing, and test_memory shows that it makes no difference.
    """
    if (RUN_BEFORE / "sample.json").exists() and not workspace.memory.exists():
        shutil.copytree(Workspace(RUN_BEFORE / "sample").memory, workspace.memory)
    return Ran(workspace, lsp("run", *words, "--root", workspace.root, "--no-prefect"))


Rows = Sequence[Sequence[object]]


def write_workbook(path: Path, sheets: Mapping[str, Rows] | bytes) -> Path:
    """A file made from its bytes, or a workbook made from its sheets' rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(sheets, bytes):
        path.write_bytes(sheets)
        return path
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                # a partner's text that begins with "=" stays a text, as it does in Excel with an apostrophe
                cell = sheet.cell(number, place)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent: its name, what is in it, where it came in, who sent it and when."""

    name: str
    holds: Mapping[str, Rows] | bytes
    folder: str = QUARTER
    sender: str = ""
    at: datetime = ON_TIME


def workspace_of(
    root: Path, *sent: Sent, framework: Path | None = RAW / "framework" / "framework.xlsx"
) -> Workspace:
    """A workspace with the sample's framework (or another, or none) and what was sent, each with its receipt."""
    workspace = Workspace(root)
    workspace.raw.mkdir(parents=True)
    if framework:
        receive(framework, "lsp", "framework", workspace, datetime(2003, 6, 30, 9))
    for number, file in enumerate(sent):
        path = write_workbook(root / "outside" / str(number) / file.name, file.holds)
        receive(path, file.sender, file.folder, workspace, file.at)
    return workspace


def content(database: Path) -> dict[str, str]:
    """A hash of every table and view: its rows in an order of their own, its columns, its comments.

    Two builds of a database never have the same bytes, so this is what is compared.
    """
    hashes = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in (select unnest(?)) order by all",
            [list(SCHEMAS)],
        ).fetchall()
        columns = (
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_index"
        )
        for schema, name in relations:
            parts = connection.execute(columns, [schema, name]).fetchall()
            parts += connection.execute(f'select * from {schema}."{name}" order by all').fetchall()
            hashes[f"{schema}.{name}"] = hashlib.sha256(repr(parts).encode()).hexdigest()
    return hashes


def bytes_of(folder: Path) -> dict[str, str]:
    """The hash of every file under a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
