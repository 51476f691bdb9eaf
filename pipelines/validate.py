"""Run a contract's rules with Great Expectations; every broken one becomes a finding.

The only importer of Great Expectations, and only when called: it takes seconds to import. It drops
a misspelt expectation in silence and reports one that raised as a mere failure, so what comes back
is compared with what was asked, and anything unexplained is our error, raised.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.contracts import Contract, Rule
from pipelines.findings import NOTE, Finding
from pipelines.references import References
from pipelines.rules import all_rules
from pipelines.tidy import PROBLEM, REMARK, TYPED

BASIC = ("_given", "_readable", "_known")


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
    rules = {rule.id: rule for rule in all_rules(contract, references)}
    rows = frame.set_index("row_id", drop=False)
    found = []
    for rule_id, row_ids in _broken(contract, frame, list(rules.values())).items():
        found += [_finding(contract, rules[rule_id], rows.loc[row_id]) for row_id in row_ids]
    order = {row_id: n for n, row_id in enumerate(frame["row_id"])}
    found.sort(key=lambda finding: order[finding.row_id])
    return _without_consequences(contract, found, rules)


def _broken(contract: Contract, frame: pd.DataFrame, rules: list[Rule]) -> dict[str, list[str]]:
    """Rule id → the row ids that break it."""
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("returns").add_dataframe_asset(contract.name)
    batch = asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name=contract.name)
    for rule in rules:
        try:
            expectation = get_expectation_impl(rule.expectation)
            suite.add_expectation(
                expectation(**rule.arguments, meta={"rule": rule.id}, notes=rule.because)
            )
        except Exception as error:
            raise ValidationFault(f"{contract.name}, rule {rule.id}: {error}") from error
    results = batch.validate(
        suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["row_id"],
            "partial_unexpected_count": 0,
            "include_unexpected_rows": False,
        },
    ).results
    asked, answered = {rule.id for rule in rules}, [r.expectation_config.meta["rule"] for r in results]
    if sorted(asked) != sorted(answered):
        raise ValidationFault(f"{contract.name}: rules asked and rules answered differ.")
    broken: dict[str, list[str]] = {}
    for result in results:
        rule_id = result.expectation_config.meta["rule"]
        if result.success:
            continue
        index = result.result.get("unexpected_index_list")
        if not index:
            raised = result.exception_info
            raise ValidationFault(f"{contract.name}, rule {rule_id}: it could not be run. {raised}")
        broken[rule_id] = [entry["row_id"] for entry in index]
    return broken


def _finding(contract: Contract, rule: Rule, row: Mapping[str, Any]) -> Finding:
    column, because = rule.columns[0], rule.because
    for suffix in (PROBLEM, REMARK, TYPED):
        column = column.removesuffix(suffix)
    if rule.id in (f"{column}_readable", f"{column}_clear"):
        because = row[rule.columns[0]]
    elif column not in contract.base_column:
        # a context column names the column that it found fault with
        column = row[column]
    return Finding(
        submission_id=row["submission_id"],
        row_id=row["row_id"],
        column_name=contract.base_column[column],
        rule=rule.id,
        because=because,
        consequence=NOTE if rule.trial else rule.on_failure,
    )


def _without_consequences(
    contract: Contract, findings: list[Finding], rules: dict[str, Rule]
) -> list[Finding]:
    """Leave out what only follows from a blank, unreadable or unknown value of the same row."""
    spoilt = {(f.row_id, f.column_name) for f in findings if f.rule.endswith(BASIC)}

    def follows(finding: Finding) -> bool:
        if finding.rule.endswith(BASIC):
            return False
        looked_at = {contract.base_column.get(name, name) for name in rules[finding.rule].columns}
        return any((finding.row_id, name) in spoilt for name in looked_at)

    return [finding for finding in findings if not follows(finding)]
