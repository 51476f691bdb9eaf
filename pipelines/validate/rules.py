"""Every rule of a contract: those it states, and those that follow from its columns.

A column that is required, has a type or refers to the framework needs no rule written for it. Rules
on single values (is it given, can it be read, is it clear) run over all values of a return at once;
rules that look at columns of a row run over its rows.
"""

from pipelines.contract import Column, Contract, Rule
from pipelines.findings import QUERY, REFUSE
from pipelines.framework.references import References

GIVEN, READABLE, CLEAR, KNOWN = "given", "readable", "clear", "known"
ONE_ROW, ALONE = "one_row_per_key", "one_sender_per_key"

VALUE_RULES = [
    Rule(
        id=GIVEN,
        because="A required value is blank.",
        on_failure=REFUSE,
        expectation="expect_column_values_to_not_be_null",
        arguments={"column": "given"},
    ),
    Rule(
        id=READABLE,
        because="The value can't be read.",
        on_failure=REFUSE,
        expectation="expect_column_values_to_be_null",
        arguments={"column": "problem"},
    ),
    Rule(
        id=CLEAR,
        because="The value was read, but should be confirmed.",
        on_failure=QUERY,
        expectation="expect_column_values_to_be_null",
        arguments={"column": "remark"},
    ),
]


def value_consequence(rule: Rule, column: Column) -> str:
    """What follows for the row: a value that it can do without is left out and asked about."""
    return QUERY if rule.id == READABLE and not column.required else rule.on_failure


def row_rules(contract: Contract, references: References) -> list[Rule]:
    """References that must be known, one row per key, and the contract's own rules."""
    return [*known_rules(contract, references), _one_row_per_key(contract), *contract.rules]


def known_rules(contract: Contract, references: References) -> list[Rule]:
    """References that must be known to the framework."""
    return [rule for column in contract.columns if (rule := _known(column, references))]


def _known(column: Column, references: References) -> Rule | None:
    if column.entity is None:
        return None
    reference = references[column.entity]
    return Rule(
        id=f"{column.name}_{KNOWN}",
        because=f"'{column.header}' must be one of those in the framework's sheet '{reference.title}'. "
        "Use a reference from the framework, or ask for this one to be added.",
        on_failure=REFUSE,
        expectation="expect_column_values_to_be_in_set",
        arguments={"column": column.name, "value_set": sorted(reference.facts)},
    )


def _one_row_per_key(contract: Contract) -> Rule:
    headers = ", ".join(f"'{contract.by_name[name].header}'" for name in contract.key)
    return Rule(
        id=ONE_ROW,
        because=f"Two rows have the same {headers}, so we can't tell which counts. Keep one of them.",
        on_failure=REFUSE,
        expectation="expect_compound_columns_to_be_unique",
        arguments={"column_list": [*contract.key, "submission_id"]},
    )
