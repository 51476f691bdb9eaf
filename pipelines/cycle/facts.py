"""The framework as the cycle needs it: the days of each quarter, who is written to, and the settings.

From the marts where they were built from the framework that is in force, else from the framework itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.framework.addresses import addresses
from pipelines.framework.calendar import CLOSES, DUE, KeyDay, key_days
from pipelines.identity import code_version
from pipelines.judge.judged import rows_of
from pipelines.run.stages import Inputs, open_framework, read_framework, take_in
from pipelines.submission.opening import FRAMEWORK_FOLDER
from pipelines.workspace import Workspace

TABLES = ("calendar", "partners", "recipients", "settings", "expected_returns")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Post:
    """Somebody who is written to: a partner or a recipient, by reference."""

    ref: str
    name: str
    to: tuple[str, ...]
    gets: str = ""


@dataclass(frozen=True)
class Facts:
    """What the framework says, and what the run that asked is made from."""

    days: tuple[KeyDay, ...]
    partners: Mapping[str, Post]
    recipients: tuple[Post, ...]
    settings: Mapping[str, str]
    expected: tuple[tuple[str, str, str, str | None], ...]
    inputs: Inputs

    def day(self, quarter: str, kind: str) -> date:
        """The only day of this kind in a quarter."""
        (found,) = (day.on for day in self.days if (day.quarter, day.kind) == (quarter, kind))
        return found

    def of(self, kind: str) -> list[KeyDay]:
        """Every day of this kind, oldest first."""
        return sorted((day for day in self.days if day.kind == kind), key=lambda day: day.on)

    @property
    def quarters(self) -> set[str]:
        return {day.quarter for day in self.days}

    def due(self, quarter: str) -> date:
        return self.day(quarter, DUE)

    def late_until(self, quarter: str) -> date:
        return self.day(quarter, CLOSES)

    def expected_of(self, quarter: str) -> dict[str, list[str]]:
        """Partner → the returns that it is to send for a quarter."""
        found: dict[str, list[str]] = {}
        for partner, name, first, last in self.expected:
            if first <= quarter and (last is None or quarter <= last):
                found.setdefault(partner, []).append(name)
        return found

    def senders(self) -> dict[str, str]:
        """Address in small letters → the partner whose it is."""
        return {address.casefold(): post.ref for post in self.partners.values() for address in post.to}

    def who_get(self, what: str) -> list[Post]:
        """Those who get the pack, or word of failures, and can be written to."""
        return [post for post in self.recipients if post.to and post.gets in (what, "both")]


def facts(workspace: Workspace, now: datetime) -> Facts:
    """Take in what has arrived, and read the framework; NothingToDo where there is none."""
    inputs = take_in(workspace, None, now)
    rows = _from_marts(workspace, inputs)
    if rows is None:
        judged = read_framework(open_framework(inputs, workspace), inputs.memory)
        rows = {name: rows_of(judged, name) for name in TABLES}
    return _facts_of(rows, inputs)


def last_known(workspace: Workspace) -> Facts:
    """The framework as the last run had it, whatever came since; an empty one where no run was."""
    nothing: dict[str, Rows] = {name: [] for name in TABLES}
    return _facts_of(_from_marts(workspace) or nothing, Inputs([], date.min, "", ""))


def _facts_of(rows: Mapping[str, Rows], inputs: Inputs) -> Facts:
    settings = {row["setting_id"]: str(row["value"]) for row in rows["settings"]}
    return Facts(
        tuple(key_days(rows["calendar"], settings)),
        {post.ref: post for post in _posts(rows["partners"], "partner_id", "name")},
        tuple(_posts(rows["recipients"], "recipient_id", "post")),
        settings,
        tuple(
            (row["partner_id"], row["return_name"], row["from_quarter"], row["until_quarter"])
            for row in rows["expected_returns"]
        ),
        inputs,
    )


def _posts(rows: Iterable[Mapping[str, Any]], ref: str, name: str) -> list[Post]:
    return [Post(r[ref], r[name], tuple(addresses(r.get("email"))), r.get("gets") or "") for r in rows]


def _from_marts(workspace: Workspace, inputs: Inputs | None = None) -> dict[str, Rows] | None:
    """The rows in the marts; None where these were built from another framework than the inputs', or by other code."""
    if not workspace.database.exists():
        return None
    try:
        with duckdb.connect(str(workspace.database), read_only=True) as connection:
            if inputs and not _are_of(connection, inputs):
                return None
            return {name: _rows(connection, name) for name in TABLES}
    except duckdb.CatalogException:
        return None


def _are_of(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> bool:
    framework = {receipt.sha256 for receipt in inputs.receipts if receipt.folder == FRAMEWORK_FOLDER}
    (version,) = connection.execute("select code_version from staging.about").fetchone() or ("",)
    known = connection.execute("select sha256 from staging.files where folder = 'framework'").fetchall()
    return version == code_version() and {sha256 for (sha256,) in known} == framework


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> Rows:
    answer = connection.execute(f"from framework.{name}")
    names = [column for column, *_ in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
