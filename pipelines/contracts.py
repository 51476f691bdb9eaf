"""Contracts read from the YAML files that people write: strict, and wrong entries told in a sentence.

A contract names its columns, their headers and types, and its rules in Great Expectations' own
names and arguments. Templates, validation, messages and staging tables are all made from it.
"""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.contract import CONSEQUENCES, LAST_TIME, LAYOUTS, TYPES, Column, Contract, Rule
from pipelines.headings import plain

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# The rules that follow from the columns (validate/rules.py) have ids of these forms.
IMPLIED = re.compile(r"one_row_per_key|.*_(given|readable|clear|known)")
# What an entry holds, where that is no text. An expectation holds its arguments.
HOLDS: dict[str, tuple[type, str]] = {
    **dict.fromkeys(
        ("required", "fill_down", "nil_allowed", "accumulates", "trial", "explains"),
        (bool, "true or false"),
    ),
    **dict.fromkeys(
        ("key", "choices", "aliases", "rules", "accepted", "after", "follows_from", "starts_with"),
        (list, "a list"),
    ),
    **dict.fromkeys(("columns", "examples", "refused", "given"), (dict, "named entries")),
}


class ContractError(Exception):
    """A contract is not as contracts must be; our fault, never a partner's."""


# the same YAML several times faster, where PyYAML was built with it
_Fastest: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fastest):  # type: ignore[valid-type, misc]
    """YAML in which an entry stands once: the parser by itself keeps the last and says nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _entries(source: Any, where: str) -> dict[str, Any]:
    if not isinstance(source, dict):
        raise ContractError(f"{where}: expected named entries, found {source!r}.")
    return source


def _take(source: Any, allowed: set[str], needed: set[str], where: str) -> dict[str, Any]:
    """`source` itself, if it has all of `needed`, nothing outside `allowed`, and in each what belongs there."""
    _entries(source, where)
    if unknown := sorted(map(str, set(source) - allowed)):
        raise ContractError(f"{where}: unknown entry {', '.join(map(repr, unknown))}.")
    if missing := sorted(needed - set(source)):
        raise ContractError(f"{where}: {', '.join(map(repr, missing))} is missing.")
    for name, value in source.items():
        kind, words = HOLDS["columns"] if name.startswith("expect_") else HOLDS.get(name, (str, "text"))
        if not isinstance(value, kind):
            raise ContractError(f"{where}: {name!r} must be {words}, found {value!r}.")
    return source


def _column(name: str, source: Any, where: str) -> Column:
    allowed = set(Column.__dataclass_fields__) - {"name"}
    _take(source, allowed, {"header", "type"}, where)
    _check_name(name, where)
    if source["type"] not in TYPES:
        raise ContractError(f"{where}: type {source['type']!r} is none of {', '.join(TYPES)}.")
    if (source["type"] == "choice") != bool(source.get("choices")):
        raise ContractError(f"{where}: a choice needs 'choices', and nothing else may have them.")
    if source.get("last_time", LAST_TIME[0]) not in LAST_TIME:
        raise ContractError(f"{where}: last_time must be one of {', '.join(LAST_TIME)}.")
    if source["type"] == "measure" and "unit_of" not in source:
        raise ContractError(f"{where}: a measure needs 'unit_of', the column whose reference has its unit.")
    lists: dict[str, Any] = {key: tuple(source[key]) for key in ("choices", "aliases") if key in source}
    for value in (value for values in lists.values() for value in values):
        if not isinstance(value, str):  # YAML takes a bare yes or no for true or false
            raise ContractError(f"{where}: {value!r} in a list is no text; put it in quotation marks.")
    return Column(name=name, **(source | lists))


def _check_name(name: Any, where: str) -> None:
    """Names of returns and columns are SQL names as they stand."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ContractError(
            f"{where}: the name {name!r} must be small letters, digits and single underscores."
        )
    if name in _words_of_sql():
        raise ContractError(f"{where}: the name {name!r} is a word of SQL and can't name anything else.")


@cache
def _words_of_sql() -> set[str]:
    with duckdb.connect() as connection:
        select = "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        return {word for (word,) in connection.execute(select).fetchall()}


def _rule(source: Any, known: set[str], where: str) -> Rule:
    expectations = [key for key in _entries(source, where) if str(key).startswith("expect_")]
    if len(expectations) != 1:
        raise ContractError(f"{where}: a rule has exactly one 'expect_…', this has {len(expectations)}.")
    allowed = {"id", "because", "on_failure", "trial", "points_to", "follows_from", expectations[0]}
    _take(source, allowed, {"id", "because", "on_failure"}, where)
    if source["on_failure"] not in CONSEQUENCES:
        raise ContractError(f"{where}: on_failure must be one of {', '.join(CONSEQUENCES)}.")
    if IMPLIED.fullmatch(source["id"]):
        raise ContractError(
            f"{where}: the id {source['id']!r} is one of a rule that follows from the columns."
        )
    rule = Rule(
        id=source["id"],
        because=source["because"],
        on_failure=source["on_failure"],
        expectation=expectations[0],
        arguments=source[expectations[0]],
        trial=source.get("trial", False),
        points_to=source.get("points_to"),
        follows_from=tuple(source.get("follows_from", ())),
    )
    if not rule.columns:
        raise ContractError(f"{where}: the expectation names no column.")
    if "column_A" in rule.arguments and "ignore_row_if" not in rule.arguments:
        # Great Expectations raises on nullable pairs unless told what to do with blanks
        raise ContractError(f"{where}: a rule on a pair of columns needs 'ignore_row_if'.")
    # a null check may look at a context column (sql/context/), the others at the return's own
    if rule.at not in known and rule.expectation != "expect_column_values_to_be_null":
        raise ContractError(f"{where}: column {rule.at!r} is not in the contract.")
    if "{" in rule.general:
        # what stands in brackets can be left out where there is no row, as in a template
        raise ContractError(f"{where}: a place for a value stands in brackets, as in ({{column}}).")
    for name, kind in rule.places:
        if name not in known and kind not in TYPES:
            raise ContractError(f"{where}: {name!r} in the sentence is no column, nor has it a type.")
    return rule


def read_contract(path: Path, schema: str) -> Contract:
    """Read one contract; ContractError names the file and the entry that is wrong."""
    where = path.name
    try:
        source = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{where} can't be read as YAML: {error}") from error
    entries = set(Contract.__dataclass_fields__) - {"name", "schema"}
    _take(source, entries, {"title", "grain", "key", "columns", "examples"}, where)
    _check_name(path.stem, where)
    if (layout := source.get("layout", "table")) not in LAYOUTS:
        raise ContractError(f"{where}: layout {layout!r} is none of {', '.join(LAYOUTS)}.")
    _take(
        source["examples"],
        {"partner", "quarter", "given", "accepted", "refused"},
        {"accepted"},
        f"{where}, examples",
    )
    columns = tuple(_column(name, body, f"{where}, {name}") for name, body in source["columns"].items())
    draft = Contract(path.stem, schema, source["title"], source["grain"], tuple(source["key"]), columns)
    _check_columns(draft, where)
    rules = tuple(
        _rule(body, set(draft.sql_columns), f"{where}, rule {n}")
        for n, body in enumerate(source.get("rules", []), start=1)
    )
    ids = {rule.id for rule in rules}
    if len(ids) < len(rules):
        raise ContractError(f"{where}: two rules have the same id.")
    if astray := sorted({other for rule in rules for other in rule.follows_from} - ids):
        raise ContractError(f"{where}: follows_from names {astray[0]!r}, which is no rule of the contract.")
    return replace(
        draft,
        rules=rules,
        nil_allowed=source.get("nil_allowed", False),
        accumulates=source.get("accumulates", False),
        layout=layout,
        after=tuple(source.get("after", ())),
        starts_with=_starting_rows(source.get("starts_with", ()), draft, where),
        examples=source["examples"],
    )


def _starting_rows(source: Any, contract: Contract, where: str) -> tuple[dict[str, Any], ...]:
    """The rows that a new framework's sheet begins with."""
    for number, row in enumerate(source, start=1):
        at = f"{where}, starts_with, row {number}"
        if strange := sorted(set(_entries(row, at)) - set(contract.by_name)):
            raise ContractError(f"{at}: {strange[0]!r} is no column.")
    return tuple(source)


def _check_columns(contract: Contract, where: str) -> None:
    """What no column can say by itself: no name and no heading stands for two things."""
    strangers = [str(name) for name in contract.key if name not in contract.by_name]
    if strangers or not contract.key:
        raise ContractError(f"{where}: key names {', '.join(strangers) or 'nothing'}, which is no column.")
    taken = [*contract.carried]
    referring = {column.name for column in contract.columns if column.refers_to}
    headings: dict[str, str] = {}
    for column in contract.columns:
        taken += [column.name, *column.companions]
        if column.unit_of and column.unit_of not in referring:
            raise ContractError(f"{where}, {column.name}: unit_of names no column that refers to anything.")
        for heading in column.headings:
            # as recognise/ compares them, or a heading could stand for two columns on a partner's sheet
            if headings.setdefault(plain(heading), column.name) != column.name or not plain(heading):
                raise ContractError(f"{where}: the heading {heading!r} stands for two columns or for none.")
    if twice := sorted({name for name in taken if taken.count(name) > 1}):
        raise ContractError(f"{where}: the name {twice[0]!r} is taken; staging would have two columns of it.")


def read_contracts(folder: Path) -> dict[str, Contract]:
    """Every contract under `folder`: full name (`framework.targets`, `staging.nrf_spend`) → contract."""
    found = [read_contract(path, "framework") for path in sorted((folder / "framework").glob("*.yml"))]
    found += [read_contract(path, "staging") for path in sorted(folder.glob("*.yml"))]
    contracts = {contract.full_name: contract for contract in found}
    for contract in found:
        for name in contract.after:
            if contract.is_framework or f"staging.{name}" not in contracts or name == contract.name:
                raise ContractError(f"{contract.name}.yml: after names {name!r}, which is no other return.")
        for column in contract.columns:
            entity = contracts.get(column.entity or "")
            if column.entity and not (entity and entity.is_framework):
                raise ContractError(
                    f"{contract.name}.yml, {column.name}: refers to {column.entity}, which is no sheet of the "
                    "framework that has a contract."
                )
    return contracts
