"""Run a contract's rules with Great Expectations; every broken one becomes a finding.

The only importer of Great Expectations, and only when called: it takes seconds to import. It drops
a misspelt expectation in silence and reports one that raised as a mere failure, so what comes back
is compared with what was asked, and anything unexplained is our error, raised.
"""

import gc
import importlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from pipelines.contract import Column, Contract, Rule
from pipelines.findings import NOTE, REFUSE, Finding
from pipelines.references import References
from pipelines.rules import (
    ALONE,
    GIVEN,
    KNOWN,
    ONE_ROW,
    READABLE,
    VALUE_RULES,
    known_rules,
    row_rules,
    value_consequence,
)
from pipelines.sentences import fill
from pipelines.tidy import PROBLEM, REMARK, TYPED
from pipelines.validate.guessed import spare_exact_keys

ALIKE = (
    "Two rows are exactly the same. If one was copied by mistake, delete it; if there are two of these, tell them "
    "apart. Neither was used, as we can't tell which it is."
)


class ValidationFault(Exception):
    """A rule could not be run as written: the contract's fault or ours, never a partner's."""


def validate(contract: Contract, frame: pd.DataFrame, references: References) -> list[Finding]:
    """Every finding on `frame` (rows of one return over all partners, index 0…n), all at once.

    `frame` has row_id, submission_id, the contract's staging columns, what was typed, problems,
    remarks, and the return's context columns. A fault that merely follows from another on the same
    column of the same row is not repeated.
    """
    if frame.empty:
        return []
    rows = _by_row_id(frame)
    values = _values(contract, frame)
    found = []
    for rule, entry in _broken(contract.name, values, VALUE_RULES, ["row_id", "column_name"]):
        found.append(_on_value(contract, rule, entry["column_name"], rows[entry["row_id"]]))
    rules = row_rules(contract, references)
    alike = _alike(contract, frame)
    for rule, entry in _broken(contract.name, _ruled(frame), rules, ["row_id"]):
        finding = _on_row(contract, rule, rows[entry["row_id"]], references)
        if rule.id == ONE_ROW and finding.row_id in alike:
            finding = replace(finding, because=ALIKE)
        found.append(finding)
    found = spare_exact_keys(contract, found, rows, references)
    order = {row_id: n for n, row_id in enumerate(rows)}
    found.sort(key=lambda finding: order[finding.row_id or ""])
    return _without_consequences(contract, found, rules)


def validate_values(contract: Contract, frame: pd.DataFrame, references: References) -> list[Finding]:
    """Findings on single values alone, blank, unreadable or unknown: what can be said of a return refused whole."""
    if frame.empty:
        return []
    rows = _by_row_id(frame)
    found = [
        _on_value(contract, rule, entry["column_name"], rows[entry["row_id"]])
        for rule, entry in _broken(
            contract.name, _values(contract, frame), VALUE_RULES, ["row_id", "column_name"]
        )
    ]
    known = known_rules(contract, references)
    for rule, entry in _broken(contract.name, _ruled(frame), known, ["row_id"]) if known else ():
        found.append(_on_row(contract, rule, rows[entry["row_id"]], references))
    order = {row_id: n for n, row_id in enumerate(rows)}
    return sorted(found, key=lambda finding: order[finding.row_id or ""])


def validate_together(contract: Contract, frame: pd.DataFrame) -> list[Finding]:
    """Findings on the rows of all partners that count: no two may answer for the same thing in one quarter."""
    if frame.empty or contract.is_framework:
        return []
    rows = _by_row_id(frame)
    headers = ", ".join(f"'{contract.by_name[name].header}'" for name in contract.key)
    rule = Rule(
        id=ALONE,
        because=f"Another partner sent a row with the same {headers} for this quarter, so we can't tell which "
        "counts and neither was used. Agree who sends it, and send it again.",
        on_failure=REFUSE,
        expectation="expect_compound_columns_to_be_unique",
        arguments={"column_list": [*contract.key, "quarter"]},
    )
    return [
        _on_row(contract, rule, rows[entry["row_id"]], {})
        for _, entry in _broken(contract.name, _ruled(frame), [rule], ["row_id"])
    ]


def _by_row_id(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    records = frame.to_dict("records")
    return {str(row["row_id"]): {str(name): value for name, value in row.items()} for row in records}


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


def _broken(
    name: str, frame: pd.DataFrame, rules: list[Rule], index: list[str]
) -> list[tuple[Rule, Mapping[str, Any]]]:
    """Each broken rule with the index columns of a line that breaks it.

    Asked twice: first which rules are broken, and then in which lines, of the few that are; in which lines is most
    of what there is to work out.
    """
    batch = _any_frame().get_batch({"dataframe": frame})
    answers = _answers(name, batch, rules, {"result_format": "BOOLEAN_ONLY"})
    failing = [rule for rule in rules if not answers[rule.id].success]
    if not failing:
        return []
    answers = _answers(
        name,
        batch,
        failing,
        {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": index,
            "partial_unexpected_count": 0,
            "include_unexpected_rows": False,
            "return_unexpected_index_query": False,
        },
    )
    broken = []
    for rule in failing:
        lines = answers[rule.id].result.get("unexpected_index_list")
        if not lines:
            why = answers[rule.id].exception_info
            raise ValidationFault(f"{name}, rule {rule.id}: it could not be run. {why}")
        broken += [(rule, line) for line in lines]
    return broken


def _answers(name: str, batch: Any, rules: list[Rule], result_format: Mapping[str, Any]) -> dict[str, Any]:
    """Rule → what Great Expectations says of it; ValidationFault unless every rule asked was answered."""
    gx = great_expectations()
    from great_expectations.expectations.registry import get_expectation_impl

    suite = gx.ExpectationSuite(name=name)
    for rule in rules:
        try:
            expectation = get_expectation_impl(rule.expectation)
            suite.add_expectation(expectation(**rule.arguments, meta={"rule": rule.id}, notes=rule.general))
        except Exception as error:
            raise ValidationFault(f"{name}, rule {rule.id}: {error}") from error
    results = batch.validate(suite, result_format=dict(result_format)).results
    answers = {_rule_of(result): result for result in results}
    if sorted(answers) != sorted(rule.id for rule in rules) or len(answers) != len(results):
        raise ValidationFault(f"{name}: the rules asked and the rules answered differ.")
    return answers


@cache
def great_expectations() -> Any:
    """Great Expectations with our own expectations. What it makes in being imported stays: looking through it for
    garbage, meanwhile and with every later search, takes a tenth of a run.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        gx = importlib.import_module("great_expectations")
        importlib.import_module("pipelines.validate.expectations")  # registers our own
    finally:
        if was_on:
            gc.enable()
    gc.freeze()
    return gx


@cache
def _any_frame() -> Any:
    """Great Expectations' definition of a batch that is a whole frame: made once, as each making writes YAML."""
    gx = great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _rule_of(result: Any) -> str:
    """The rule that a result answers; results come in another order than the rules were asked in."""
    return str(result.expectation_config.meta["rule"])


def _on_value(contract: Contract, rule: Rule, column_name: str, row: Mapping[str, Any]) -> Finding:
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


def _alike(contract: Contract, frame: pd.DataFrame) -> set[str]:
    """Rows that say word for word the same as another of their submission."""
    names = ["submission_id", *(column.name + TYPED for column in contract.columns)]
    twins = frame.duplicated([name for name in names if name in frame], keep=False)
    return set(frame.loc[twins, "row_id"])


def _on_row(contract: Contract, rule: Rule, row: Mapping[str, Any], references: References) -> Finding:
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


def _without_consequences(contract: Contract, findings: list[Finding], rules: list[Rule]) -> list[Finding]:
    """Leave out what only follows from another fault of the same row.

    That is a blank, unreadable or unknown value that the rule looks at, or the fault of a rule that its own
    says it follows from. A rule on trial explains nothing away.
    """
    looks_at = {rule.id: rule.columns for rule in rules}
    causes = {rule.id: rule.follows_from for rule in rules}
    spoilt = {(f.row_id, f.column_name) for f in findings if _is_basic(f)}
    broken = {(f.row_id, f.rule) for f in findings if not f.is_trial}

    def follows(finding: Finding) -> bool:
        if _is_basic(finding) or finding.rule not in looks_at:
            return False
        if any((finding.row_id, cause) in broken for cause in causes[finding.rule]):
            return True
        columns = {contract.base_column.get(name, name) for name in looks_at[finding.rule]}
        columns.add(finding.column_name or "")  # where a context column stands for it
        return any((finding.row_id, name) in spoilt for name in columns)

    return [finding for finding in findings if not follows(finding)]


def _is_basic(finding: Finding) -> bool:
    """Whether the finding is that the value itself is blank, unreadable or unknown."""
    return finding.rule in {f"{finding.column_name}_{rule}" for rule in (GIVEN, READABLE, KNOWN)}
