"""Every rule of a contract: those it states, and those that follow from its columns.

A column that is required, has a type or refers to the framework needs no rule written for it; the
rule, its sentence and its consequence follow from the column and are run like any other.
"""

from collections.abc import Iterable

from pipelines.contracts import Column, Contract, Rule
from pipelines.references import References
from pipelines.tidy import PROBLEM, REMARK, TYPED

RATING_SCALE = "framework.rating_scale"


def all_rules(contract: Contract, references: References) -> list[Rule]:
    """Implied rules first, column by column, then the contract's own."""
    implied = [rule for column in contract.columns for rule in _implied(column, references)]
    return [*implied, _one_row_per_key(contract), *contract.rules]


def _implied(column: Column, references: References) -> Iterable[Rule]:
    if column.required:
        yield Rule(
            id=f"{column.name}_given",
            because=f"'{column.header}' is blank. {column.help}",
            on_failure="refuse",
            expectation="expect_column_values_to_not_be_null",
            arguments={"column": column.name + TYPED},
        )
    if column.type != "text":
        yield Rule(
            id=f"{column.name}_readable",
            because=f"'{column.header}' can't be read. {column.help}",
            # a value that the row can do without is left out and asked about; the row still counts
            on_failure="refuse" if column.required else "query",
            expectation="expect_column_values_to_be_null",
            arguments={"column": column.name + PROBLEM},
        )
        yield Rule(
            id=f"{column.name}_clear",
            because=f"'{column.header}' was read, but should be confirmed. {column.help}",
            on_failure="query",
            expectation="expect_column_values_to_be_null",
            arguments={"column": column.name + REMARK},
        )
    entity = RATING_SCALE if column.type == "rating" else column.refers_to
    if entity:
        reference = references[entity]
        yield Rule(
            id=f"{column.name}_known",
            because=f"'{column.header}' is not in the framework's list of {reference.title.lower()}. "
            "Use a reference from the framework, or ask for it to be added.",
            on_failure="refuse",
            expectation="expect_column_values_to_be_in_set",
            arguments={"column": column.name, "value_set": sorted(reference.facts)},
        )


def _one_row_per_key(contract: Contract) -> Rule:
    headers = ", ".join(f"'{contract.by_name[name].header}'" for name in contract.key)
    return Rule(
        id="one_row_per_key",
        because=f"Two rows have the same {headers}, so we can't tell which counts. Keep one of them.",
        on_failure="refuse",
        expectation="expect_compound_columns_to_be_unique",
        arguments={"column_list": [*contract.key, "submission_id"]},
    )
