"""Run a contract's rules with Great Expectations; every broken one becomes a finding.

What is asked of Great Expectations, and how it answers, is in `asking.py`, of which rows it need not be asked again in
`known.py`, and how a broken rule reads in `wording.py`.
"""

from dataclasses import replace
from typing import Any

import pandas as pd

from pipelines.contract import Column, Contract, Rule
from pipelines.findings import REFUSE, Finding
from pipelines.framework.references import References
from pipelines.storage.memory import Memory
from pipelines.tidy.values import PROBLEM, REMARK, TYPED
from pipelines.validate.asking import ValidationFault, great_expectations
from pipelines.validate.guessed import spare_exact_keys
from pipelines.validate.known import PART, Broken, broken
from pipelines.validate.rules import (
    ALONE,
    GIVEN,
    KNOWN,
    ONE_ROW,
    READABLE,
    VALUE_RULES,
    known_rules,
    row_rules,
)
from pipelines.validate.wording import on_row, on_value

__all__ = ["ValidationFault", "great_expectations", "validate", "validate_together", "validate_values"]

NOTHING = Memory()
ALIKE = (
    "Two rows are exactly the same. If one was copied by mistake, delete it; if there are two of these, tell them "
    "apart. Neither was used, as we can't tell which it is."
)


def validate(
    contract: Contract, frame: pd.DataFrame, references: References, memory: Memory = NOTHING
) -> list[Finding]:
    """Every finding on `frame` (rows of one return over all partners, index 0…n), all at once.

    `frame` has row_id, submission_id, the contract's staging columns, what was typed, problems,
    remarks, and the return's context columns. A fault that merely follows from another on the same
    column of the same row is not repeated.
    """
    if frame.empty:
        return []
    of_values = _broken_values(contract, frame, memory)
    rules = row_rules(contract, references)
    of_rows = broken(contract.name, _ruled(frame), rules, ["row_id"], memory, _parts(frame))
    rows = _named(frame, of_values, of_rows)
    found = []
    for rule, entry in of_values:
        found.append(on_value(contract, rule, entry["column_name"], rows[entry["row_id"]]))
    alike = _alike(contract, frame) if any(rule.id == ONE_ROW for rule, _ in of_rows) else set()
    for rule, entry in of_rows:
        finding = on_row(contract, rule, rows[entry["row_id"]], references)
        if rule.id == ONE_ROW and finding.row_id in alike:
            finding = replace(finding, because=ALIKE)
        found.append(finding)
    found = spare_exact_keys(contract, found, rows, references)
    return _without_consequences(contract, _by_row(found, frame), rules)


def validate_values(
    contract: Contract, frame: pd.DataFrame, references: References, memory: Memory = NOTHING
) -> list[Finding]:
    """Findings on single values alone, blank, unreadable or unknown: what can be said of a return refused whole."""
    if frame.empty:
        return []
    of_values = _broken_values(contract, frame, memory)
    known = known_rules(contract, references)
    of_rows = broken(contract.name, _ruled(frame), known, ["row_id"], memory, _parts(frame)) if known else []
    rows = _named(frame, of_values, of_rows)
    found = [
        on_value(contract, rule, entry["column_name"], rows[entry["row_id"]]) for rule, entry in of_values
    ]
    found += [on_row(contract, rule, rows[entry["row_id"]], references) for rule, entry in of_rows]
    return _by_row(found, frame)


def validate_together(contract: Contract, frame: pd.DataFrame, memory: Memory = NOTHING) -> list[Finding]:
    """Findings on the rows of all partners that count: no two may answer for the same thing in one quarter."""
    if frame.empty or contract.is_framework:
        return []
    headers = ", ".join(f"'{contract.by_name[name].header}'" for name in contract.key)
    rule = Rule(
        id=ALONE,
        because=f"Another partner sent a row with the same {headers} for this quarter, so we can't tell which "
        "counts and neither was used. Agree who sends it, and send it again.",
        on_failure=REFUSE,
        expectation="expect_compound_columns_to_be_unique",
        arguments={"column_list": [*contract.key, "quarter"]},
    )
    of_rows = broken(contract.name, _ruled(frame), [rule], ["row_id"], memory)
    rows = _named(frame, of_rows)
    return [on_row(contract, rule, rows[entry["row_id"]], {}) for _, entry in of_rows]


def _broken_values(contract: Contract, frame: pd.DataFrame, memory: Memory) -> Broken:
    values = _values(contract, frame)
    parts = _parts(frame) * len(contract.columns)
    return broken(contract.name, values, VALUE_RULES, ["row_id", "column_name"], memory, parts)


def _parts(frame: pd.DataFrame) -> list[str]:
    """The submission of each row: no rule but that of one sender looks at rows of another."""
    return frame[PART].tolist()


def _named(frame: pd.DataFrame, *found: Broken) -> dict[str, dict[str, Any]]:
    """The rows that broke a rule, by row_id."""
    wanted = {entry["row_id"] for broken in found for _, entry in broken}
    records = frame[frame["row_id"].isin(wanted)].to_dict("records") if wanted else []
    return {str(row["row_id"]): {str(name): value for name, value in row.items()} for row in records}


def _by_row(found: list[Finding], frame: pd.DataFrame) -> list[Finding]:
    """The findings in the order of their rows."""
    order = {row_id: n for n, row_id in enumerate(frame["row_id"])}
    return sorted(found, key=lambda finding: order[finding.row_id or ""])


def _values(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """One line per row and column: what was given (if it must be), the problem and the remark."""
    parts = []
    for column in contract.columns:
        given = frame[column.name + TYPED].where(_is_given(column, frame))
        parts.append(
            pd.DataFrame(
                {
                    "row_id": frame["row_id"],
                    "column_name": column.name,
                    "given": given if column.required else given.fillna(""),
                    "problem": frame[column.name + PROBLEM],
                    "remark": frame[column.name + REMARK],
                },
                dtype=object,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _ruled(frame: pd.DataFrame) -> pd.DataFrame:
    """What a contract's rules can name: without what was typed and what was said of it, which is hashed else."""
    return frame[[name for name in frame if not str(name).endswith((TYPED, PROBLEM, REMARK))]]


def _is_given(column: Column, frame: pd.DataFrame) -> pd.Series:
    """Whether there is a value, or something that can't be read. 'n/a' is no value, except for a measure:
    there is none yet is what a partner may well have to say of one.
    """
    if column.type == "measure":
        return frame[column.name + TYPED].notna()
    return frame[column.name].notna() | frame[column.name + PROBLEM].notna()


def _alike(contract: Contract, frame: pd.DataFrame) -> set[str]:
    """Rows that say word for word the same as another of their submission."""
    names = ["submission_id", *(column.name + TYPED for column in contract.columns)]
    twins = frame.duplicated([name for name in names if name in frame], keep=False)
    return set(frame.loc[twins, "row_id"])


def _without_consequences(contract: Contract, findings: list[Finding], rules: list[Rule]) -> list[Finding]:
    """Leave out what only follows from another fault of the same row.

    That is a blank, unreadable or unknown value that the rule looks at, or the fault of a rule that its own
    says it follows from. A rule on trial explains nothing away.
    """
    looks_at = {rule.id: rule.columns for rule in rules}
    causes = {rule.id: rule.follows_from for rule in rules}
    spoilt = {(f.row_id, f.column_name) for f in findings if _is_basic(f)}
    together = {(f.row_id, f.rule) for f in findings if not f.is_trial}

    def follows(finding: Finding) -> bool:
        if _is_basic(finding) or finding.rule not in looks_at:
            return False
        if any((finding.row_id, cause) in together for cause in causes[finding.rule]):
            return True
        columns = {contract.base_column.get(name, name) for name in looks_at[finding.rule]}
        columns.add(finding.column_name or "")  # where a context column stands for it
        return any((finding.row_id, name) in spoilt for name in columns)

    return [finding for finding in findings if not follows(finding)]


def _is_basic(finding: Finding) -> bool:
    """Whether the finding is that the value itself is blank, unreadable or unknown."""
    return finding.rule in {f"{finding.column_name}_{rule}" for rule in (GIVEN, READABLE, KNOWN)}
