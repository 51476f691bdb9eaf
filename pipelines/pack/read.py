"""What the sheets read: the marts of one DuckDB file, read-only, in an order that never changes."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipelines.pack.model import PackError
from pipelines.pack.standing import DRAFT

NAME = re.compile(r"[a-z][a-z0-9_]*")


class Row(dict[str, Any]):
    """A row of a mart, by column name; a column that the mart does not have is an error, not a blank."""

    def __init__(self, mart: str, values: Iterable[tuple[str, Any]]) -> None:
        super().__init__(values)
        self.mart = mart

    def __missing__(self, column: str) -> Any:
        raise PackError(f"marts.{self.mart} has no column {column}, which the pack needs.")


class Source(NamedTuple):
    """One input of a figure: a row of marts.provenance."""

    figure_id: str
    input_no: int
    input_kind: str
    method: str | None
    input_figure_id: str | None
    file_name: str | None
    sha256: str | None
    sheet: str | None
    cell: str | None
    as_typed: str | None
    partner: str | None
    received_at: datetime | None


class Marts:
    """The marts as lists of rows. Each mart is read once; marts are small, provenance apart.

    `is_public`: those of the public edition, in which nothing stands that is not published (disclosure/edition.py).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, is_public: bool = False) -> None:
        self.is_public = is_public
        self._connection = connection
        self._read: dict[str, list[Row]] = {}
        self._by: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[Row]]] = {}
        self.standing = DRAFT

    @classmethod
    @contextmanager
    def open(cls, database: Path, *, is_public: bool = False) -> Iterator["Marts"]:
        """The marts of a DuckDB file, opened read-only and closed again; those of the public edition say so."""
        with duckdb.connect(str(database), read_only=True) as connection:
            yield cls(connection, is_public=is_public)

    def rows(self, mart: str, *, order: tuple[str, ...] = ("row_id",), **equals: Any) -> list[Row]:
        """The rows of marts.<mart> whose columns equal what is given, in order; empty values come last."""
        found = self._found(mart, tuple(equals)).get(tuple(equals.values()), [])
        return sorted(found, key=lambda row: [(row[name] is None, row[name]) for name in order])

    def one(self, mart: str, **equals: Any) -> Row:
        """The only such row; none or several is an error."""
        found = self.rows(mart, **equals)
        if len(found) != 1:
            wanted = ", ".join(f"{name} {value}" for name, value in equals.items()) or "one row"
            raise PackError(f"The pack needs one row of marts.{mart} ({wanted}) and found {len(found)}.")
        return found[0]

    def setting(self, setting_id: str, default: str | None = None) -> str:
        """A setting of the framework; one that is not there, and has no default, is an error."""
        found = self.rows("settings", setting_id=setting_id)
        if not found and default is not None:
            return default
        if not found:
            raise PackError(
                f"The framework's settings lack {setting_id}, which the pack needs. Add a row for it."
            )
        return str(found[0]["value"])

    def rounding(self, subject: str) -> str | None:
        """What the public edition says of a target, proxy or project whose counts it rounds; None for all others."""
        found = self.rows("rounded", order=("subject",), subject=subject) if self.is_public else []
        return str(found[0]["said"]) if found else None

    def sources(self, figure_ids: Iterable[str]) -> dict[str, list[Source]]:
        """The inputs of each figure, in their order; a figure without any is left out."""
        found: dict[str, list[Source]] = {}
        columns = ", ".join(Source._fields)
        # written into the query: to bind a value DuckDB imports pandas, which takes longer than the answer
        wanted = ", ".join("'" + figure_id.replace("'", "''") + "'" for figure_id in sorted(set(figure_ids)))
        query = (
            f"select {columns} from marts.provenance where figure_id in ({wanted or 'null'}) "
            "order by figure_id, input_no"
        )
        for values in self._query(query).fetchall():
            source = Source(*values)
            found.setdefault(source.figure_id, []).append(source)
        return found

    def _found(self, mart: str, columns: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
        """The rows of a mart by the values of some columns: with many targets, looking through all of them for each
        would be most of the work.
        """
        if mart not in self._read:
            self._read[mart] = self._all(mart)
        if (mart, columns) not in self._by:
            by = self._by[mart, columns] = {}
            for row in self._read[mart]:
                by.setdefault(tuple(row[name] for name in columns), []).append(row)
        return self._by[mart, columns]

    def _all(self, mart: str) -> list[Row]:
        if not NAME.fullmatch(mart):
            raise PackError(f"{mart!r} can't be the name of a mart.")
        answer = self._query(f"select * from marts.{mart}")
        names = [column[0] for column in answer.description or ()]
        return [Row(mart, zip(names, values, strict=True)) for values in answer.fetchall()]

    def _query(self, query: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(query)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise PackError(f"The marts lack something that the pack needs: {error}") from error
