"""Taught layouts: that each speaks of a return that there is, and of its columns."""

from collections.abc import Iterator

from pipelines.findings import REFUSE, Finding
from pipelines.framework.taught import LEFT_OUT, LINES
from pipelines.framework_checks.framework import Framework
from pipelines.headings import plain


def of_returns(framework: Framework) -> Iterator[Finding]:
    """Layouts of a return that there is not, or without a heading."""
    taught = {row["layout_id"] for row in framework.rows("layout_columns")}
    for row in framework.rows("layouts"):
        if row["return_name"] not in framework.returns:
            sentence = (
                f"There is no return '{row['return_name']}'. The returns are: {', '.join(framework.returns)}."
            )
            yield framework.at(row, "return_name", "layout_return", sentence, REFUSE)
        elif row["layout_id"] not in taught:
            sentence = (
                f"The layout '{row['layout_id']}' has no heading. Say on the sheet "
                f"'{framework.contract('layout_columns').title}' what each of its headings means."
            )
            yield framework.at(row, "layout_id", "layout_headings", sentence, REFUSE)


def meanings(framework: Framework) -> Iterator[Finding]:
    """Headings that mean no column of their return, or say nothing where they should always say the same."""
    returns = {row["layout_id"]: row["return_name"] for row in framework.rows("layouts")}
    for row in framework.rows("layout_columns"):
        name = returns.get(row["layout_id"])
        if name is None:
            sentence = f"There is no layout '{row['layout_id']}' on the sheet of layouts."
            yield framework.at(row, "layout_id", "layout_known", sentence, REFUSE)
            continue
        if name not in framework.returns:
            continue  # said of the layout itself
        columns = framework.column_names(name)
        for meant in row["means"].split(LINES):
            if plain(meant) != LEFT_OUT and meant.strip() not in columns:
                sentence = (
                    f"'{meant.strip()}' is no column of the return {name}. Its columns are: {', '.join(columns)}; "
                    f"or write '{LEFT_OUT}'."
                )
                yield framework.at(row, "means", "layout_means", sentence, REFUSE)
        if row["place"] == "always" and not row["says"]:
            header = framework.header("layout_columns", "says")
            sentence = f"What always stands there is not said. Write it under {header}."
            yield framework.at(row, "says", "layout_says", sentence, REFUSE)
