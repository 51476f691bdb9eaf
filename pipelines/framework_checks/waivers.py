"""Waivers and corrections that name what there is, so that none is written in vain."""

from collections.abc import Iterator

from pipelines.contract import Contract
from pipelines.findings import QUERY, Finding
from pipelines.framework_checks.framework import Framework
from pipelines.headings import plain
from pipelines.judge.waivers import column_called, is_waivable
from pipelines.validate.rules import ALONE, CLEAR, GIVEN, KNOWN, ONE_ROW, READABLE

ELSEWHERE = (
    "total_agrees",
    "cell_under_heading",
    "column_known",
    "column_once",
    "units_agree",
    "nil_or_rows",
)


def named(framework: Framework) -> Iterator[Finding]:
    """Waivers and corrections of a return or a column that there is not; they would hold for nothing."""
    for entity in ("waivers", "corrections"):
        for row in framework.rows(entity):
            contract = _contract(framework, row["return_name"])
            if contract is None:
                sentence = f"There is no return '{row['return_name']}'. The returns are {', '.join(framework.returns)}."
                yield framework.at(row, "return_name", "return_known", sentence, QUERY)
            elif row["column_name"] and column_called(row["column_name"], contract) is None:
                sentence = f"The return has no column '{row['column_name']}'. Type its heading as the template has it."
                yield framework.at(row, "column_name", "column_known_to_return", sentence, QUERY)


def rules(framework: Framework) -> Iterator[Finding]:
    """Waivers of a rule that there is not, or that can't be waived."""
    for row in framework.rows("waivers"):
        contract = _contract(framework, row["return_name"])
        rule = row["rule"].strip()
        if contract is None:
            continue
        if rule not in _rules_of(contract):
            sentence = f"The return has no rule '{rule}'. Type the rule's name as the finding has it."
            yield framework.at(row, "rule", "rule_known", sentence, QUERY)
        elif not is_waivable(rule, contract):
            sentence = (
                f"'{rule}' can't be waived: without it nobody could tell which row this is or what it says. "
                "Have it sent again, or correct it."
            )
            yield framework.at(row, "rule", "rule_can_be_waived", sentence, QUERY)


def places(framework: Framework) -> Iterator[Finding]:
    """Corrections that name neither a cell nor a row and column."""
    for row in framework.rows("corrections"):
        if not row["cell"] and not (row["row_key"] and row["column_name"]):
            sentence = (
                "A correction names the cell, or else both the row and the column. Fill in what is missing."
            )
            yield framework.at(row, "cell", "correction_has_place", sentence, QUERY)


def _contract(framework: Framework, name: str) -> Contract | None:
    known = {plain(found): found for found in framework.returns}
    return framework.return_contract(known[plain(name)]) if plain(name) in known else None


def _rules_of(contract: Contract) -> set[str]:
    of_values = {f"{c.name}_{kind}" for c in contract.columns for kind in (GIVEN, READABLE, CLEAR, KNOWN)}
    return {rule.id for rule in contract.rules} | of_values | {ONE_ROW, ALONE, *ELSEWHERE}
