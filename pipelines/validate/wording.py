"""A broken rule as a finding: which row and column it is about, and the sentence that its sender reads."""

from collections.abc import Mapping
from typing import Any

from pipelines.contract import Column, Contract, Rule
from pipelines.findings import NOTE, Finding
from pipelines.framework.references import References
from pipelines.tidy.values import PROBLEM, REMARK, TYPED
from pipelines.validate.rules import GIVEN, KNOWN, READABLE, value_consequence
from pipelines.validate.sentences import fill

Row = Mapping[str, Any]


def on_value(contract: Contract, rule: Rule, column_name: str, row: Row) -> Finding:
    column = contract.by_name[column_name]
    if rule.id == GIVEN:
        typed = row[column_name + TYPED]
        found = f"says '{typed}', but a value is needed" if typed else "is blank"
        because = f"'{column.header}' {found}. {_what_to_fill_in(column)}"
    else:
        because = row[column_name + (PROBLEM if rule.id == READABLE else REMARK)]
    return Finding(
        submission_id=row["submission_id"],
        row_id=row["row_id"],
        column_name=column_name,
        rule=f"{column_name}_{rule.id}",
        because=because,
        consequence=value_consequence(rule, column),
    )


def _what_to_fill_in(column: Column) -> str:
    """What a column wants, from its help: 'Fill in: the target's reference in the framework, for example H4.'"""
    wanted = column.help
    if wanted[1:2].islower():  # a noun or a verb begins it, and no name or abbreviation
        wanted = wanted[:1].lower() + wanted[1:]
    return f"Fill in: {wanted}" if wanted else "Fill it in."


def on_row(contract: Contract, rule: Rule, row: Row, references: References) -> Finding:
    column = rule.at
    if column not in contract.base_column:
        # a context column names the column that it found fault with
        column = row[column]
    because = fill(rule, row, contract, references)
    own = contract.by_name.get(column)
    if own and own.entity and own.entity in references and rule.id == f"{column}_{KNOWN}":
        because += references[own.entity].hint(row[column])
    return Finding(
        submission_id=row["submission_id"],
        row_id=row["row_id"],
        column_name=contract.base_column[column],
        rule=rule.id,
        because=because,
        consequence=NOTE if rule.trial else rule.on_failure,
        is_trial=rule.trial,
    )
