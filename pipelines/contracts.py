"""Contracts: what a return is, read from one YAML file a person can read.

A contract names its columns, their headers and types, and its rules in Great Expectations' own
names and arguments. Templates, validation, messages and staging tables are all made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

NUMERIC = ("number", "count", "money", "percent", "measure")
TYPES = (*NUMERIC, "text", "period", "quarter", "date", "rating", "choice")
CONSEQUENCES = ("refuse", "query", "note")


class ContractError(Exception):
    """A contract is not as contracts must be; our fault, never a partner's."""


@dataclass(frozen=True)
class Column:
    """A column of a return: its heading for people and its type for us."""

    name: str
    header: str
    type: str
    required: bool = False
    unit: str | None = None
    unit_of: str | None = None
    refers_to: str | None = None
    choices: tuple[str, ...] = ()
    fill_down: bool = False
    aliases: tuple[str, ...] = ()
    help: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.header, *self.aliases)

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
    """One expectation, the sentence that goes with it, and what follows when it is broken."""

    id: str
    because: str
    on_failure: str
    expectation: str
    arguments: Mapping[str, Any]
    trial: bool = False
    points_to: str | None = None

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
    """What one return (or one sheet of the framework) is."""

    name: str
    schema: str
    title: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    nil_allowed: bool = False
    layout: str = "table"
    examples: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def is_framework(self) -> bool:
        return self.schema == "framework"

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

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

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required]


def _take(source: dict[str, Any], allowed: set[str], needed: set[str], where: str) -> dict[str, Any]:
    """`source` itself, if it has all of `needed` and nothing outside `allowed`."""
    if not isinstance(source, dict):
        raise ContractError(f"{where}: expected named entries, found {source!r}.")
    if unknown := sorted(set(source) - allowed):
        raise ContractError(f"{where}: unknown entry {', '.join(map(repr, unknown))}.")
    if missing := sorted(needed - set(source)):
        raise ContractError(f"{where}: {', '.join(map(repr, missing))} is missing.")
    return source


def _column(name: str, source: dict[str, Any], where: str) -> Column:
    allowed = set(Column.__dataclass_fields__) - {"name"}
    _take(source, allowed, {"header", "type"}, where)
    if source["type"] not in TYPES:
        raise ContractError(f"{where}: type {source['type']!r} is none of {', '.join(TYPES)}.")
    if (source["type"] == "choice") != bool(source.get("choices")):
        raise ContractError(f"{where}: a choice needs 'choices', and nothing else may have them.")
    lists: dict[str, Any] = {
        key: tuple(map(str, source[key])) for key in ("choices", "aliases") if key in source
    }
    return Column(name=name, **(source | lists))


def _rule(source: dict[str, Any], known: set[str], where: str) -> Rule:
    expectations = [key for key in source if key.startswith("expect_")]
    if len(expectations) != 1:
        raise ContractError(f"{where}: a rule has exactly one 'expect_…', this has {len(expectations)}.")
    allowed = {"id", "because", "on_failure", "trial", "points_to", expectations[0]}
    _take(source, allowed, {"id", "because", "on_failure"}, where)
    if source["on_failure"] not in CONSEQUENCES:
        raise ContractError(f"{where}: on_failure must be one of {', '.join(CONSEQUENCES)}.")
    rule = Rule(
        id=source["id"],
        because=source["because"],
        on_failure=source["on_failure"],
        expectation=expectations[0],
        arguments=source[expectations[0]] or {},
        trial=source.get("trial", False),
        points_to=source.get("points_to"),
    )
    if not rule.columns:
        raise ContractError(f"{where}: the expectation names no column.")
    if "column_A" in rule.arguments and "ignore_row_if" not in rule.arguments:
        # Great Expectations raises on nullable pairs unless told what to do with blanks
        raise ContractError(f"{where}: a rule on a pair of columns needs 'ignore_row_if'.")
    if rule.at not in known:
        raise ContractError(f"{where}: column {rule.at!r} is not in the contract.")
    return rule


def read_contract(path: Path, schema: str) -> Contract:
    """Read one contract; ContractError names the file and the entry that is wrong."""
    where = path.name
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    entries = set(Contract.__dataclass_fields__) - {"name", "schema"}
    _take(source, entries, {"title", "grain", "key", "columns", "examples"}, where)
    columns = tuple(_column(name, body, f"{where}, {name}") for name, body in source["columns"].items())
    draft = Contract(path.stem, schema, source["title"], source["grain"], tuple(source["key"]), columns)
    names = set(draft.by_name)
    if strangers := sorted(set(draft.key) - names):
        raise ContractError(f"{where}: key names {', '.join(strangers)}, which is no column.")
    for column in columns:
        if column.unit_of and column.unit_of not in names:
            raise ContractError(f"{where}, {column.name}: unit_of names no column.")
    headings = [heading.casefold() for column in columns for heading in column.headings]
    if twice := sorted({h for h in headings if headings.count(h) > 1}):
        raise ContractError(f"{where}: the heading {twice[0]!r} stands for two columns.")
    rules = tuple(
        _rule(body, set(draft.sql_columns) | _context_columns(body), f"{where}, rule {n}")
        for n, body in enumerate(source.get("rules", []), start=1)
    )
    if len({rule.id for rule in rules}) < len(rules):
        raise ContractError(f"{where}: two rules have the same id.")
    return Contract(
        name=draft.name,
        schema=schema,
        title=draft.title,
        grain=draft.grain,
        key=draft.key,
        columns=columns,
        rules=rules,
        nil_allowed=source.get("nil_allowed", False),
        layout=source.get("layout", "table"),
        examples=source["examples"],
    )


def _context_columns(rule: dict[str, Any]) -> set[str]:
    """A null check may look at a context column (sql/context/), the others at the return's own."""
    body = rule.get("expect_column_values_to_be_null")
    return {body["column"]} if body else set()


def read_contracts(folder: Path) -> dict[str, Contract]:
    """Every contract under `folder`: full name (`framework.targets`, `staging.nrf_spend`) → contract."""
    found = [read_contract(path, "framework") for path in sorted((folder / "framework").glob("*.yml"))]
    found += [read_contract(path, "staging") for path in sorted(folder.glob("*.yml"))]
    contracts = {contract.full_name: contract for contract in found}
    for contract in found:
        for column in contract.columns:
            if column.refers_to and column.refers_to not in contracts:
                raise ContractError(
                    f"{contract.name}.yml, {column.name}: refers to {column.refers_to}, which has no contract."
                )
    return contracts
