"""What a contract is: the columns of one return, their types and headings, and its rules.

Read from YAML by contracts.py; everything that is done with a return is done by its contract.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.headings import HeadingIndex, plain

RATING_SCALE = "framework.rating_scale"
NUMERIC = ("number", "count", "money", "percent", "measure")
TYPES = (*NUMERIC, "text", "period", "quarter", "date", "rating", "choice")
LAYOUTS = ("table",)
LAST_TIME = ("show", "compare")
CONSEQUENCES = ("refuse", "query", "note")
WHOSE = ("partner", "quarter")  # the framework belongs to no partner and no quarter
# A place in a rule's sentence for a value of the row: {column} or, for a context column, {column:type}.
PLACE = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?::(?P<type>[a-z]+))?\}")
_BRACKET = re.compile(r" ?\([^()]*\{[^()]*\)")
# What every staging table carries before the contract's columns.
CARRIED = ("row_id", "submission_id", "file_id", *WHOSE, "received_at", "is_current", "is_queried")


@dataclass(frozen=True)
class Column:
    """A column of a return: its heading for people and its type for us.

    For the template: `prefill` says what stands in it from the start ('last': the last accepted value of the
    same key, 'year': the same if it is of the same financial year, or a column of the framework's row of the
    key), `last_time` that the last accepted value stands beside it ('compare': and that a large change from it
    must be explained; else 'show'), `explains` that it is the column for such an explanation.
    """

    name: str
    header: str
    type: str
    required: bool = False
    unit: str | None = None
    unit_of: str | None = None
    refers_to: str | None = None
    choices: tuple[str, ...] = ()
    fill_down: bool = False
    default_setting: str | None = None
    aliases: tuple[str, ...] = ()
    help: str = ""
    prefill: str | None = None
    last_time: str | None = None
    explains: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.header, *self.aliases)

    @property
    def entity(self) -> str | None:
        """The sheet of the framework in which its values must stand, if there is one."""
        return RATING_SCALE if self.type == "rating" else self.refers_to

    @property
    def companions(self) -> dict[str, str]:
        """Columns that are read from the same cell: name → DuckDB type."""
        if self.type in NUMERIC:
            return {f"{self.name}_status": "VARCHAR"}
        if self.type == "period":
            return {
                f"{self.name}_start": "DATE",
                f"{self.name}_end": "DATE",
                f"{self.name}_label": "VARCHAR",
            }
        return {}

    @property
    def sql_type(self) -> str:
        if self.type in NUMERIC:
            return "DOUBLE"
        return "DATE" if self.type == "date" else "VARCHAR"


@dataclass(frozen=True)
class Rule:
    """One expectation, the sentence that goes with it, and what follows when it is broken.

    A sentence may have places for the row's values, in brackets. A rule on trial is counted and asks nobody
    for anything. A fault that `follows_from` another rule's on the same row is not listed beside it.
    """

    id: str
    because: str
    on_failure: str
    expectation: str
    arguments: Mapping[str, Any]
    trial: bool = False
    points_to: str | None = None
    follows_from: tuple[str, ...] = ()

    @property
    def general(self) -> str:
        """Its sentence without the values of any row, as a template or a list of rules says it."""
        return _BRACKET.sub("", self.because)

    @property
    def places(self) -> list[tuple[str, str | None]]:
        """The places in its sentence: name and, if it says so, type."""
        return [(found["name"], found["type"]) for found in PLACE.finditer(self.because)]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rule looks at."""
        one = [self.arguments[k] for k in ("column", "column_A", "column_B") if k in self.arguments]
        return (*one, *self.arguments.get("column_list", ()))

    @property
    def at(self) -> str:
        """The column that a finding points to: the one it names, else the first it looks at."""
        return self.points_to or self.columns[0]


@dataclass(frozen=True)
class Contract:
    """What one return (or one sheet of the framework) is.

    `accumulates`: files of it add up, where for other returns the latest takes the place of those before it; of
    rows with the same first part of the key those of the latest file count. `starts_with` are the rows that the
    sheet of a new framework begins with, for the partnership to keep or to change.
    """

    name: str
    schema: str
    title: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    nil_allowed: bool = False
    accumulates: bool = False
    layout: str = "table"
    after: tuple[str, ...] = ()  # returns that its context looks up, and that are judged before it
    starts_with: tuple[Mapping[str, Any], ...] = ()
    examples: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    def key_of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """The key of a tidied row as text; where a part can't be read, what was typed stands for it."""
        parts = [row[name] if row[name] is not None else row.get(f"{name}__as_typed") for name in self.key]
        return tuple("" if part is None else str(part) for part in parts)

    @property
    def is_framework(self) -> bool:
        return self.schema == "framework"

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def by_heading(self) -> dict[str, str]:
        """Heading or alias, as headings are compared → the name of its column."""
        return {plain(heading): column.name for column in self.columns for heading in column.headings}

    @cached_property
    def heading_index(self) -> HeadingIndex:
        """What the heading of a partner's table stands for in this return."""
        return HeadingIndex((heading, column.name) for column in self.columns for heading in column.headings)

    @cached_property
    def base_column(self) -> dict[str, str]:
        """Staging column → the contract's column whose cell it was read from."""
        own = {column.name: column.name for column in self.columns}
        return own | {extra: column.name for column in self.columns for extra in column.companions}

    @cached_property
    def sql_columns(self) -> dict[str, str]:
        """Staging column → DuckDB type, in the contract's order."""
        types: dict[str, str] = {}
        for column in self.columns:
            types[column.name] = column.sql_type
            types |= column.companions
        return types

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """The staging columns that come before the contract's own."""
        return tuple(name for name in CARRIED if not (self.is_framework and name in WHOSE))

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required]
